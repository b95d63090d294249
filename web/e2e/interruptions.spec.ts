import { expect, type Page, test } from '@playwright/test';
import { expectNobodyKeptOutInAnyLight } from './accessible';
import {
  add,
  expectSynced,
  logIn,
  newDevice,
  newEmail,
  register,
  setOffline,
  statusLine,
  syncNow,
  task,
} from './person';

const isSync = (url: URL) => url.pathname === '/sync';

/** Holds the next push after the service has answered it: the answer never comes. */
async function loseAnswer(page: Page): Promise<Promise<void>> {
  let reached = () => {};
  const answered = new Promise<void>((resolve) => {
    reached = resolve;
  });
  await page.route(isSync, async (route) => {
    await route.fetch();
    reached();
  });
  return answered;
}

async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  session.send('Page.crash').catch(() => {});
  await crashed;
}

test('a tab that is killed while its push is answered loses nothing and adds nothing twice', async ({
  browser,
}) => {
  const email = newEmail();
  const page = await newDevice(browser);
  await register(page, email);
  const answered = loseAnswer(page);
  await add(page, 'Typed before the end');
  await page.getByRole('button', { name: 'Sync now' }).click();
  await await answered;
  await crash(page);

  const again = await page.context().newPage();
  await again.goto('/');
  await expect(task(again, 'Typed before the end')).toBeVisible();
  await syncNow(again);
  const other = await newDevice(browser);
  await logIn(other, email);
  await expect(task(other, 'Typed before the end')).toHaveCount(1);
  await expect(task(again, 'Typed before the end')).toHaveCount(1);
});

test('a reload while it syncs goes on where it was', async ({ browser }) => {
  const email = newEmail();
  const page = await newDevice(browser);
  await register(page, email);
  const answered = loseAnswer(page);
  await add(page, 'One', 'Two');
  await page.getByRole('button', { name: 'Sync now' }).click();
  await await answered;
  await page.unroute(isSync);
  await page.reload();
  await expect(task(page, 'One')).toBeVisible();
  await syncNow(page);
  const other = await newDevice(browser);
  await logIn(other, email);
  await expect(other.getByRole('checkbox')).toHaveCount(2);
});

test('what is typed offline is there after a reload offline, and leaves as soon as the network is back', async ({
  browser,
}) => {
  const email = newEmail();
  const page = await newDevice(browser);
  await register(page, email);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await setOffline(page, true);
  await add(page, 'Typed on the train');
  await expect(statusLine(page)).toContainText('1 change waiting since');
  await page.reload();
  await expect(task(page, 'Typed on the train')).toBeVisible();
  await expect(statusLine(page)).toContainText('1 change waiting since');
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expect(statusLine(page)).toContainText(
    'Offline. Tasks saved locally, will sync when the server can be reached.',
  );
  await expectNobodyKeptOutInAnyLight(page, 'offline');
  await setOffline(page, false);
  await expectSynced(page);
  const other = await newDevice(browser);
  await logIn(other, email);
  await expect(task(other, 'Typed on the train')).toBeVisible();
});

test('of two tabs each shows what the other does, and the one that is left goes on syncing', async ({
  browser,
}) => {
  const email = newEmail();
  const first = await newDevice(browser);
  await register(first, email);
  const second = await first.context().newPage();
  await second.goto('/');
  await add(second, 'From the second tab');
  await expect(task(first, 'From the second tab')).toBeVisible();
  await task(first, 'From the second tab').check();
  await expect(task(second, 'From the second tab')).toBeChecked();
  await syncNow(second);
  await expectSynced(first);

  await first.close();
  await add(second, 'After the first was closed');
  await syncNow(second);
  const other = await newDevice(browser);
  await logIn(other, email);
  await expect(task(other, 'After the first was closed')).toBeVisible();
});

test('a session that has ended leaves the tasks in view, and a login sends what waited', async ({
  browser,
}) => {
  const email = newEmail();
  const page = await newDevice(browser);
  await register(page, email);
  const other = await newDevice(browser);
  await logIn(other, email);
  await other.getByRole('button', { name: 'Account' }).click();
  await other.getByRole('button', { name: /^Log out there/ }).click();
  await expect(other.getByRole('button', { name: /^Log out there/ })).toHaveCount(0);

  await add(page, 'After the session');
  await expect(statusLine(page)).toContainText('Log in again to sync. Tasks saved locally.');
  await expect(statusLine(page)).toContainText('1 change waiting');
  await expect(task(page, 'After the session')).toBeVisible();
  await expectNobodyKeptOutInAnyLight(page, 'a session that has ended');

  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await expectNobodyKeptOutInAnyLight(page, 'the question for the password');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('dialog').getByRole('button', { name: 'Log in', exact: true }).click();
  await expectSynced(page);
  await other.keyboard.press('Escape');
  await expect(task(other, 'After the session')).toBeVisible();
});

test('what is being typed is there after a reload, and what is typed in a sheet when that closes', async ({
  browser,
}) => {
  const page = await newDevice(browser);
  await register(page, newEmail());
  await add(page, 'One');
  await task(page, 'One').press('Enter');
  await page.getByRole('textbox', { name: 'Text' }).fill('One, typed on');
  await page.getByLabel('New task').evaluate((field: HTMLInputElement) => {
    field.value = 'Two';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await page.reload();
  await expect(page.getByLabel('New task')).toHaveValue('Two');
  await page.getByRole('button', { name: 'Keep it' }).click();
  await expect(task(page, 'One, typed on')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Keep it' })).toHaveCount(0);

  for (const close of ['Escape', 'Close', 'Back']) {
    await page.getByRole('checkbox').first().press('h');
    await page.getByRole('dialog').getByLabel('Text').fill(`Until ${close}`);
    if (close === 'Escape') await page.keyboard.press('Escape');
    else if (close === 'Close') await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    else await page.goBack();
    await expect(task(page, `Until ${close}`)).toBeVisible();
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
});
