import { type CDPSession, expect, type Page, test } from '@playwright/test';
import { logIn, newDevice, newEmail, task } from './person';
import { otherDevice, pushTasks } from './service';

const TASKS = 10_000;
const TASK_MS_MAX = 50;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  /** Of the time, what the thread had the processor for. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

async function trace(session: CDPSession, act: () => Promise<void>): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: object[] }) => events.push(...(value as TraceEvent[]));
  session.on('Tracing.dataCollected', collect);
  const categories = ['toplevel', 'devtools.timeline'];
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: categories },
  });
  await act();
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  session.off('Tracing.dataCollected', collect);
  return events;
}

/**
 * No task on the page's main thread takes longer than TASK_MS_MAX of its processor: what another process takes of
 * it meanwhile is no fault of the page.
 */
async function expectNoLongTask(page: Page, what: string, act: () => Promise<void>): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const events = await trace(session, act);
  await session.detach();
  const script = events.find(({ name }) => name === 'FunctionCall');
  const tasks = events.filter(
    ({ name, ph, pid, tid }) =>
      ph === 'X' && /RunTask$/.test(name) && pid === script?.pid && tid === script.tid,
  );
  const longest = Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1_000;
  const onTheClock = Math.max(...tasks.map(({ dur = 0 }) => dur)) / 1_000;
  console.log(
    `${what}: ${tasks.length} tasks, the longest ${longest.toFixed(1)} ms of the processor, ${onTheClock.toFixed(1)} ms on the clock`,
  );
  expect(tasks.length).toBeGreaterThan(0);
  expect(longest).toBeLessThanOrEqual(TASK_MS_MAX);
}

test(`${TASKS.toLocaleString('en')} tasks scroll and filter, and few rows exist at any time`, async ({
  browser,
  request,
}) => {
  test.slow();
  const email = newEmail();
  const many = await otherDevice(request, 'register', email, 'mill');
  await pushTasks(
    request,
    many,
    Array.from({ length: TASKS }, (_, index) => ({
      id: `task-${index}`,
      content: `Task ${index}${index % 7 === 0 ? ', one with a longer text that goes on to say what is to be done, by whom and until when, so that it takes two lines' : ''}${index % 100 === 0 ? ' café' : ''}`,
      completed: index % 3 === 0,
      pinned: index % 500 === 1,
    })),
  );
  const page = await newDevice(browser);
  await logIn(page, email, { timeout: 120_000 });
  await expect(page.getByRole('listitem').nth(1)).toHaveAttribute('aria-setsize', String(TASKS));

  await expectNoLongTask(page, 'scrolling', async () => {
    for (let step = 0; step < 40; step++) {
      await page.evaluate(
        async (by) => {
          scrollBy(0, by);
          await new Promise((resolve) => requestAnimationFrame(resolve));
        },
        step % 8 === 7 ? 20_000 : 900,
      );
    }
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(100_000);
    await page.evaluate(() => scrollTo(0, 0));
  });
  expect(await page.getByRole('listitem').count()).toBeLessThan(80);

  await expectNoLongTask(page, 'filtering', async () => {
    await page.getByRole('searchbox').pressSequentially('cafe 99', { delay: 20 });
    await expect(page.getByText('found', { exact: false })).not.toBeEmpty();
    await page.getByRole('searchbox').fill('');
    for (const filter of ['Done', 'To do', 'All']) await page.getByRole('radio', { name: filter }).check();
  });

  await page.getByRole('searchbox').fill('9900 café');
  await expect(page.getByText('1 found')).toBeAttached();
  await page.getByRole('searchbox').fill('');

  await expectNoLongTask(page, 'completing and pinning', async () => {
    await page.getByLabel('New task').focus();
    await page.keyboard.press('ArrowDown');
    for (const key of ['j', 'Space', 'j', 'p', 'p', 'k']) {
      await page.keyboard.press(key);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    }
  });
});

test('the last of many tasks is reached, and holds its place while others come above it', async ({
  browser,
  request,
}) => {
  const email = newEmail();
  const many = await otherDevice(request, 'register', email, 'mill');
  await pushTasks(
    request,
    many,
    Array.from({ length: 300 }, (_, index) => ({ id: `task-${index}`, content: `Task ${index}` })),
  );
  const page = await newDevice(browser);
  await logIn(page, email);
  await page.getByLabel('New task').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  const last = page.locator('.tasks :focus');
  await expect(last).toBeInViewport();
  const name = await last.evaluate(
    (box) => document.getElementById(box.getAttribute('aria-labelledby') ?? '')?.textContent ?? '',
  );
  const before = await task(page, name).boundingBox();

  await pushTasks(request, many, [{ id: 'new', content: 'One more above' }]);
  await expect(page.getByRole('heading', { name: 'To do' })).toHaveCount(0);
  await expect(page.getByRole('listitem').last()).toHaveAttribute('aria-setsize', '301');
  expect((await task(page, name).boundingBox())?.y).toBeCloseTo(before?.y ?? 0, 0);
});

test('what is added is seen, wherever in the list the person is', async ({ browser, request }) => {
  const email = newEmail();
  const many = await otherDevice(request, 'register', email, 'mill');
  await pushTasks(
    request,
    many,
    Array.from({ length: 300 }, (_, index) => ({
      id: `task-${index}`,
      content: `Task ${index}`,
      pinned: index < 40,
    })),
  );
  const page = await newDevice(browser);
  await logIn(page, email);
  await page.getByLabel('New task').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await expect(page.locator('.tasks :focus')).toBeInViewport();
  await page.getByLabel('New task').fill('Added from the end');
  await page.getByLabel('New task').press('Enter');
  await expect(task(page, 'Added from the end')).toBeInViewport();
});
