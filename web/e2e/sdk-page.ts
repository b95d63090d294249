import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import type * as sdk from '../sdk/src/index';

declare global {
  interface Window {
    sdk: typeof sdk;
    manager: sdk.SyncManager;
    /** Ids that were told as changed, one list for each stored step. */
    changed: string[][];
  }
}

export const PASSWORD = 'correct horse battery';

const FILES = '/sdk-under-test/';
const DIST = new URL('../sdk/dist/', import.meta.url);
const IDB = new URL('../node_modules/idb/build/index.js', import.meta.url);
const PAGE = `<!doctype html><title>SDK</title>
<script type="importmap">{"imports": {"idb": "${FILES}idb.js"}}</script>
<script type="module">
  window.sdk = await import('${FILES}index.js');
  document.title = 'ready';
</script>`;

export function newEmail(): string {
  return `ada-${crypto.randomUUID()}@example.org`;
}

/** A browser that knows nothing yet, as another device is. Its pages are the package as it is published. */
export async function newBrowser(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext();
  await context.route(`**${FILES}*`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(FILES.length);
    if (name === '') return route.fulfill({ contentType: 'text/html', body: PAGE });
    const body = await readFile(name === 'idb.js' ? IDB : new URL(name, DIST));
    return route.fulfill({ contentType: 'text/javascript', body });
  });
  return context;
}

export interface TabOptions {
  readonly inFront?: boolean;
  readonly protocol?: 'final' | 'v1';
}

/** A tab with an open manager that syncs by itself. */
export async function newTab(context: BrowserContext, options: TabOptions = {}): Promise<Page> {
  const page = await context.newPage();
  await page.goto(FILES);
  await open(page, options);
  return page;
}

export async function open(page: Page, options: TabOptions = {}): Promise<void> {
  await page.waitForFunction(() => document.title === 'ready');
  await page.evaluate(async ({ inFront = false, protocol = 'final' }) => {
    window.manager = await window.sdk.openSyncManager({ protocol });
    window.changed = [];
    window.manager.subscribeTasks((ids) => window.changed.push([...ids]));
    window.manager.start();
    window.manager.setForeground(inFront);
  }, options);
}

export function register(page: Page, email: string): Promise<void> {
  return page.evaluate((who) => window.manager.register(who), { email, password: PASSWORD });
}

export function logIn(page: Page, email: string): Promise<void> {
  return page.evaluate((who) => window.manager.login(who), { email, password: PASSWORD });
}

export function add(page: Page, content: string): Promise<string> {
  return page.evaluate(async (text) => (await window.manager.add(text)).id, content);
}

export function syncNow(page: Page): Promise<sdk.RunEnd> {
  return page.evaluate(() => window.manager.syncNow());
}

export function status(page: Page): Promise<sdk.SyncStatus> {
  return page.evaluate(() => window.manager.status());
}

export function contents(page: Page): Promise<string[]> {
  return page.evaluate(() => window.manager.list().map(({ content }) => content));
}
