import { expect, test } from 'vitest';
import { SyncError } from '../domain/errors';
import type { RunEnd } from '../domain/run-end';
import { MemoryStore } from '../store/memory-store';
import { eventOf, FencedStore, type RunReport } from './sync-run';

const END: RunEnd = {
  how: 'complete',
  error: null,
  retry_after: null,
  next_sync_in: 60,
  difference: null,
  conflicts: 0,
  rejections: 0,
  pushed: 0,
  pulled: 0,
  requests: 1,
  not_modified: false,
};

function reportOf(report: Partial<RunReport>): RunReport {
  return { end: END, givenUp: null, pushed: false, answers: 1, limits: [], ...report };
}

test('a run is over once another has begun, and stores nothing any more', async () => {
  const store = new MemoryStore();
  const [first, second] = [
    new FencedStore(store, 'first', () => 1),
    new FencedStore(store, 'second', () => 2),
  ];
  await first.write(async (tx) => tx.putNote('n', 'first'));
  await second.write(async (tx) => tx.putNote('n', 'second'));
  const late = first.write(async (tx) => tx.putNote('n', 'late'));
  await expect(late).rejects.toMatchObject({ code: 'cancelled' });
  await second.write(async () => {});
  expect(await store.read((tx) => tx.getNote('n'))).toBe('second');
  expect(await store.read((tx) => tx.getNote('run'))).toEqual({ id: 'second', at: 2 });
});

test.each([
  [
    'complete',
    reportOf({}),
    { is: 'run_done', etag: '"e"', next_sync_in: 60, deferred_for: null, edits_are_left: true },
  ],
  [
    'deferred',
    reportOf({ end: { ...END, how: 'deferred', retry_after: 90 } }),
    { is: 'run_done', etag: null, deferred_for: 90 },
  ],
  [
    'held',
    reportOf({ end: { ...END, how: 'held', retry_after: 90 } }),
    { is: 'run_done', etag: '"e"', deferred_for: null },
  ],
  [
    'refused',
    reportOf({
      end: {
        ...END,
        how: 'failed',
        error: new SyncError('rate_limited', '', { status: 429, retry_after: 7 }),
      },
      pushed: true,
      answers: 0,
    }),
    { is: 'run_failed', code: 'rate_limited', retry_after: 7, pushed: true, let_in: false },
  ],
  [
    'unanswered by Tidemark',
    reportOf({ end: { ...END, how: 'failed', error: new SyncError('bad_answer', '') } }),
    { is: 'run_failed', code: 'no_answer', let_in: true },
  ],
  ['given up', reportOf({ end: null }), { is: 'run_abandoned', let_in: true }],
])('the schedule hears of a run that was %s', (_, report, event) => {
  expect(eventOf(report, { etag: '"e"', editsAreLeft: true })).toMatchObject(event);
});
