import { type Browser, expect, type Page, test } from '@playwright/test';
import { animationsEnd, expectNobodyKeptOut } from './accessible';
import {
  add,
  expectSynced,
  logIn,
  newDevice,
  newEmail,
  register,
  retype,
  row,
  setOffline,
  syncNow,
  task,
} from './person';
import { otherDevice, pull, pushTasks } from './service';

const VIEWPORTS = { desktop: { width: 1200, height: 900 }, phone: { width: 360, height: 740 } } as const;

async function openSheet(page: Page, hash: string, name: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await expect(page.getByRole('dialog', { name })).toBeVisible();
  await expect(page.getByText('Asking the service…')).toHaveCount(0);
  // While a sheet moves in, it is half transparent.
  await animationsEnd(page);
}

/** A list with a task of each kind, one of them in conflict. */
async function withEverything(browser: Browser, page: Page): Promise<void> {
  const email = newEmail();
  await register(page, email);
  await add(page, 'Pinned', 'Open', 'Done', 'Met another edit');
  await task(page, 'Pinned').press('p');
  await task(page, 'Done').check();
  await syncNow(page);
  const other = await newDevice(browser);
  await logIn(other, email);
  await setOffline(page, true);
  await retype(page, 'Met another edit', 'Mine');
  await retype(other, 'Met another edit', 'Theirs');
  await syncNow(other);
  await setOffline(page, false);
  await expect(row(page, 'Theirs').getByRole('button', { name: 'Two versions' })).toBeVisible();
  await other.context().close();
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, viewport] of Object.entries(VIEWPORTS)) {
    test(`${colorScheme} on a ${device}, nobody is kept out of any screen and nothing is wider than it`, async ({
      browser,
    }) => {
      test.slow();
      const page = await newDevice(browser, { colorScheme, viewport, reducedMotion: 'reduce' });
      // Until the store is open the page shows nothing.
      await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible();
      await expectNobodyKeptOut(page, 'log in');
      await withEverything(browser, page);
      await expectNobodyKeptOut(page, 'list');
      await task(page, 'Open').press('Enter');
      await expect(page.getByRole('textbox', { name: 'Text' })).toBeVisible();
      await expectNobodyKeptOut(page, 'edit');
      await page.keyboard.press('Escape');
      await task(page, 'Done').press('Delete');
      await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
      await expectNobodyKeptOut(page, 'undo');
      for (const [hash, name] of [
        ['#/sync', 'Sync'],
        ['#/account', 'Account'],
        ['#/keys', 'Keys'],
      ] as const) {
        await openSheet(page, hash, name);
        await expectNobodyKeptOut(page, name);
      }
      await page.goto('/#/');
      await row(page, 'Theirs').getByRole('button', { name: 'Two versions' }).click();
      await expect(page.getByRole('dialog', { name: 'Task' })).toBeVisible();
      await expect(page.getByText('Asking the service…')).toHaveCount(0);
      await expectNobodyKeptOut(page, 'task');
      await page.keyboard.press('Escape');
      await page.getByRole('radio', { name: 'Deleted' }).check();
      await expect(page.getByRole('button', { name: 'Bring back: Done' })).toBeVisible();
      await expectNobodyKeptOut(page, 'deleted');
    });
  }
}

test('nothing is loaded from elsewhere, nothing is inline, and a script in a task is text', async ({
  browser,
  baseURL,
}) => {
  const page = await (await browser.newContext()).newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    if (!['blob:', new URL(baseURL ?? '').protocol].includes(new URL(request.url()).protocol)) return;
    if (new URL(request.url()).origin !== new URL(baseURL ?? '').origin) faults.push(request.url());
  });
  const answer = await page.goto('/');
  expect(answer?.headers()['content-security-policy']).not.toContain('unsafe');
  await register(page, newEmail());
  const nasty = '<script>document.title = "taken"</script><img src=x onerror="document.title = 1">';
  await add(page, nasty);
  await openSheet(page, '#/sync', 'Sync');
  await openSheet(page, '#/account', 'Account');
  await expect(page).toHaveTitle('Tidemark');
  expect(await page.locator('script:not([src]), style, [onclick]').count()).toBe(0);
  expect(await page.locator('.tasks img, .tasks script').count()).toBe(0);
  expect(faults).toEqual([]);
});

test('addresses hold no text and no token', async ({ browser }) => {
  const page = await newDevice(browser);
  const urls: string[] = [];
  page.on('request', (request) => urls.push(request.url()));
  page.on('framenavigated', (frame) => urls.push(frame.url()));
  await register(page, newEmail());
  await add(page, 'Secret text');
  await task(page, 'Secret text').press('h');
  await expect(page.getByRole('dialog', { name: 'Task' })).toBeVisible();
  await page.keyboard.press('Escape');
  await syncNow(page);
  expect(urls.filter((url) => /secret|eyJ|correct/i.test(decodeURIComponent(url)))).toEqual([]);
});

test('devices tell who has my latest edit', async ({ browser, request }) => {
  const email = newEmail();
  const page = await newDevice(browser);
  await register(page, email);
  const laptop = await otherDevice(request, 'login', email, 'laptop');
  await pushTasks(request, laptop, [{ id: 'from-laptop', content: 'From the laptop' }]);
  await expect(task(page, 'From the laptop')).toBeVisible();
  await add(page, 'The latest');
  await syncNow(page);
  await openSheet(page, '#/sync', 'Sync');
  const devices = page.getByRole('region', { name: 'Your devices' }).getByRole('listitem');
  await expect(devices.filter({ hasText: 'this device' })).toContainText('Has all edits');
  await expect(devices.filter({ hasText: 'Laptop' })).toContainText('Has not confirmed');
  // Asked with the cursor of all there is, the laptop has it.
  await pull(request, laptop);
  await page.getByRole('dialog').getByRole('button', { name: 'Sync now' }).click();
  await expect(devices.filter({ hasText: 'Laptop' })).toContainText('Has your latest edit');
});

test('the history shows an earlier text and takes it up again', async ({ browser }) => {
  const page = await newDevice(browser);
  await register(page, newEmail());
  await add(page, 'First');
  await syncNow(page);
  await retype(page, 'First', 'Second');
  await syncNow(page);
  await task(page, 'Second').press('h');
  const dialog = page.getByRole('dialog', { name: 'Task' });
  await expect(dialog.getByRole('listitem')).toContainText('Text replaced');
  await dialog.getByRole('button', { name: 'Use this text' }).click();
  await expect(dialog.getByLabel('Text')).toHaveValue('First');
  await page.keyboard.press('Escape');
  await expect(task(page, 'First')).toBeVisible();
  await expectSynced(page);
});
