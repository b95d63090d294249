import { type Browser, expect, type Locator, type Page, test } from '@playwright/test';

const password = 'correct horse battery';
const unusual = `Buy <b>"milk"</b> & 'bread' \\ 100% — 牛乳 🥛 \u202Bשלום\u202C`;

function newEmail(): string {
  return `ada-${crypto.randomUUID()}@example.org`;
}

/** A page in a browser that knows nothing yet, as another device is. */
async function newDevice(browser: Browser): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto('/');
  return page;
}

async function fillIn(page: Page, email: string, submit: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: submit }).click();
}

async function register(page: Page, email: string): Promise<void> {
  await page.getByRole('button', { name: 'Create an account' }).click();
  await fillIn(page, email, 'Create account');
  await expectSynced(page);
}

async function logIn(page: Page, email: string): Promise<void> {
  await fillIn(page, email, 'Log in');
  await expectSynced(page);
}

async function add(page: Page, content: string): Promise<void> {
  await page.getByLabel('New task').fill(content);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
}

async function syncNow(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expectSynced(page);
}

/** The whole status: nothing waits. */
async function expectSynced(page: Page): Promise<void> {
  await expect(page.getByText('Synced just now', { exact: true })).toBeVisible();
}

const isSyncCall = (url: URL) => url.pathname.startsWith('/sync');

function task(page: Page, content: string): Locator {
  return page.getByRole('checkbox', { name: content, exact: true });
}

test('a task typed in one browser is completed in another and gone from both once deleted', async ({
  browser,
}) => {
  const email = newEmail();
  const first = await newDevice(browser);
  await register(first, email);
  await add(first, unusual);
  await task(first, unusual).check();
  await syncNow(first);

  const second = await newDevice(browser);
  await logIn(second, email);
  await expect(task(second, unusual)).toBeChecked();

  await second.getByRole('button', { name: `Delete: ${unusual}`, exact: true }).click();
  await expect(task(second, unusual)).toHaveCount(0);
  await syncNow(second);
  await expect(task(first, unusual)).toBeVisible();
  await syncNow(first);
  await expect(task(first, unusual)).toHaveCount(0);
});

test('a reload keeps the person logged in, their tasks, and what was done to them', async ({ browser }) => {
  const page = await newDevice(browser);
  await register(page, newEmail());
  await add(page, 'Water the plants');
  await add(page, 'Call Ada');
  await task(page, 'Call Ada').check();
  await page.reload();

  await expectSynced(page);
  await expect(task(page, 'Water the plants')).not.toBeChecked();
  await expect(task(page, 'Call Ada')).toBeChecked();
});

test('edits made offline wait, survive a reload of the page, and arrive later', async ({ browser }) => {
  const email = newEmail();
  const page = await newDevice(browser);
  await register(page, email);
  await page.route(isSyncCall, (route) => route.abort());
  await add(page, 'Typed offline');
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expect(page.getByText('Your edits stay in this browser')).toBeVisible();
  await expect(page.getByText('1 edit waiting')).toBeVisible();
  await page.reload();
  await expect(task(page, 'Typed offline')).toBeVisible();

  await page.unroute(isSyncCall);
  await syncNow(page);
  const other = await newDevice(browser);
  await logIn(other, email);
  await expect(task(other, 'Typed offline')).toBeVisible();
});

test('a wrong password is answered in words and the form stays', async ({ browser }) => {
  const page = await newDevice(browser);
  await fillIn(page, newEmail(), 'Log in');

  await expect(page.getByRole('alert')).not.toBeEmpty();
  await expect(page.getByLabel('Password')).toBeFocused();
});

test('a second tab waits until the first is closed', async ({ browser }) => {
  const page = await newDevice(browser);
  await register(page, newEmail());
  const second = await page.context().newPage();
  await second.goto('/');
  await expect(second.getByText('open in another tab')).toBeVisible();
  await page.close();

  await expectSynced(second);
});
