// Which sync is due next, and from when on. Pure functions of what the schedule remembers.
import { isActiveAt } from './activity';
import { askWaitsUntil, pushesWaitUntil, readsWaitUntil, renewalWaitsUntil } from './connection';
import { TRIGGERS, type Trigger } from './event';
import type { ScheduleSettings } from './settings';
import { hasTokenFrom, type Spared, sparedDebounce, sparedGather } from './sparing';
import type { Presence, SavedState, Wants } from './state';
import { earliest, later, latest, type MaybeTime } from './times';

export interface Due {
  readonly at: number;
  readonly trigger: Trigger;
}

export function nextOfV1(state: SavedState, presence: Presence, settings: ScheduleSettings): Due | null {
  const { connection, wants } = state;
  if (connection.session === 'logged_out') return null;
  if (connection.session === 'expired') return renewal(state, renewalWaitsUntil(connection));
  const deadFrom = deadAt(state, settings);
  const soonest = new Soonest(state);
  const { debounce_seconds: debounce, debounce_bound_seconds: bound, timer_seconds } = settings.v1;
  soonest.offer('ask', wants.asked);
  soonest.offer('edit', debounced(wants, { debounce, bound }));
  soonest.offer('start', wants.started);
  soonest.offer('pull', wants.pull);
  soonest.offer('pull', deadFrom);
  const last = latest(state.synced, state.tried);
  if (presence.in_front) {
    const timer = last === null ? state.born : later(last, jittered(timer_seconds, state));
    soonest.offer('timer', timer, deadFrom);
  }
  return soonest.due;
}

export function nextOfFinal(state: SavedState, presence: Presence, settings: ScheduleSettings): Due | null {
  const { connection, wants } = state;
  if (connection.session === 'logged_out') return null;
  if (connection.session === 'expired') {
    return renewal(state, wants.asked === null ? renewalWaitsUntil(connection) : connection.limited_until);
  }
  const pushesWait = pushesWaitUntil(connection);
  const readsWait = readsWaitUntil(connection);
  // A read that finds news takes a token of sync, or, with a stream open, of live.
  const pollsWait = latest(readsWait, hasTokenFrom(state.sync));
  const headWaits = presence.stream_is_open ? latest(readsWait, hasTokenFrom(state.live)) : pollsWait;
  const deadFrom = deadAt(state, settings);
  const soonest = new Soonest(state);
  soonest.offer('ask', wants.asked, askWaitsUntil(connection, wants.edited_first !== null));
  if (wants.edited_last !== null) {
    soonest.offer('edit', debounced(wants, sparedDebounce(state, settings, wants.edited_last)), pushesWait);
  }
  if (wants.head !== null) {
    soonest.offer('head', later(wants.head, sparedGather(state, settings, wants.head)), headWaits);
  }
  soonest.offer('pull', wants.pull, pollsWait);
  soonest.offer('pull', deadFrom, state.taken.edited_first === null ? pollsWait : pushesWait);
  soonest.offer('start', wants.started, pollsWait);
  soonest.offer('timer', timerOfFinal(state, presence, settings), latest(pollsWait, deadFrom));
  return soonest.due;
}

/** Who comes back soon goes on with the visit; else a visit begins, and with it the first of the timers in front. */
export function comeToFront(presence: Presence, { final }: ScheduleSettings, now: number): void {
  if (presence.in_front) return;
  const goesOn =
    presence.behind_since !== null && now <= later(presence.behind_since, final.visit_gap_seconds);
  presence.in_front = true;
  if (goesOn && presence.visit_since !== null) return;
  presence.visit_since = now;
  presence.timers_in_a_row = 0;
}

export function goBehind(presence: Presence, now: number): void {
  if (!presence.in_front) return;
  presence.in_front = false;
  presence.behind_since = now;
}

// Gathers what may be due and keeps the first. What was due by the last event comes in the order of triggers.
class Soonest {
  due: Due | null = null;
  private rank: Due | null = null;

  constructor(private readonly state: SavedState) {}

  /** Null in `wanted`: it is not. */
  offer(trigger: Trigger, wanted: MaybeTime, notBefore: MaybeTime = null): void {
    if (wanted === null) return;
    const offered = { at: Math.max(wanted, notBefore ?? wanted), trigger };
    const rank = { at: Math.max(offered.at, this.state.seen ?? 0), trigger };
    if (this.rank && !comesBefore(rank, this.rank)) return;
    this.due = offered;
    this.rank = rank;
  }
}

function comesBefore(a: Due, b: Due): boolean {
  return a.at === b.at ? TRIGGERS.indexOf(a.trigger) < TRIGGERS.indexOf(b.trigger) : a.at < b.at;
}

function jittered(seconds: number, state: SavedState): number {
  return seconds * state.timer_jitter;
}

function debounced({ edited_first, edited_last }: Wants, { debounce, bound }: Spared): MaybeTime {
  if (edited_first === null || edited_last === null) return null;
  return Math.min(later(edited_last, debounce), later(edited_first, bound));
}

// A run that has not ended by then died with its process, and gave nothing back. Until then its timer is not due
// again.
function deadAt(state: SavedState, { wait }: ScheduleSettings): MaybeTime {
  return state.run_began === null ? null : later(state.run_began, wait.run_longest_seconds);
}

function renewal({ connection }: SavedState, notBefore: MaybeTime): Due {
  return { at: Math.max(connection.expired ?? 0, notBefore ?? 0), trigger: 'renew' };
}

function timerOfFinal(state: SavedState, presence: Presence, settings: ScheduleSettings): MaybeTime {
  // Who has never synced is due at once.
  const { synced } = state;
  if (synced === null) return state.born ?? 0;
  const { final, inactive_after_seconds, jitter } = settings;
  const isActive = isActiveAt(state.changed, inactive_after_seconds, synced);
  const behind = isActive ? final.behind_active_seconds : final.behind_inactive_seconds;
  const behindDue = latest(later(synced, jittered(behind, state)), state.quiet_until);
  // With a stream open there is nothing to look for; the long timer is for a stream that lies.
  if (!presence.in_front || presence.stream_is_open) return behindDue;
  const timers = final.front_timers_seconds;
  const row = Math.min(presence.timers_in_a_row, timers.length - 1);
  const from = Math.max(synced, presence.visit_since ?? synced);
  const frontDue = later(from, jittered(timers[row] ?? behind, state));
  // An idle server suggests what the long timer is anyway. Only what is longer than that asks for quiet.
  const asksForQuiet = (state.quiet_until ?? 0) > later(synced, behind * (1 + jitter));
  return earliest(asksForQuiet ? latest(frontDue, state.quiet_until) : frontDue, behindDue);
}
