// What keeps nobody out.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** As the page is now: axe finds nothing, and nothing is wider than the screen. */
export async function expectNobodyKeptOut(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [what, id, nodes.map(({ html }) => html)])).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow, `${what} is wider than the screen`).toBeLessThanOrEqual(0);
}

/** The same by day and by night. */
export async function expectNobodyKeptOutInAnyLight(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
    await expectNobodyKeptOut(page, `${what}, ${colorScheme}`);
  }
}
