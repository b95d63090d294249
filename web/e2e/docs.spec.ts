import { expect, test } from '@playwright/test';

test('the page of the contract is shown whole, from this server alone', async ({ page, baseURL }) => {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(baseURL ?? '').origin) faults.push(request.url());
  });
  await page.goto('/docs');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Tidemark API');
  await expect(page.locator('main')).toHaveCSS('max-width', '992px');
  expect(faults).toEqual([]);
});

test('a keyboard reaches the content of the contract, a route and its example', async ({ page }) => {
  await page.goto('/docs');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.getByRole('link', { name: 'POST /sync', exact: true }).press('Enter');
  await expect(page).toHaveURL(/#sync$/);
  const example = page
    .getByRole('article', { name: '/sync', exact: false })
    .first()
    .locator('summary')
    .first();
  await example.press('Enter');
  await expect(page.locator('article details[open]')).toHaveCount(1);
});
