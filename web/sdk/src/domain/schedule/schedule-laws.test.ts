import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ScheduleEvent, TRIGGERS } from './event';
import { Schedule } from './schedule';
import { SCHEDULE_SETTINGS } from './settings';
import { DAY_MS } from './times';

const START = 1_767_225_600_000;
const CODES = ['no_answer', 'unavailable', 'rate_limited', 'quota_exhausted', 'read_paused', 'validation'];

const seconds = fc.oneof(fc.constant(0), fc.nat(100_000));
const maybe = fc.option(seconds);
const limits = fc.array(
  fc.record({
    policy: fc.constantFrom('sync', 'push_reserve', 'live'),
    remaining: fc.constant(0),
    limit: fc.constant(10),
    reset: seconds,
    window: seconds,
  }),
  { maxLength: 1 },
);

// What a server may say, sense or nonsense.
const answer: fc.Arbitrary<ScheduleEvent> = fc.oneof(
  fc.record({
    is: fc.constant('run_failed' as const),
    code: fc.constantFrom(...CODES),
    retry_after: maybe,
    pushed: fc.boolean(),
    limits,
  }),
  fc.record({
    is: fc.constant('run_done' as const),
    etag: fc.constantFrom('1-2-3', null),
    next_sync_in: maybe,
    deferred_for: maybe,
    limits,
  }),
);

const event: fc.Arbitrary<ScheduleEvent> = fc.oneof(
  { weight: 2, arbitrary: answer },
  {
    weight: 8,
    arbitrary: fc.constantFrom<ScheduleEvent>(
      { is: 'edited' },
      { is: 'app_started', utc_offset: 3_600 },
      { is: 'came_to_front' },
      { is: 'went_behind' },
      { is: 'asked' },
      { is: 'stream_opened' },
      { is: 'stream_closed' },
      { is: 'head_told', etag: '"4-5-6"' },
      { is: 'network_back' },
      { is: 'run_abandoned' },
      { is: 'tick' },
      ...TRIGGERS.map((trigger) => ({ is: 'run_began', trigger }) as const),
    ),
  },
);

// Moments, mostly; now and then the clock is set, or the machine sleeps.
const passes = fc.oneof(
  { weight: 19, arbitrary: fc.nat(600).map((some) => some * 1_000) },
  { weight: 1, arbitrary: fc.integer({ min: -1_000, max: 1_000 }).map((days) => days * DAY_MS) },
);

const steps = fc.array(fc.tuple(passes, event), { minLength: 1, maxLength: 100 });

function lived(
  life: readonly (readonly [number, ScheduleEvent])[],
  each: (schedule: Schedule, now: number) => void,
) {
  const schedule = new Schedule(SCHEDULE_SETTINGS, 'final', () => 0.75);
  let now = START;
  schedule.on({ is: 'app_started', utc_offset: 0 }, now);
  for (const [passed, happened] of life) {
    now = Math.max(now + passed, DAY_MS);
    schedule.on(happened, now);
    each(schedule, now);
  }
  return { schedule, now };
}

test('something is always due, and never further off than a server may ask for', () => {
  const { wait, backoff } = SCHEDULE_SETTINGS;
  // A clock that was set back by less than a minute is not noticed.
  const furthest = wait.server_longest_seconds + wait.midnight_spread_seconds + backoff.longest_seconds + 60;
  fc.assert(
    fc.property(steps, (life) => {
      lived(life, (schedule, now) => {
        const due = schedule.next();
        expect(due).not.toBeNull();
        expect((due?.at ?? 0) - now).toBeLessThanOrEqual(furthest * 1_000);
      });
    }),
    { numRuns: 300 },
  );
});

test('whatever the server answers, nobody syncs in a loop', () => {
  // A pull that was put off waits for a minute at least, and the first failures after it for seconds: of five
  // answers that take turns no more than this comes of it.
  const RUNS_PER_DAY_MAX = 6_000;
  fc.assert(
    fc.property(fc.array(answer, { minLength: 1, maxLength: 5 }), (answers) => {
      const schedule = new Schedule(SCHEDULE_SETTINGS, 'final', () => 0.5);
      let now = START;
      schedule.on({ is: 'app_started', utc_offset: 0 }, now);
      for (let runs = 0; now < START + DAY_MS; ++runs) {
        expect(runs).toBeLessThan(RUNS_PER_DAY_MAX);
        const due = schedule.next();
        now = Math.max(now, due?.at ?? START + DAY_MS);
        schedule.on({ is: 'run_began', trigger: due?.trigger ?? 'timer' }, now);
        schedule.on(answers[runs % answers.length] ?? { is: 'tick' }, now);
      }
    }),
    { numRuns: 100 },
  );
});

test('what is saved is all that outlives a tab', () => {
  fc.assert(
    fc.property(steps, (life) => {
      const { schedule, now } = lived(life, () => {});
      schedule.on({ is: 'stream_closed' }, now);
      schedule.on({ is: 'went_behind' }, now);
      const other = new Schedule(SCHEDULE_SETTINGS, 'final', () => 0.5);
      other.load(JSON.parse(JSON.stringify(schedule.save())));
      expect(other.next()).toEqual(schedule.next());
      expect(other.save()).toEqual(schedule.save());
      expect(other.message).toBe(schedule.message);
    }),
  );
});

test('what an older version saved is filled up, what a newer one saved is passed over', () => {
  const schedule = new Schedule(SCHEDULE_SETTINGS, 'final', () => 0.5);
  schedule.load({ synced: START, later: 'thing' } as never);
  expect(schedule.next()).toMatchObject({ trigger: 'timer' });
  expect(schedule.state).toBe('online');
});
