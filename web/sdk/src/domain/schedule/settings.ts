// All numbers by which a client decides when to sync (SPEC 6.1 to 6.3). They stand in client/schedule.json, which
// both client libraries read; the build embeds it here. Durations are seconds, and named as in the file.
import {
  backoff,
  final,
  inactive_after_seconds,
  jitter,
  sparing,
  unsent_overdue_seconds,
  v1,
  wait,
} from '../../../../../client/schedule.json';

/** A member is named as in the file. What `use` holds there is for simulations. */
export interface ScheduleSettings {
  readonly v1: {
    readonly debounce_seconds: number;
    /** A person who goes on editing syncs at least this often. */
    readonly debounce_bound_seconds: number;
    /** While the app is in front. */
    readonly timer_seconds: number;
  };
  readonly final: {
    readonly debounce_seconds: number;
    readonly debounce_bound_seconds: number;
    /** The first, the second … timer in a row while the app is in front; the last one repeats. */
    readonly front_timers_seconds: readonly number[];
    readonly behind_active_seconds: number;
    readonly behind_inactive_seconds: number;
    /** Who comes back within this time has not left. */
    readonly visit_gap_seconds: number;
    /** From the first news of a live stream to the sync that fetches it, and what else comes until then. */
    readonly head_gather_seconds: number;
  };
  /** Of each timer, either way. */
  readonly jitter: number;
  /** No task created and none edited for this long: inactive. */
  readonly inactive_after_seconds: number;
  readonly backoff: { readonly first_seconds: number; readonly longest_seconds: number };
  readonly wait: {
    /** Whom the day's quota sent away comes back within this time after midnight UTC. */
    readonly midnight_spread_seconds: number;
    /** After an answer that a repetition would get again. */
    readonly refused_seconds: number;
    /** The shortest wait for a pull that the server put off. */
    readonly deferred_shortest_seconds: number;
    /** No wait that a server asks for is longer. */
    readonly server_longest_seconds: number;
    /** A run that has not ended by then has died with its tab. */
    readonly run_longest_seconds: number;
  };
  readonly sparing: {
    /** The part of a bucket below which syncs become rarer. */
    readonly low: number;
    /** What debounce, its bound and head_gather grow to with no token left. */
    readonly debounce_longest_seconds: number;
    readonly debounce_bound_longest_seconds: number;
    /** The debounce with no token of push_reserve left. */
    readonly reserve_longest_seconds: number;
    readonly head_gather_longest_seconds: number;
  };
  /** An edit that has not left for this long is told to the person. */
  readonly unsent_overdue_seconds: number;
}

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
