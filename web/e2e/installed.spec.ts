import { expect, test } from '@playwright/test';
import { add, newDevice, newEmail, register, task } from './person';

test('the page can be installed', async ({ browser }) => {
  const page = await newDevice(browser);
  await page.evaluate(() => navigator.serviceWorker.ready);
  const session = await page.context().newCDPSession(page);
  const { errors, data } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data ?? '{}');
  expect(manifest).toMatchObject({ name: 'Tidemark', start_url: '/', display: 'standalone' });
  for (const { src, type } of manifest.icons) {
    const icon = await page.request.get(src);
    expect([src, icon.status(), icon.headers()['content-type']]).toEqual([src, 200, type]);
  }
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // A private window, as these tests use, cannot install anything.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual(
    [],
  );
});

test('a new tab opens without a network, with all tasks', async ({ browser }) => {
  const page = await newDevice(browser);
  await register(page, newEmail());
  await add(page, 'Always here');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.close();
  const context = page.context();
  await context.setOffline(true);
  const again = await context.newPage();
  await again.goto('/');
  await expect(task(again, 'Always here')).toBeVisible();
  await add(again, 'Typed without a network');
});

test('the service worker leaves the server’s other pages alone', async ({ browser }) => {
  const page = await newDevice(browser);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.goto('/docs');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Tidemark API');
  await page.goto('/status');
  await expect(page.getByText('Everything answers.')).toBeVisible();
});

test('a newer page waits until the person asks for it', async ({ browser, baseURL }) => {
  const context = await browser.newContext();
  let version = 1;
  const worker = await (await context.request.get('/sw.js')).text();
  await context.route(`${baseURL}/sw.js`, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: `${worker}\n// version ${version}` }),
  );
  const page = await context.newPage();
  await page.goto('/');
  await register(page, newEmail());
  await page.evaluate(() => navigator.serviceWorker.ready);
  // Under the worker's control from the second visit on.
  await page.reload();
  await expect(page.getByLabel('New task')).toBeVisible();
  await expect(page.getByText('A new version of this page is here.')).toHaveCount(0);
  version = 2;
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  await expect(page.getByText('A new version of this page is here.')).toBeVisible();
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Load it' }).click();
  await loaded;
  await expect(page.getByLabel('New task')).toBeVisible();
  await expect(page.getByText('A new version of this page is here.')).toHaveCount(0);
});
