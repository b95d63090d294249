// Whether the server can be reached and is willing, and when to try again (SPEC 6.2). Pure.
import type { ScheduleSettings } from './settings';
import type { Connection } from './state';
import { clamp, DAY_MS, earliest, later, latest, type MaybeTime } from './times';

export type ConnectionState = 'online' | 'degraded' | 'offline';

// Doubling further would be cut to the longest wait anyway.
const DOUBLINGS_MAX = 20;

export function stateOf(connection: Connection): ConnectionState {
  if (connection.backoff_until !== null) return 'offline';
  return connection.quota_until !== null || connection.reads_paused_until !== null ? 'degraded' : 'online';
}

/** What a person is told; empty: nothing. */
export function messageOf(connection: Connection): string {
  if (connection.session === 'logged_out') return 'Log in again to sync. Tasks saved locally.';
  if (connection.v1_failed) return 'Sync unavailable. Try again later.';
  switch (stateOf(connection)) {
    case 'offline':
      return 'Offline. Tasks saved locally, will sync when the server can be reached.';
    case 'degraded':
      return 'Sync paused (service at capacity). Tasks saved locally, will sync tomorrow.';
    case 'online':
      return connection.refused_until === null
        ? ''
        : 'The server refuses what this app sends. Tasks saved locally.';
  }
}

/**
 * What an error code asks of a client. no_answer: nobody answered, or nobody who could; try again soon. refused: the
 * same request would be refused again.
 */
export type Failure = 'no_answer' | 'quota' | 'reads_paused' | 'limited' | 'token' | 'refused';

const FAILURES = new Map<string, Failure>([
  ['quota_exhausted', 'quota'],
  ['read_paused', 'reads_paused'],
  ['rate_limited', 'limited'],
  ['expired_token', 'token'],
  ['invalid_token', 'token'],
  ['missing_token', 'token'],
  ['token_reused', 'token'],
  ['bad_credentials', 'token'],
  ['malformed_json', 'refused'],
  ['bad_type', 'refused'],
  ['malformed_request', 'refused'],
  ['forbidden', 'refused'],
  ['not_found', 'refused'],
  ['method_not_allowed', 'refused'],
  ['body_too_large', 'refused'],
  ['too_many_changes', 'refused'],
  ['unsupported_media_type', 'refused'],
  ['validation', 'refused'],
  ['headers_too_large', 'refused'],
  ['not_implemented', 'refused'],
]);

export function failureOf(code: string): Failure {
  return FAILURES.get(code) ?? 'no_answer';
}

export interface FailedRequest {
  readonly failure: Failure;
  readonly retry_after: number | null;
  readonly pushed: boolean;
}

/** Whether onFailure uses its draw. */
export function isSpread(failure: Failure): boolean {
  return failure === 'no_answer' || failure === 'quota' || failure === 'reads_paused';
}

export function onFailure(
  connection: Connection,
  failed: FailedRequest,
  settings: ScheduleSettings,
  now: number,
  draw: number,
): void {
  if (failed.failure === 'token') {
    tokenRefused(connection, now);
    return;
  }
  // Whoever answers otherwise has let the token in, or nobody has looked at it.
  connection.refreshed = false;
  const asked = clamp(failed.retry_after ?? 0, 0, settings.wait.server_longest_seconds);
  if (failed.failure === 'no_answer') {
    connection.unanswered += 1;
    connection.backoff_until = later(now, asked + backoffMax(connection.unanswered, settings) * draw);
    return;
  }
  connection.backoff_until = null;
  connection.unanswered = 0;
  switch (failed.failure) {
    case 'quota':
    case 'reads_paused': {
      const pause = failed.retry_after === null ? (DAY_MS - (now % DAY_MS)) / 1_000 : asked;
      const until = later(now, pause + settings.wait.midnight_spread_seconds * draw);
      connection.quota_until = failed.failure === 'quota' ? until : null;
      if (failed.failure === 'reads_paused') connection.reads_paused_until = until;
      return;
    }
    case 'limited': {
      connection.limited += 1;
      const until = later(now, Math.max(asked, backoffMax(connection.limited, settings)));
      if (failed.pushed) connection.limited_until = until;
      else connection.reads_limited_until = until;
      return;
    }
    case 'refused':
      connection.refused_until = later(now, Math.max(asked, settings.wait.refused_seconds));
  }
}

/** An answer was stored; `pulled`: with its pull. */
export function onSuccess(connection: Connection, pulled: boolean): void {
  connection.backoff_until = null;
  connection.quota_until = null;
  connection.limited_until = null;
  connection.refused_until = null;
  connection.unanswered = 0;
  connection.limited = 0;
  connection.refreshed = false;
  connection.v1_failed = false;
  if (!pulled) return;
  connection.reads_paused_until = null;
  connection.reads_limited_until = null;
}

export function onNetworkBack(
  connection: Connection,
  settings: ScheduleSettings,
  now: number,
  draw: number,
): void {
  if (connection.backoff_until === null) return;
  connection.unanswered = 0;
  const soon = later(now, settings.backoff.first_seconds * draw);
  connection.backoff_until = earliest(connection.backoff_until, soon);
}

export function onTokenRenewed(connection: Connection, byRefresh: boolean): void {
  connection.session = 'logged_in';
  connection.expired = null;
  connection.backoff_until = null;
  connection.refreshed ||= byRefresh;
}

export function onRenewalFailed(
  connection: Connection,
  failed: FailedRequest,
  settings: ScheduleSettings,
  now: number,
  draw: number,
): void {
  if (failed.failure === 'token' || failed.failure === 'refused') connection.session = 'logged_out';
  else onFailure(connection, failed, settings, now, draw);
}

// The time up to which requests of a kind wait, if any does. A person who asks breaks a backoff and a pause, not
// what the server's arithmetic makes certain to fail.

export function pushesWaitUntil(connection: Connection): MaybeTime {
  const { backoff_until, quota_until, limited_until, refused_until } = connection;
  return latest(backoff_until, quota_until, limited_until, refused_until);
}

export function readsWaitUntil(connection: Connection): MaybeTime {
  const { reads_paused_until, reads_limited_until } = connection;
  return latest(pushesWaitUntil(connection), reads_paused_until, reads_limited_until);
}

export function askWaitsUntil(connection: Connection, pushes: boolean): MaybeTime {
  const { limited_until, reads_limited_until } = connection;
  return pushes ? limited_until : latest(limited_until, reads_limited_until);
}

export function renewalWaitsUntil(connection: Connection): MaybeTime {
  return latest(connection.backoff_until, connection.quota_until, connection.limited_until);
}

// After so many failures in a row.
function backoffMax(failures: number, { backoff }: ScheduleSettings): number {
  const doublings = clamp(failures - 1, 0, DOUBLINGS_MAX);
  return Math.min(backoff.longest_seconds, backoff.first_seconds * 2 ** doublings);
}

function tokenRefused(connection: Connection, now: number): void {
  if (connection.refreshed) {
    connection.session = 'logged_out';
    return;
  }
  connection.session = 'expired';
  connection.expired = now;
}
