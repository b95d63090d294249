// What a schedule remembers.
import type { Trigger } from './event';
import type { MaybeTime } from './times';

/** What a run of requests is wanted for. Times are those at which it came up. */
export interface Wants {
  /** The first and the last edit that no run has taken along. */
  edited_first: MaybeTime;
  edited_last: MaybeTime;
  started: MaybeTime;
  asked: MaybeTime;
  head: MaybeTime;
  /** From then on a pull is owed. */
  pull: MaybeTime;
}

/** Tokens of one policy as the server last told them. Null in `full`: never told. */
export interface Budget {
  full: MaybeTime;
  limit: number;
  interval_ms: number;
}

export type SessionState = 'logged_in' | 'expired' | 'logged_out';

/** Waits, each until its time; none of them: a request may go. */
export interface Connection {
  /** No answer came: offline. */
  backoff_until: MaybeTime;
  /** The day's quota is used up, or its reads are paused: degraded. */
  quota_until: MaybeTime;
  reads_paused_until: MaybeTime;
  /** 429 rate_limited, of a request with changes and of one without. */
  limited_until: MaybeTime;
  reads_limited_until: MaybeTime;
  /** The server cannot take what this client sends. */
  refused_until: MaybeTime;
  /** Runs in a row without an answer, and (since the last that was let in) limited. */
  unanswered: number;
  limited: number;
  since: MaybeTime;
  session: SessionState;
  /** Since then a new token is wanted. */
  expired: MaybeTime;
  /** The token was refreshed for a run, and none has been let in since. */
  refreshed: boolean;
  /** V1: the last run failed. */
  v1_failed: boolean;
}

export interface SavedState {
  /** The newest time that was told. */
  seen: MaybeTime;
  born: MaybeTime;
  wants: Wants;
  /** What the run that is under way was wanted for. */
  taken: Wants;
  run_began: MaybeTime;
  run_trigger: Trigger;
  /** The last run that was done, and (V1) that failed. */
  synced: MaybeTime;
  tried: MaybeTime;
  /** Of the timer that began then. */
  timer_jitter: number;
  /** The server's next_sync_in. */
  quiet_until: MaybeTime;
  /** The local day of the last start that synced, in days since 1970. */
  start_day: number;
  /** The newest creation or edit of a task, here or (by the ETag) elsewhere. */
  changed: MaybeTime;
  /** The state that the client holds, and the newest that the live stream told; without quotes. */
  etag: string;
  head_etag: string;
  sync: Budget;
  push_reserve: Budget;
  live: Budget;
  connection: Connection;
}

/** What is true of this process alone. */
export interface Presence {
  in_front: boolean;
  visit_since: MaybeTime;
  behind_since: MaybeTime;
  /** Timers in a row that fired in this visit. */
  timers_in_a_row: number;
  stream_is_open: boolean;
}

export const NO_WANTS: Wants = {
  edited_first: null,
  edited_last: null,
  started: null,
  asked: null,
  head: null,
  pull: null,
};

export function newConnection(): Connection {
  return {
    backoff_until: null,
    quota_until: null,
    reads_paused_until: null,
    limited_until: null,
    reads_limited_until: null,
    refused_until: null,
    unanswered: 0,
    limited: 0,
    since: null,
    session: 'logged_in',
    expired: null,
    refreshed: false,
    v1_failed: false,
  };
}

export function newSavedState(): SavedState {
  return {
    seen: null,
    born: null,
    wants: { ...NO_WANTS },
    taken: { ...NO_WANTS },
    run_began: null,
    run_trigger: 'timer',
    synced: null,
    tried: null,
    timer_jitter: 1,
    quiet_until: null,
    start_day: -1,
    changed: null,
    etag: '',
    head_etag: '',
    sync: newBudget(),
    push_reserve: newBudget(),
    live: newBudget(),
    connection: newConnection(),
  };
}

export function newPresence(): Presence {
  return {
    in_front: false,
    visit_since: null,
    behind_since: null,
    timers_in_a_row: 0,
    stream_is_open: false,
  };
}

/** Shifts every time that is kept. */
export function shift(state: SavedState, presence: Presence, millis: number): void {
  shiftNamed(state, ['seen', 'born', 'run_began', 'synced', 'tried', 'quiet_until', 'changed'], millis);
  const wants = Object.keys(NO_WANTS) as (keyof Wants)[];
  shiftNamed(state.wants, wants, millis);
  shiftNamed(state.taken, wants, millis);
  for (const budget of [state.sync, state.push_reserve, state.live]) shiftNamed(budget, ['full'], millis);
  shiftNamed(state.connection, ['backoff_until', 'quota_until', 'reads_paused_until'], millis);
  shiftNamed(state.connection, ['limited_until', 'reads_limited_until', 'refused_until'], millis);
  shiftNamed(state.connection, ['since', 'expired'], millis);
  shiftNamed(presence, ['visit_since', 'behind_since'], millis);
}

function shiftNamed<K extends string>(
  times: Record<K, MaybeTime>,
  names: readonly K[],
  millis: number,
): void {
  for (const name of names) {
    const time = times[name];
    if (time !== null) times[name] = time + millis;
  }
}

function newBudget(): Budget {
  return { full: null, limit: 0, interval_ms: 0 };
}
