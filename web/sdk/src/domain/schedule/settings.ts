// All numbers by which a client decides when to sync (SPEC 6.1 to 6.3). They stand in client/schedule.json, which
// both client libraries read; the build embeds it here. Durations are seconds, and named as in the file.
import * as numbers from '../../../../../client/schedule.json';

/** A member is named as in the file, which says what is what for both libraries; its `use` is for simulations. */
export type ScheduleSettings = Omit<typeof numbers, 'default'>;

const { v1, final, jitter, inactive_after_seconds, backoff, wait, sparing, unsent_overdue_seconds } = numbers;

export const SCHEDULE_SETTINGS: ScheduleSettings = {
  v1,
  final,
  jitter,
  inactive_after_seconds,
  backoff,
  wait,
  sparing,
  unsent_overdue_seconds,
};
