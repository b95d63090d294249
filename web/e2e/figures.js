// What the page costs a person who waits, on the stack at TIDEMARK_URL: `npm run figures`. Prints the table of docs/web.md.
import { chromium } from '@playwright/test';

const url = process.env.TIDEMARK_URL ?? 'http://127.0.0.1:8080';
const PASSWORD = 'correct horse battery';
const MANY = 10_000;
const PER_PUSH = 1_000;
const ROUNDS = 3;
// What Lighthouse calls a slow phone: a quarter of this machine, 1.6 Mbit/s, 150 ms for each round trip.
const SLOW_CPU = 4;
const SLOW_NETWORK = { offline: false, latency: 150, downloadThroughput: 204_800, uploadThroughput: 96_000 };

/** @typedef {{ lcp: number, cls: number, tbt: number, script: number }} Load */

/** @param {number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** Notes what the browser tells of a load. @param {import('@playwright/test').Page} page */
async function observe(page) {
  await page.addInitScript(() => {
    const seen = { lcp: 0, cls: 0, tbt: 0 };
    Object.assign(window, { seen });
    /** @param {string} type @param {(entry: any) => void} note */
    const on = (type, note) => {
      new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
    };
    on('largest-contentful-paint', (entry) => {
      seen.lcp = entry.startTime;
    });
    on('layout-shift', (entry) => {
      if (!entry.hadRecentInput) seen.cls += entry.value;
    });
    on('longtask', (entry) => {
      seen.tbt += entry.duration - 50;
    });
  });
}

/**
 * @param {import('@playwright/test').Page} page
 * @param {() => Promise<unknown>} load
 * @returns {Promise<Load>}
 */
async function measured(page, load) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', SLOW_NETWORK);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOW_CPU });
  const scripts = new Set();
  let script = 0;
  session.on(
    'Network.responseReceived',
    ({ requestId, type }) => type === 'Script' && scripts.add(requestId),
  );
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) script += encodedDataLength;
  });
  await load();
  await page.waitForLoadState('networkidle');
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  const seen = await page.evaluate(() => /** @type {any} */ (window).seen);
  await session.detach();
  return { ...seen, script };
}

/** @param {import('@playwright/test').Browser} browser */
async function coldLoad(browser) {
  const page = await (await browser.newContext({ baseURL: url })).newPage();
  await observe(page);
  const load = await measured(page, () => page.goto('/'));
  await page.context().close();
  return load;
}

/** A person with many tasks. @param {import('@playwright/test').APIRequestContext} request */
async function personWithMany(request) {
  const email = `ada-${crypto.randomUUID()}@example.org`;
  const answer = await request.post('/auth/register', {
    data: { email, password: PASSWORD, device_id: 'mill' },
  });
  const headers = { Authorization: `Bearer ${(await answer.json()).access_token}` };
  for (let from = 0; from < MANY; from += PER_PUSH) {
    const changes = Array.from({ length: PER_PUSH }, (_, index) => ({
      id: `task-${from + index}`,
      mutation_id: from + index + 1,
      version: 1,
      updated_at: Date.now(),
      device_id: 'mill',
      content: `Task ${from + index}, with a text as long as most are`,
      completed: index % 3 === 0,
    }));
    await request.post('/sync', { headers, data: { device_id: 'mill', last_sync: 0, limit: 1, changes } });
  }
  return email;
}

/** @param {import('@playwright/test').Browser} browser */
async function manyTasks(browser) {
  const context = await browser.newContext({ baseURL: url });
  const email = await personWithMany(context.request);
  const page = await context.newPage();
  await page.goto('/');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  const clicked = Date.now();
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByText('Synced just now').first().waitFor();
  const first_sync = Date.now() - clicked;
  await page.evaluate(() => navigator.serviceWorker.ready);

  const opened = [];
  const found = [];
  for (let round = 0; round < ROUNDS; round++) {
    await page.reload();
    await page.getByRole('checkbox').first().waitFor();
    opened.push(await page.evaluate(() => performance.now()));
    found.push(
      await page.evaluate(async () => {
        const field = /** @type {HTMLInputElement} */ (document.getElementById('search'));
        const list = /** @type {HTMLElement} */ (document.querySelector('.list'));
        const began = performance.now();
        const shown = new Promise((resolve) =>
          new MutationObserver(() => resolve(performance.now())).observe(list, {
            childList: true,
            attributes: true,
          }),
        );
        field.value = '9999';
        field.dispatchEvent(new Event('input', { bubbles: true }));
        return /** @type {number} */ (await shown) - began;
      }),
    );
  }
  await context.close();
  return { first_sync, opened: median(opened), found: median(found) };
}

const browser = await chromium.launch({
  executablePath: process.env.TIDEMARK_CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  /** @type {Load[]} */
  const loads = [];
  for (let round = 0; round < ROUNDS; round++) loads.push(await coldLoad(browser));
  const many = await manyTasks(browser);
  const of = (/** @type {keyof Load} */ name) => median(loads.map((load) => load[name]));
  const rows = [
    ['first load, slow phone: largest contentful paint', `${Math.round(of('lcp'))} ms`],
    ['first load, slow phone: total blocking time', `${Math.round(of('tbt'))} ms`],
    ['first load: cumulative layout shift', of('cls').toFixed(3)],
    ['first load: script on the wire', `${Math.round(of('script') / 1_000)} KB`],
    [`first sync of ${MANY.toLocaleString('en')} tasks, from the click to the list`, `${many.first_sync} ms`],
    [
      `opening with ${MANY.toLocaleString('en')} tasks, to the first of them`,
      `${Math.round(many.opened)} ms`,
    ],
    [
      `a word searched for among ${MANY.toLocaleString('en')} tasks, to the list`,
      `${many.found.toFixed(1)} ms`,
    ],
  ];
  console.log(`| what | figure |\n|---|---|\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}`);
} finally {
  await browser.close();
}
