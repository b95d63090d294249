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

/** Whatever moves in or fades has come to its end. What turns for as long as something lasts is not waited for. */
export async function animationsEnd(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
        .map(({ finished }) => finished),
    ),
  );
}

/** The same by day and by night. */
export async function expectNobodyKeptOutInAnyLight(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await animationsEnd(page);
    await expectNobodyKeptOut(page, `${what}, ${colorScheme}`);
  }
}
