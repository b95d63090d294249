import { type APIRequestContext, expect, test } from '@playwright/test';
import { expectNobodyKeptOutInAnyLight } from './accessible';
import {
  add,
  expectSynced,
  logIn,
  newDevice,
  newEmail,
  register,
  row,
  statusLine,
  syncNow,
  task,
} from './person';
import { type OtherDevice, otherDevice, pushDeletions, pushTasks } from './service';
import { dayWithRoom, requestsToday, withBudget } from './stack';

const PAUSED = 'Sync paused (service at capacity). Tasks saved locally, will sync tomorrow.';
const HOURS_TO_TOMORROW = '25:00:00';

test('with the day’s quota used up it says the documented sentence, takes edits, and sends them tomorrow', async ({
  browser,
  request,
}) => {
  const email = newEmail();
  const page = await newDevice(browser);
  await page.clock.install();
  await register(page, email);
  const meter = await otherDevice(request, 'login', email, 'meter');
  await withBudget(request, meter, 1, async () => {
    await add(page, 'Typed at the quota');
    // The other services read the limits for themselves.
    await expect(async () => {
      await page.getByRole('button', { name: 'Sync now' }).click();
      await expect(statusLine(page)).toContainText(PAUSED, { timeout: 5_000 });
    }).toPass();
    await add(page, 'Another one');
    await expect(statusLine(page)).toContainText('changes waiting since');
    await expectNobodyKeptOutInAnyLight(page, 'paused');
    await page.reload();
    await expect(statusLine(page)).toContainText(PAUSED);
    await expect(task(page, 'Another one')).toBeVisible();
  });
  await page.clock.fastForward(HOURS_TO_TOMORROW);
  await expectSynced(page);
  const other = await newDevice(browser);
  await logIn(other, email);
  await expect(task(other, 'Typed at the quota')).toBeVisible();
  await expect(task(other, 'Another one')).toBeVisible();
});

/** The day's requests so far; asks more of them until there are enough. */
async function requestsUsed(
  request: APIRequestContext,
  device: OtherDevice,
  atLeast: number,
): Promise<number> {
  const headers = { Authorization: `Bearer ${device.token}` };
  for (;;) {
    const { used } = await requestsToday(request, device);
    if (used >= atLeast) return used;
    await request.get('/sync/check', { headers });
  }
}

test('with reads paused edits are still sent', async ({ browser, request }) => {
  await dayWithRoom();
  const email = newEmail();
  const page = await newDevice(browser);
  await register(page, email);
  const meter = await otherDevice(request, 'login', email, 'meter');
  const used = await requestsUsed(request, meter, 400);
  // Between 90 and 100 %, with room for what the page asks.
  await withBudget(request, meter, Math.floor(used / 0.93), async () => {
    await expect(async () => {
      await add(page, `Typed while reads are paused ${crypto.randomUUID()}`);
      await page.getByRole('button', { name: 'Sync now' }).click();
      await expect(statusLine(page)).toContainText(PAUSED, { timeout: 5_000 });
    }).toPass();
    await expect(statusLine(page)).not.toContainText('waiting');
  });
});

test('a deletion of most tasks elsewhere waits for an answer, and the tasks can be kept', async ({
  browser,
  request,
}) => {
  const email = newEmail();
  const laptop = await otherDevice(request, 'register', email, 'laptop');
  const ids = Array.from({ length: 30 }, (_, index) => `task-${index}`);
  await pushTasks(
    request,
    laptop,
    ids.map((id) => ({ id, content: `Keep ${id}` })),
  );
  const page = await newDevice(browser);
  await logIn(page, email);
  await expect(page.getByRole('listitem').nth(1)).toHaveAttribute('aria-setsize', '30');
  await pushDeletions(request, laptop, ids.slice(0, 25));
  await expect(page.getByText('Another device deleted 25 of your 30 tasks.')).toBeVisible();
  await expect(page.getByRole('listitem').nth(1)).toHaveAttribute('aria-setsize', '30');
  await expectNobodyKeptOutInAnyLight(page, 'a held deletion');
  await page.getByRole('button', { name: 'Keep my tasks' }).click();
  await expect(page.getByText('Another device deleted')).toHaveCount(0);
  await syncNow(page);
  const other = await newDevice(browser);
  await logIn(other, email);
  await expect(other.getByRole('listitem').nth(1)).toHaveAttribute('aria-setsize', '30');
});

test('a text that is being typed outlives its task', async ({ browser, request }) => {
  const email = newEmail();
  const laptop = await otherDevice(request, 'register', email, 'laptop');
  await pushTasks(request, laptop, [{ id: 'a', content: 'Short-lived' }]);
  const page = await newDevice(browser);
  await logIn(page, email);
  await task(page, 'Short-lived').press('Enter');
  await page.getByRole('textbox', { name: 'Text' }).fill('What I was typing');
  await pushDeletions(request, laptop, ['a']);
  await expect(page.getByText('The task that you were editing was deleted on another device.')).toBeVisible();
  await page.getByRole('button', { name: 'Keep it' }).click();
  await expect(task(page, 'What I was typing')).toBeVisible();
});

test('a text that changes elsewhere while it is edited is shown beside the field', async ({
  browser,
  request,
}) => {
  const email = newEmail();
  const page = await newDevice(browser);
  await register(page, email);
  await add(page, 'As it was');
  await syncNow(page);
  const key = await row(page, 'As it was').getAttribute('data-key');
  await task(page, 'As it was').press('Enter');
  await page.getByRole('textbox', { name: 'Text' }).fill('As I type it');
  const laptop = await otherDevice(request, 'login', email, 'laptop');
  await pushTasks(request, laptop, [{ id: key ?? '', content: 'As the laptop has it' }]);
  await expect(page.getByText('Changed on another device meanwhile')).toContainText('As the laptop has it');
  await page.getByRole('textbox', { name: 'Text' }).press('Enter');
  await expect(task(page, 'As I type it')).toBeVisible();
});
