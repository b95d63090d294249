import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { add, logIn, newDevice, newEmail, PASSWORD, register, setOffline, syncNow, task } from './person';

const NEW_PASSWORD = 'another correct horse';

async function openAccount(page: Page) {
  await page.getByRole('button', { name: 'Account' }).click();
  return page.getByRole('dialog', { name: 'Account' });
}

/** The names of what this browser keeps of tasks and people. */
async function kept(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    const rows: unknown[] = [];
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store).getAll();
        await new Promise((resolve) => {
          all.onsuccess = resolve;
        });
        rows.push(...all.result);
      }
      database.close();
    }
    return JSON.stringify([rows, { ...localStorage }]);
  });
}

test('a wrong password is answered in words, and the form stays', async ({ browser }) => {
  const page = await newDevice(browser);
  await page.getByLabel('Email').fill(newEmail());
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(page.getByRole('alert')).not.toBeEmpty();
  await expect(page.getByLabel('Password')).toBeFocused();
});

test('a log-out sends what waits and leaves nothing of the person in this browser', async ({ browser }) => {
  const email = newEmail();
  const page = await newDevice(browser);
  await register(page, email);
  await add(page, 'Sent at the last moment');
  const account = await openAccount(page);
  await account.getByRole('button', { name: 'Log out', exact: true }).click();
  await expect(page.getByLabel('Email')).toBeEditable();
  expect(await kept(page)).not.toMatch(new RegExp(`Sent at the last moment|${email}`));
  await logIn(page, email);
  await expect(task(page, 'Sent at the last moment')).toBeVisible();
});

test('a log-out that would lose an edit asks first, and can keep it hidden until its owner is back', async ({
  browser,
}) => {
  const email = newEmail();
  const page = await newDevice(browser);
  await register(page, email);
  await setOffline(page, true);
  await add(page, 'Only here');
  const account = await openAccount(page);
  await account.getByRole('button', { name: 'Log out', exact: true }).click();
  const question = page.getByRole('dialog', { name: 'Not everything could be sent' });
  await question.getByRole('button', { name: 'Stay logged in' }).click();
  await account.getByRole('button', { name: 'Log out', exact: true }).click();
  await question.getByRole('button', { name: 'Log out, keep them here' }).click();
  await expect(page.getByText(`1 change of ${email} wait`)).toBeVisible();
  await expect(page.getByText('Only here')).toHaveCount(0);
  await setOffline(page, false);
  await page.reload();
  await expect(page.getByText('Only here')).toHaveCount(0);

  // Nobody else gets in as long as they are there.
  await page.getByRole('button', { name: 'Create an account' }).click();
  await page.getByLabel('Email').fill(newEmail());
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText(`This browser holds the tasks of ${email}`)).toBeVisible();

  await page.reload();
  await logIn(page, email);
  const other = await newDevice(browser);
  await logIn(other, email);
  await expect(task(other, 'Only here')).toBeVisible();
});

test('a new password ends the other sessions, and the old one opens nothing', async ({ browser }) => {
  const email = newEmail();
  const page = await newDevice(browser);
  await register(page, email);
  const account = await openAccount(page);
  await account.getByLabel('Current password').fill('wrong');
  await account.getByLabel('New password').fill(NEW_PASSWORD);
  await account.getByRole('button', { name: 'Change the password' }).click();
  await expect(account.getByRole('alert').filter({ hasText: /./ })).toBeVisible();
  await account.getByLabel('Current password').fill(PASSWORD);
  await account.getByRole('button', { name: 'Change the password' }).click();
  await expect(account.getByText('Changed. Your other sessions have ended.')).toBeVisible();

  const other = await newDevice(browser);
  await other.getByLabel('Email').fill(email);
  await other.getByLabel('Password').fill(PASSWORD);
  await other.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(other.getByRole('alert')).not.toBeEmpty();
  await other.getByLabel('Password').fill(NEW_PASSWORD);
  await other.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(other.getByLabel('New task')).toBeVisible();
});

test('everything can be taken elsewhere, and the tasks brought in again', async ({ browser }) => {
  const page = await newDevice(browser);
  await register(page, newEmail());
  await add(page, 'Travels');
  await syncNow(page);
  const account = await openAccount(page);
  const whole = page.waitForEvent('download');
  await account.getByRole('button', { name: 'Export everything' }).click();
  const exported = await (await whole).path();
  expect(JSON.parse(await readFile(exported, 'utf8')).tasks[0].content).toBe('Travels');

  const other = await newDevice(browser);
  await register(other, newEmail());
  await openAccount(other);
  await other.getByLabel('A file of exported tasks').setInputFiles(exported);
  await expect(other.getByText('1 task added.')).toBeVisible();
  await other.keyboard.press('Escape');
  await expect(task(other, 'Travels')).toBeVisible();
});

test('a deleted account is gone, here and on the service', async ({ browser }) => {
  const email = newEmail();
  const page = await newDevice(browser);
  await register(page, email);
  await add(page, 'Gone for good');
  await syncNow(page);
  const account = await openAccount(page);
  await account.getByRole('button', { name: 'Delete the account…' }).click();
  const question = page.getByRole('dialog', { name: 'Delete the account for good?' });
  await question.getByLabel('Your password').fill('wrong');
  await question.getByRole('button', { name: 'Delete everything' }).click();
  await expect(question.getByRole('alert')).not.toBeEmpty();
  await question.getByLabel('Your password').fill(PASSWORD);
  await question.getByRole('button', { name: 'Delete everything' }).click();
  await expect(page.getByLabel('Email')).toBeEditable();
  expect(await kept(page)).not.toContain('Gone for good');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(page.getByRole('alert')).not.toBeEmpty();
});
