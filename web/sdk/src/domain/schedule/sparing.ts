// Syncs become rarer as tokens run low (SPEC 6.3, 7), so that normal use never meets a 429. Pure.
//
// Between `low` of a bucket and none of it, a wait grows geometrically: each token less makes it longer by the same
// factor. With no token of `sync` left, pushes come no faster than push_reserve is refilled.
import type { LimitTold } from './event';
import type { ScheduleSettings } from './settings';
import type { Budget, SavedState } from './state';
import { clamp, type MaybeTime } from './times';

/** Takes down what an answer told of the buckets that syncs take from. */
export function noteLimit(state: SavedState, told: LimitTold, now: number): void {
  const { policy, limit, window } = told;
  const isOurs = policy === 'sync' || policy === 'push_reserve' || policy === 'live';
  if (!isOurs || limit < 1 || window <= 0) return;
  const interval_ms = Math.max(1, Math.floor((window * 1_000) / limit));
  state[policy] = { limit, interval_ms, full: now + Math.floor(clamp(told.reset, 0, window) * 1_000) };
}

/** What the bucket holds at `at` if nobody else takes from it; null: it was never told. */
export function tokensAt(budget: Budget, at: number): number | null {
  if (budget.full === null) return null;
  return Math.max(0, budget.limit - Math.ceil(Math.max(0, budget.full - at) / budget.interval_ms));
}

/** From when on the bucket holds a token; null: it is not known to lack one. */
export function hasTokenFrom(budget: Budget): MaybeTime {
  return budget.full === null ? null : budget.full - (budget.limit - 1) * budget.interval_ms;
}

export interface Spared {
  readonly debounce: number;
  readonly bound: number;
}

export function sparedDebounce(state: SavedState, { final, sparing }: ScheduleSettings, at: number): Spared {
  const spared = (base: number, longest: number, budget: Budget) =>
    spare({ base, longest, low: sparing.low }, budget, at);
  const debounce = Math.max(
    spared(final.debounce_seconds, sparing.debounce_longest_seconds, state.sync),
    spared(final.debounce_seconds, sparing.reserve_longest_seconds, state.push_reserve),
  );
  const bound = spared(final.debounce_bound_seconds, sparing.debounce_bound_longest_seconds, state.sync);
  return { debounce, bound: Math.max(bound, debounce) };
}

export function sparedGather(state: SavedState, { final, sparing }: ScheduleSettings, at: number): number {
  const wait = {
    base: final.head_gather_seconds,
    longest: sparing.head_gather_longest_seconds,
    low: sparing.low,
  };
  return spare(wait, state.live, at);
}

// Between `base` and `longest`, by what the bucket holds.
function spare(wait: { base: number; longest: number; low: number }, budget: Budget, at: number): number {
  const { base, longest } = wait;
  const tokens = tokensAt(budget, at);
  const low = wait.low * budget.limit;
  if (tokens === null || longest <= base || tokens >= low) return base;
  const seconds = base * (longest / base) ** ((low - tokens) / low);
  return Math.round(seconds * 1_000) / 1_000;
}
