import type { Conflict } from './answer';
import type { Change, Fields, Row } from './task';

/** Edits of one task since the change that was last sent of it, not yet numbered. */
export interface Edit {
  /** The version of the row the edit was made on; 0: a new task. */
  readonly base: number;
  readonly created_at: number | null;
  readonly updated_at: number;
  readonly fields: Partial<Fields>;
}

/** What one task still owes the server. At least one of the two is there. */
export interface Pending {
  /** Frozen until answered: a retry must be the same, byte for byte, to be known as one. */
  readonly sent: Change | null;
  readonly edit: Edit | null;
}

/** A change the server refused, kept for the person to see. */
export interface Rejection {
  readonly change: Change;
  readonly code: string;
  readonly detail: string;
}

/**
 * All that this browser knows for one person, stored in one write.
 *
 * `rows` is what the server said; `pending` lies over it. So a pulled field cannot overwrite a pending edit:
 * they never meet before the answer. `device_id` lives and dies with its counter: a number is never reused.
 */
export interface Replica {
  readonly user_id: string;
  readonly device_id: string;
  readonly last_mutation_id: number;
  /** The highest mutation_id whose answer is stored. */
  readonly acked: number;
  readonly epoch: string | null;
  /** The `server_time` of the last complete answer; 0: never synced. */
  readonly cursor: number;
  readonly etag: string | null;
  /** This browser's clock at the last complete sync. */
  readonly synced_at: number | null;
  /** A deleted row stays as long as an edit of it is pending. */
  readonly rows: ReadonlyMap<string, Row>;
  readonly pending: ReadonlyMap<string, Pending>;
  readonly rejections: readonly Rejection[];
  readonly conflicts: readonly Conflict[];
}

export function newReplica(user_id: string, device_id: string): Replica {
  return {
    user_id,
    device_id,
    last_mutation_id: 0,
    acked: 0,
    epoch: null,
    cursor: 0,
    etag: null,
    synced_at: null,
    rows: new Map(),
    pending: new Map(),
    rejections: [],
    conflicts: [],
  };
}

/** A copy of the map with one entry set, or without it when the value is null. */
export function withEntry<V>(map: ReadonlyMap<string, V>, key: string, value: V | null): Map<string, V> {
  const copy = new Map(map);
  if (value === null) copy.delete(key);
  else copy.set(key, value);
  return copy;
}
