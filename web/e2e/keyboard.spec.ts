import { expect, test } from '@playwright/test';
import { add, newDevice, newEmail, register, row, task } from './person';

test('all of a task’s life is reached by keyboard, and the focus never gets lost', async ({ browser }) => {
  const page = await newDevice(browser);
  const press = (key: string) => page.keyboard.press(key);
  await register(page, newEmail());
  await page.locator('body').click({ position: { x: 1, y: 1 } });
  await press('n');
  await expect(page.getByLabel('New task')).toBeFocused();
  // The newest comes first.
  await page.keyboard.type('Three\n');
  await page.keyboard.type('Two\n');
  await page.keyboard.type('One\n');
  await expect(task(page, 'One')).toBeVisible();

  await press('ArrowDown');
  await expect(task(page, 'One')).toBeFocused();
  await press('j');
  await expect(task(page, 'Two')).toBeFocused();
  await press('k');
  await press('End');
  await expect(task(page, 'Three')).toBeFocused();
  await press('Home');
  await expect(task(page, 'One')).toBeFocused();

  await press('Enter');
  await expect(page.getByRole('textbox', { name: 'Text' })).toBeFocused();
  await press('End');
  await page.keyboard.type(' and n / ? j p');
  await press('Enter');
  await expect(task(page, 'One and n / ? j p')).toBeFocused();

  await press('Enter');
  await page.keyboard.type(' not this');
  await press('Escape');
  await expect(task(page, 'One and n / ? j p')).toBeFocused();

  await press('p');
  await expect(row(page, 'One and n / ? j p').getByRole('button', { name: /^Pin/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(task(page, 'One and n / ? j p')).toBeFocused();

  await press('j');
  await press('Space');
  await expect(task(page, 'Two')).toBeChecked();
  await expect(task(page, 'Three')).toBeFocused();

  await expect(row(page, 'Three').getByRole('button', { name: 'Delete: Three' })).toHaveCSS('opacity', '1');

  await press('Delete');
  await expect(task(page, 'Three')).toHaveCount(0);
  await expect(page.getByText('Deleted: Three')).toBeVisible();
  await expect(task(page, 'Two')).toBeFocused();
  await press('Control+z');
  await expect(task(page, 'Three')).toBeFocused();

  await press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('two');
  await expect(task(page, 'Three')).toHaveCount(0);
  await press('Escape');
  await expect(task(page, 'Three')).toBeVisible();

  await press('Escape');
  await press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await press('n');
  await expect(page.getByLabel('New task')).not.toBeFocused();
  await press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await press('h');
  await expect(page.getByRole('dialog', { name: 'Task' })).toBeVisible();
  await press('Escape');
  await expect(page.locator('.tasks :focus')).toHaveCount(1);
});

test('the Tab key passes the list in a few steps, however long it is', async ({ browser }) => {
  const page = await newDevice(browser);
  await register(page, newEmail());
  await add(page, 'One', 'Two', 'Three', 'Four', 'Five');
  await page.getByRole('searchbox').focus();
  const steps = [];
  for (let step = 0; step < 8; step++) {
    await page.keyboard.press('Tab');
    steps.push(await page.evaluate(() => document.activeElement?.closest('.tasks') !== null));
  }
  expect(steps.filter((isInList) => isInList).length).toBe(4);
});

test('letters can be switched off for who talks to the machine', async ({ browser }) => {
  const page = await newDevice(browser);
  await register(page, newEmail());
  await page.getByRole('button', { name: 'Keyboard' }).click();
  await page.getByRole('checkbox', { name: /^Letters work everywhere/ }).uncheck();
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(page.getByLabel('New task')).toBeVisible();
  await page.keyboard.press('n');
  await expect(page.getByLabel('New task')).not.toBeFocused();
});

test('a deletion is brought back by a click, and what was deleted earlier from its list', async ({
  browser,
}) => {
  const page = await newDevice(browser);
  await register(page, newEmail());
  await add(page, 'One', 'Two');
  await row(page, 'One').hover();
  await row(page, 'One').getByRole('button', { name: 'Delete: One' }).click();
  await row(page, 'Two').hover();
  await row(page, 'Two').getByRole('button', { name: 'Delete: Two' }).click();
  await expect(page.getByText('2 tasks deleted')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('checkbox')).toHaveCount(2);

  await task(page, 'One').press('Delete');
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('radio', { name: 'Deleted' }).check();
  await page.getByRole('button', { name: 'Bring back: One' }).click();
  await page.getByRole('radio', { name: 'All' }).check();
  await expect(task(page, 'One')).toBeVisible();
});

test('a held key deletes one task, and the focus goes on when the button that had it goes', async ({
  browser,
}) => {
  const page = await newDevice(browser);
  await register(page, newEmail());
  await add(page, 'Three', 'Two', 'One');
  await task(page, 'One').focus();
  await page.keyboard.down('Delete');
  await expect(task(page, 'Two')).toBeFocused();
  // As a key that is held down repeats.
  await page.keyboard.down('Delete');
  await page.keyboard.up('Delete');
  await page.getByRole('button', { name: 'Close' }).press('Enter');
  await expect(task(page, 'Two')).toBeFocused();
  await expect(page.getByRole('checkbox')).toHaveCount(2);
});
