// A person in front of the page, on one device or several.
import { type Browser, expect, type Locator, type Page } from '@playwright/test';

export const PASSWORD = 'correct horse battery';

export function newEmail(): string {
  return `ada-${crypto.randomUUID()}@example.org`;
}

/** A page in a browser that knows nothing yet, as another device is. */
export async function newDevice(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto('/');
  return page;
}

async function fillIn(page: Page, email: string, submit: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: submit, exact: true }).click();
}

export async function register(page: Page, email: string): Promise<void> {
  await page.getByRole('button', { name: 'Create an account' }).click();
  await fillIn(page, email, 'Create account');
  await expectSynced(page);
}

export async function logIn(page: Page, email: string, options: { timeout?: number } = {}): Promise<void> {
  await fillIn(page, email, 'Log in');
  await expectSynced(page, options);
}

export async function add(page: Page, ...contents: string[]): Promise<void> {
  for (const content of contents) {
    await page.getByLabel('New task').fill(content);
    await page.getByLabel('New task').press('Enter');
    await expect(task(page, content)).toBeVisible();
  }
}

export function task(page: Page, content: string): Locator {
  return page.getByRole('checkbox', { name: content, exact: true });
}

export function row(page: Page, content: string): Locator {
  return page
    .getByRole('listitem')
    .filter({ has: page.getByRole('checkbox', { name: content, exact: true }) });
}

/** Replaces a task's text where it stands. */
export async function retype(page: Page, before: string, after: string): Promise<void> {
  await task(page, before).press('Enter');
  await page.getByRole('textbox', { name: 'Text' }).fill(after);
  await page.getByRole('textbox', { name: 'Text' }).press('Enter');
  await expect(task(page, after)).toBeVisible();
}

/** The line at the foot of the page. */
export function statusLine(page: Page): Locator {
  return page.getByRole('button', { name: /^Sync: / });
}

/** Nothing waits. */
export async function expectSynced(page: Page, options: { timeout?: number } = {}): Promise<void> {
  await expect(statusLine(page)).toContainText('Synced just now', options);
}

export async function syncNow(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sync now' }).first().click();
  await expectSynced(page);
}

export async function setOffline(page: Page, offline: boolean): Promise<void> {
  await page.context().setOffline(offline);
}
