// All that this device knows for one person apart from the tasks themselves. Plain values, stored in the same
// transactions as the tasks.
import type { Resync } from './protocol';
import type { Change } from './task';

/**
 * An answer of several pages that is not complete yet. Kept, so that a first sync of many tasks over a bad network
 * goes on where it was cut.
 */
export interface Series {
  /** Asks for the next page. */
  page: string;
  last_sync: number;
  resync: Resync | null;
  /** Living tasks of this device before it began. */
  tasks_before: number;
  /**
   * Not 0: it tells the whole state, with this number (Replica.whole_state). What it does not name by its end is
   * gone.
   */
  whole_state: number;
}

/** An answer that would remove so much that the person is asked first (guard.ts). */
export interface HeldAnswer {
  readonly removes: number;
  /** Living tasks before it. */
  readonly of: number;
  readonly since: number;
  /** Where the device will be when the person agrees. Null: the pull was deferred, the cursor stays. */
  readonly cursor: number | null;
  readonly etag: string;
  /** Not 0: it told the whole state, with this number, and what it did not name is gone as well. */
  readonly whole_state: number;
}

export interface Replica {
  /** Lives and dies with its numbers: none is used twice. Empty: a new store. */
  device_id: string;
  last_mutation_id: number;
  /** The highest number whose answer is stored. */
  acked: number;
  epoch: string | null;
  /** The server_time of the last complete answer; 0: never synced. */
  cursor: number;
  /** With its quotes. Empty: not known. */
  etag: string;
  /** This device's clock at the last complete sync, a 304 included; 0: never. */
  synced_at: number;
  series: Series | null;
  held: HeldAnswer | null;
  /**
   * Counts the answers that told the whole state. A row that was told carries the count (TaskState.named_in).
   */
  whole_state: number;
  /** Of living rows, for the self-check. */
  live_count: number;
  version_sum: number;
  /** The last full resync that a failed self-check asked for; 0: none. */
  healed_at: number;
}

/** A change that the server refused for good: the only copy of what the person did. */
export interface Rejection {
  readonly change: Change;
  readonly code: string;
  readonly detail: string;
  readonly at: number;
}

export function newReplica(): Replica {
  return {
    device_id: '',
    last_mutation_id: 0,
    acked: 0,
    epoch: null,
    cursor: 0,
    etag: '',
    synced_at: 0,
    series: null,
    held: null,
    whole_state: 0,
    live_count: 0,
    version_sum: 0,
    healed_at: 0,
  };
}
