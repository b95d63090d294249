// Who has created no task and edited none for seven days is inactive (SPEC 6.1), on whichever device. Pure.
import { latest, type MaybeTime } from './times';

/**
 * An answer named the user's state. The second number of an ETag is the stamp of the user's newest change
 * (SPEC 3.2), by the server's clock: one that is ahead of ours counts as now.
 */
export function changedByEtag(changed: MaybeTime, etag: string, now: number): MaybeTime {
  const stamp = Number(/^[^-]*-(\d+)-/.exec(etag)?.[1] ?? 0);
  return stamp > 0 ? latest(changed, Math.min(stamp, now)) : changed;
}

export function isActiveAt(changed: MaybeTime, inactive_after: number, at: number): boolean {
  return changed !== null && at - changed <= inactive_after * 1_000;
}
