import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, type Route, test } from '@playwright/test';
import type { Status } from '../status/types';

// What the gateway tells, with something changed.
async function tell(page: Page, change: (status: Status) => void) {
  await page.route('/status.json', async (route: Route) => {
    const answer = await route.fetch();
    const status = (await answer.json()) as Status;
    change(status);
    await route.fulfill({ response: answer, json: status });
  });
}

// The page asks again and again: an answer may be under way when a test ends.
test.afterEach(async ({ page }) => page.unrouteAll({ behavior: 'ignoreErrors' }));

const MINUTES = 15;

// A quarter of an hour of traffic, in which all kinds of answers came.
function busyTimes(status: Status) {
  const last = Math.floor(status.at / 60_000) * 60_000;
  status.minutes = Array.from({ length: MINUTES }, (_, index) => ({
    at: last - (MINUTES - 1 - index) * 60_000,
    ok: 40 + ((index * 7) % 20),
    not_modified: 300 + ((index * 13) % 90),
    limited: index % 9 === 0 ? 12 : 0,
    refused: index % 5,
    failed: index > 10 && index < 13 ? 60 : 0,
    p50_us: 700,
    p95_us: 4_000 + index * 20,
    p99_us: 30_000 - index * 200,
  }));
}

function trouble(status: Status) {
  for (const process of status.processes) {
    for (const dependency of process.dependencies) {
      if (dependency.name === 'redis' || dependency.name === 'auth') {
        dependency.state = 'away';
        dependency.since = status.at - 95_000;
      }
    }
  }
  if (status.quota) {
    status.quota.state = 'read_paused';
    status.quota.budgets = [
      { resource: 'requests', used: 92_345, budget: 100_000 },
      { resource: 'cache_writes', used: 1_004, budget: 1_000 },
    ];
  }
}

test('the status page shows the stack as it is, from this server alone and under its policy', async ({
  page,
  baseURL,
}) => {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(baseURL ?? '').origin) faults.push(request.url());
  });
  await page.goto('/status');
  await expect(page.getByText('Everything answers.')).toBeVisible();
  for (const name of ['Gateway', 'Sync', 'Auth', 'Rate limits'])
    await expect(
      page.locator('section', { hasText: 'Processes' }).getByRole('rowheader', { name }),
    ).toBeVisible();
  await expect(page.getByText('A new day begins at midnight UTC', { exact: false })).toBeVisible();
  expect(await page.locator('[style], script:not([src])').count()).toBe(0);
  expect(faults).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, width] of [
    ['desktop', 1200],
    ['phone', 360],
  ] as const) {
    test(`${colorScheme} on a ${device}, nobody is kept out and nothing is wider than the screen`, async ({
      page,
    }) => {
      test.slow();
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await tell(page, (status) => {
        busyTimes(status);
        trouble(status);
      });
      await page.goto('/status');
      await expect(page.getByText('Reads paused')).toBeVisible();
      await page.getByText('The same as a table').click();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    });
  }
}

test('what is away is told in words, and what is unnoticed is no alarm', async ({ page }) => {
  await tell(page, trouble);
  await page.goto('/status');
  await expect(page.getByText('Auth and Redis do not answer.')).toBeVisible();
  const row = page.getByRole('row', { name: /Gateway Auth/ });
  await expect(row).toContainText('does not answer');
  await expect(row).toContainText('1 min 35 s');
  await expect(row).toContainText('Nobody can log in');
  await expect(page.getByRole('row', { name: /Sync Redis/ })).toContainText('Nobody notices.');
});

test('a refresh leaves focus and what was opened as they were, and touches only what differs', async ({
  page,
}) => {
  let answered = 1_000;
  await tell(page, (status) => {
    status.checks = { answered, not_modified: 900 };
  });
  await page.goto('/status');
  await expect(page.getByText('900 of 1,000 checks')).toBeVisible();
  const table = page.locator('details');
  await table.locator('summary').click();
  await table.locator('summary').focus();
  await page.locator('h2#quota').evaluate((heading) => {
    const touched = () => document.body.classList.add('touched');
    new MutationObserver(touched).observe(heading, { attributes: true, childList: true, subtree: true });
  });
  for (answered of [1_001, 1_002])
    await expect(page.getByText(`900 of ${answered.toLocaleString('en')} checks`)).toBeVisible();
  await expect(table).toHaveAttribute('open', '');
  await expect(table.locator('summary')).toBeFocused();
  await expect(page.locator('body.touched')).toHaveCount(0);
});

test('it says when the gateway does not answer, keeps what it knew, and goes on by itself', async ({
  page,
}) => {
  await page.goto('/status');
  await expect(page.getByText('Everything answers.')).toBeVisible();
  await page.route('/status.json', (route) => route.abort());
  const alarm = page.getByRole('status');
  await expect(alarm).toContainText('The gateway does not answer. What is shown is as it was at');
  await expect(page.getByText('Everything answers.')).toBeVisible();
  await page.unroute('/status.json');
  await expect(alarm).toBeEmpty();
});

test('it says when it may no longer ask', async ({ page }) => {
  await page.route('/status.json', (route) => route.fulfill({ status: 401, body: '' }));
  await page.goto('/status');
  await expect(page.getByRole('status')).toContainText('refuses to tell (401)');
});
