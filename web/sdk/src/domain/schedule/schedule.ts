// When a client syncs, and what it shows of it (SPEC 6.1, 6.2, and 6.3 "sparing tokens"). No clock, no I/O.
//
//   const schedule = new Schedule(SCHEDULE_SETTINGS, 'final', Math.random);
//   schedule.on({ is: 'edited' }, now);
//   const due = schedule.next();
//   if (due && due.at <= now) {
//     schedule.on({ is: 'run_began', trigger: due.trigger }, now);
//     …                                                          // push, pull
//     schedule.on({ is: 'run_done', etag, next_sync_in: 21_600 }, now);
//   }
//   keep(schedule.save());
//
// Several tabs share one store: each loads what is saved before it tells an event, and saves in the same
// transaction. What is true of a tab alone (in front or behind, its live stream) is not saved and outlives load().
//
// `now` may jump. A clock set back shifts all that is kept, as if no time had passed meanwhile; after a leap
// forward, what became due is done once. A client that stays looks at the clock now and then ('tick'), because
// waiting for a time notices neither a sleep of the machine nor a clock that was set.
//
// Laws: while somebody is logged in a Final client always has something due, never further off than the longest
// wait a server may ask for; and every run that ends moves what is due on, whatever the answers say.
import { changedByEtag, isActiveAt } from './activity';
import {
  type ConnectionState,
  type FailedRequest,
  failureOf,
  isSpread,
  messageOf,
  onFailure,
  onNetworkBack,
  onRenewalFailed,
  onSuccess,
  onTokenRenewed,
  stateOf,
} from './connection';
import { comeToFront, type Due, goBehind, nextOfFinal, nextOfV1 } from './due';
import type { RunDone, RunFailed, ScheduleEvent } from './event';
import type { ScheduleSettings } from './settings';
import { noteLimit } from './sparing';
import {
  NO_WANTS,
  newConnection,
  newPresence,
  newSavedState,
  type SavedState,
  shift,
  type Wants,
} from './state';
import { clamp, DAY_MS, earliest, later, latest } from './times';

export type Protocol = 'v1' | 'final';

// Tabs on one store read the clock and save in either order; less than this is no clock that was set back.
const SET_BACK_MS = 60_000;

export class Schedule {
  private saved = newSavedState();
  private readonly presence = newPresence();

  /**
   * `draw`: 0 … 1, 1 excluded. Drawn in this order: by run_done once for the next timer, and, if the pull was put
   * off, once more; by run_failed and renewal_failed once where a wait is spread (no answer, quota_exhausted,
   * read_paused; V1: once for the next timer); by network_back once if the client was offline.
   */
  constructor(
    private readonly settings: ScheduleSettings,
    private readonly protocol: Protocol,
    private readonly draw: () => number,
  ) {}

  on(event: ScheduleEvent, now: number): void {
    this.rebase(now);
    const before = this.state;
    this.take(event, now);
    const { connection } = this.saved;
    if (this.state !== before || connection.since === null) connection.since = now;
  }

  /**
   * What to do next, and from when on: sync, or (renew) get a new access token. In the latter case look first
   * whether the store has another token than the one that was refused; only otherwise spend the refresh token.
   * Null: nothing is due until another event. `at` may be past.
   */
  next(): Due | null {
    const next = this.protocol === 'v1' ? nextOfV1 : nextOfFinal;
    return next(this.saved, this.presence, this.settings);
  }

  get state(): ConnectionState {
    return stateOf(this.saved.connection);
  }

  /** When it became so. */
  get stateSince(): number {
    return this.saved.connection.since ?? 0;
  }

  /** What the person is told of it; empty: nothing. */
  get message(): string {
    return messageOf(this.saved.connection);
  }

  get isLoggedOut(): boolean {
    return this.saved.connection.session === 'logged_out';
  }

  get isRunning(): boolean {
    return this.saved.run_began !== null;
  }

  /** A task was created or edited within the last seven days. */
  isActive(now: number): boolean {
    return isActiveAt(this.saved.changed, this.settings.inactive_after_seconds, now);
  }

  /** Plain values, to be kept as they are. */
  save(): SavedState {
    return structuredClone(this.saved);
  }

  /** What a newer version saved is read as far as this one knows it, what an older one saved is filled up. */
  load(saved: Partial<SavedState>): void {
    const fresh = newSavedState();
    this.saved = structuredClone({
      ...fresh,
      ...saved,
      wants: { ...fresh.wants, ...saved.wants },
      taken: { ...fresh.taken, ...saved.taken },
      connection: { ...fresh.connection, ...saved.connection },
    });
  }

  private take(event: ScheduleEvent, now: number): void {
    const { saved, presence, settings } = this;
    const { connection, wants } = saved;
    switch (event.is) {
      case 'edited':
        wants.edited_first ??= now;
        wants.edited_last = now;
        saved.changed = latest(saved.changed, now);
        break;
      case 'app_started':
        this.started(event.utc_offset, now);
        break;
      case 'came_to_front':
        comeToFront(presence, settings, now);
        break;
      case 'went_behind':
        goBehind(presence, now);
        break;
      case 'asked':
        wants.asked = now;
        break;
      case 'stream_opened':
      case 'stream_closed':
        presence.stream_is_open = event.is === 'stream_opened';
        break;
      case 'head_told':
        this.heard(event.etag, now);
        break;
      case 'network_back':
        if (connection.backoff_until !== null) onNetworkBack(connection, settings, now, this.draw());
        break;
      case 'run_began':
        // What a process took along that died is taken along as well.
        saved.taken = joined(saved.taken, wants);
        saved.wants = { ...NO_WANTS };
        saved.run_began = now;
        saved.run_trigger = event.trigger;
        break;
      case 'run_done':
        this.done(event, now);
        break;
      case 'run_failed':
        this.failed(event, now);
        break;
      case 'run_abandoned':
        if (event.let_in) connection.refreshed = false;
        this.giveBack();
        break;
      case 'token_renewed':
        onTokenRenewed(connection, event.by_refresh);
        break;
      case 'renewal_failed':
        this.renewalFailed(failedRequest(event.code, event.retry_after, true), now);
        break;
      case 'logged_in':
        saved.connection = newConnection();
        wants.pull = now;
        break;
      case 'logged_out':
        connection.session = 'logged_out';
        break;
      case 'tick':
        break;
    }
  }

  private rebase(now: number): void {
    const { saved } = this;
    saved.born ??= now;
    if (saved.seen !== null && now < saved.seen - SET_BACK_MS) shift(saved, this.presence, now - saved.seen);
    saved.seen = latest(saved.seen, now);
  }

  private started(utcOffset: number, now: number): void {
    const day = Math.trunc((now + utcOffset * 1_000) / DAY_MS);
    if (this.protocol === 'final' && day === this.saved.start_day) return;
    this.saved.start_day = day;
    this.saved.wants.started = now;
  }

  private heard(etag: string, now: number): void {
    const { saved } = this;
    saved.head_etag = unquoted(etag);
    if (saved.head_etag === saved.etag) saved.wants.head = null;
    else saved.wants.head ??= now;
  }

  private done(done: RunDone, now: number): void {
    const { saved, presence, settings } = this;
    const { wait } = settings;
    for (const limit of done.limits ?? []) noteLimit(saved, limit, now);
    const byTimer = saved.run_trigger === 'timer';
    presence.timers_in_a_row = presence.in_front && byTimer ? presence.timers_in_a_row + 1 : 0;
    saved.taken = { ...NO_WANTS };
    saved.run_began = null;
    saved.synced = now;
    saved.timer_jitter = this.drawJitter();
    const suggested = done.next_sync_in ?? null;
    saved.quiet_until =
      suggested === null ? null : later(now, Math.min(suggested, wait.server_longest_seconds));
    const deferred = done.deferred_for ?? null;
    if (deferred !== null) {
      const pause = clamp(deferred, wait.deferred_shortest_seconds, wait.server_longest_seconds);
      saved.wants.pull = later(now, pause + Math.min(pause, wait.midnight_spread_seconds) * this.draw());
    }
    saved.etag = unquoted(done.etag ?? '');
    saved.changed = changedByEtag(saved.changed, saved.etag, now);
    if (saved.head_etag === saved.etag) saved.wants.head = null;
    if (done.edits_are_left && saved.wants.edited_first === null) {
      saved.wants.edited_first = now;
      saved.wants.edited_last = now;
    }
    onSuccess(saved.connection, deferred === null);
  }

  private failed(failed: RunFailed, now: number): void {
    const { saved, settings } = this;
    for (const limit of failed.limits ?? []) noteLimit(saved, limit, now);
    const request = failedRequest(failed.code, failed.retry_after, failed.pushed ?? false);
    // A token that was good and has expired since says nothing against the session.
    if (failed.let_in) saved.connection.refreshed = false;
    if (request.failure === 'token') {
      this.giveBack();
      onFailure(saved.connection, request, settings, now, 0);
    } else if (this.protocol === 'v1') {
      // What it was wanted for comes along with the next timer, start or edit.
      saved.taken = { ...NO_WANTS };
      saved.run_began = null;
      saved.tried = now;
      saved.timer_jitter = this.drawJitter();
      saved.connection.v1_failed = true;
      saved.connection.refreshed = false;
    } else {
      this.giveBack();
      askNoMore(saved.wants);
      onFailure(saved.connection, request, settings, now, isSpread(request.failure) ? this.draw() : 0);
    }
  }

  private renewalFailed(request: FailedRequest, now: number): void {
    askNoMore(this.saved.wants);
    const draw = isSpread(request.failure) ? this.draw() : 0;
    onRenewalFailed(this.saved.connection, request, this.settings, now, draw);
  }

  // What the run was wanted for is wanted still.
  private giveBack(): void {
    this.saved.wants = joined(this.saved.taken, this.saved.wants);
    this.saved.taken = { ...NO_WANTS };
    this.saved.run_began = null;
  }

  private drawJitter(): number {
    // Whole millionths, as every client has it.
    return Math.round((1 + this.settings.jitter * (2 * this.draw() - 1)) * 1e6) / 1e6;
  }
}

function failedRequest(code: string, retry_after: number | null | undefined, pushed: boolean): FailedRequest {
  return { failure: failureOf(code), retry_after: retry_after ?? null, pushed };
}

// What a run took along and did not get done, and what came up meanwhile.
function joined(taken: Wants, since: Wants): Wants {
  return {
    edited_first: earliest(taken.edited_first, since.edited_first),
    edited_last: latest(taken.edited_last, since.edited_last),
    started: earliest(taken.started, since.started),
    asked: earliest(taken.asked, since.asked),
    head: earliest(taken.head, since.head),
    pull: earliest(taken.pull, since.pull),
  };
}

// A person asks for one attempt; after that the request waits like any other.
function askNoMore(wants: Wants): void {
  wants.pull = earliest(wants.pull, wants.asked);
  wants.asked = null;
}

// As a header has it, or as a stream tells it.
function unquoted(etag: string): string {
  return etag.replaceAll('"', '');
}
