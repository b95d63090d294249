// The self-check (SPEC 6.3): does this device have as many tasks, of the same versions, as the server says? Pure.
import type { Replica } from './replica';
import type { Difference, Totals } from './run-end';

/** Full resyncs to heal a difference come no closer than this. */
export const HEALING_INTERVAL_MS = 3_600_000;

/** `"<count>-<last_mod>-<version_sum>"`, with or without quotes. Null: it is not of this form. */
export function parseEtag(etag: string): Totals | null {
  const parts = /^(?:"(\d+)-\d+-(\d+)"|(\d+)-\d+-(\d+))$/.exec(etag);
  if (!parts) return null;
  const totals = { count: Number(parts[1] ?? parts[3]), version_sum: Number(parts[2] ?? parts[4]) };
  return Number.isSafeInteger(totals.count) && Number.isSafeInteger(totals.version_sum) ? totals : null;
}

/** The last healing is long enough ago. */
export function mayHeal(replica: Replica, now: number): boolean {
  const since = now - replica.healed_at;
  // A clock that was set back must not put the healing off for as long.
  return replica.healed_at === 0 || since < 0 || since >= HEALING_INTERVAL_MS;
}

export function totalsOf(replica: Replica): Totals {
  return { count: replica.live_count, version_sum: replica.version_sum };
}

/** Null: all is well, or `etag` says nothing. Only with nothing pending and a complete answer. */
export function selfCheck(replica: Replica, etag: string, now: number): Difference | null {
  const server = parseEtag(etag);
  const here = totalsOf(replica);
  if (!server || (server.count === here.count && server.version_sum === here.version_sum)) return null;
  return { here, server, heals: mayHeal(replica, now) };
}

/** As if the device had never synced: the next answer is the whole state. */
export function startOver(replica: Replica): void {
  replica.cursor = 0;
  replica.etag = '';
  replica.series = null;
}
