// How long the oldest unsent edit has been waiting (SPEC 6.3). Pure.
import type { MaybeTime } from './times';

/** Whether the person is to be told. A clock that was set back makes no age negative. */
export function isOverdue(oldest_unsent: MaybeTime, unsent_overdue: number, now: number): boolean {
  return oldest_unsent !== null && now - oldest_unsent > unsent_overdue * 1_000;
}
