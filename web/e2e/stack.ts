// The stack that the tests run against, as whoever runs it could change it: `./run --limits FILE`.
import { readFileSync, writeFileSync } from 'node:fs';
import { type APIRequestContext, expect } from '@playwright/test';
import type { OtherDevice } from './service';

const SERVICES = ['RATELIMIT', 'AUTH', 'SYNC'];

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: see docs/web.md for what the browser tests need`);
  return value;
}

interface Requests {
  readonly used: number;
  /** Null: unlimited. */
  readonly budget: number | null;
}

/** Of the day, as the service tells whoever has the token. */
export async function requestsToday(request: APIRequestContext, { token }: OtherDevice): Promise<Requests> {
  const answer = await request.get('/usage', { headers: { Authorization: `Bearer ${token}` } });
  expect(answer.status(), await answer.text()).toBe(200);
  const budgets = (await answer.json()).quota.budgets as (Requests & { resource: string })[];
  return budgets.find(({ resource }) => resource === 'requests') ?? { used: 0, budget: null };
}

const DAY_MS = 24 * 60 * 60 * 1_000;
// More than a test takes that goes by the counts of a day.
const DAY_LEFT_MS = 60_000;

/** Shortly before midnight UTC, when counts begin anew, the new day is waited for. */
export async function dayWithRoom(): Promise<void> {
  const options = { timeout: 2 * DAY_LEFT_MS };
  await expect.poll(() => DAY_MS - (Date.now() % DAY_MS), options).toBeGreaterThan(DAY_LEFT_MS);
}

/** Runs with another budget of requests, which the service tells `device` that it has read; afterwards it is as before. */
export async function withBudget(
  request: APIRequestContext,
  device: OtherDevice,
  requests: number,
  act: () => Promise<void>,
): Promise<void> {
  const holds = async (budget: number | null) =>
    expect.poll(async () => (await requestsToday(request, device)).budget).toBe(budget);
  const file = needed('TIDEMARK_LIMITS_FILE');
  const before = readFileSync(file, 'utf8');
  const { budget } = await requestsToday(request, device);
  try {
    writeFileSync(file, `${before}\nbudgets { requests: ${requests} }\n`);
    readAgain();
    await holds(requests);
    await act();
  } finally {
    writeFileSync(file, before);
    readAgain();
    await holds(budget);
  }
}

function readAgain(): void {
  const env = readFileSync(needed('TIDEMARK_STACK_ENV'), 'utf8');
  for (const name of SERVICES) {
    const pid = new RegExp(`^TIDEMARK_${name}_PID=(\\d+)$`, 'm').exec(env)?.[1];
    if (!pid) throw new Error(`There is no pid of ${name}`);
    process.kill(Number(pid), 'SIGHUP');
  }
}
