// Points in time are Unix milliseconds, durations seconds.

/** Null: never, or not known. */
export type MaybeTime = number | null;

export const DAY_MS = 24 * 3_600_000;

/** Durations are rounded to milliseconds. */
export function later(from: number, seconds: number): number {
  return from + Math.round(seconds * 1_000);
}

export function latest(...times: MaybeTime[]): MaybeTime {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.max(...known);
}

export function earliest(...times: MaybeTime[]): MaybeTime {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
