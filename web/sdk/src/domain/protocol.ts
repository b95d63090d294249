// What a device asks and what it is answered (SPEC 3, 4), in the client's own types. The transport turns them into
// JSON and back. Plain values.
import type { SyncError } from './errors';
import type { Change, Field, FieldValue, Update } from './task';

// ---- Asked

/** Has anything changed? (SPEC 3.2) */
export interface CheckAsk {
  kind: 'check';
  device_id: string;
  /** With its quotes. */
  etag: string;
}

/** Push and pull (SPEC 3.3). */
export interface SyncAsk {
  kind: 'sync';
  last_sync: number;
  epoch?: string;
  device_id: string;
  acked: number;
  client_time?: number;
  /** With its quotes. */
  if_none_match?: string;
  page?: string;
  limit: number;
  changes: Change[];
}

/** V1 (SPEC 4). The changes give every field and have no number. */
export interface V1Ask {
  kind: 'v1';
  last_sync: number;
  changes: Change[];
}

export type Ask = CheckAsk | SyncAsk | V1Ask;

// ---- Answered

/** A value with its writer. */
export interface FieldEdit {
  readonly value: FieldValue;
  readonly updated_at: number;
  readonly device_id: string;
}

/** Two devices edited a field without having seen each other's edit. */
export interface Conflict {
  readonly id: string;
  readonly field: Field;
  readonly winner: 'server' | 'client';
  readonly kept: FieldEdit;
  readonly discarded: FieldEdit;
  /** The conflict's stamp; (`at`, `field`) is unique. */
  readonly at: number;
}

/** A change that was not stored; the rest of its request was. */
export interface Rejected {
  id: string;
  mutation_id: number;
  /** One of the SPEC's, e.g. "unknown_task". */
  code: string;
  detail: string;
}

export interface CheckAnswer {
  kind: 'check';
  not_modified: boolean;
  /** With its quotes. */
  etag: string;
  /** Seconds. Null: the server suggests nothing. */
  next_sync_in: number | null;
}

/** Why an answer is page one of the whole state: the cursor is too old, or a backup was restored. */
export type Resync = 'purged' | 'rewound';

/** One page of what a sync answers; most answers are one page. */
export interface Page {
  kind: 'page';
  updates: Update[];
  deleted: string[];
  conflicts: Conflict[];
  rejected: Rejected[];
  server_time: number;
  /** Empty: V1, which has none. */
  epoch: string;
  /** With its quotes. Empty until the last page, and when the pull was deferred. */
  etag: string;
  /** Names the next page. Null: this is the last. */
  page: string | null;
  full_resync: Resync | null;
  /** Seconds. Not null: the push was stored, the pull was put off for this long. */
  pull_deferred: number | null;
  /** Seconds. */
  next_sync_in: number | null;
}

/** A V1 answer, whole. */
export interface V1Page {
  kind: 'v1';
  /** Deleted ones included, with deleted_at. */
  updates: Update[];
  conflicts: Conflict[];
  server_time: number;
  full_resync: boolean;
}

/** An error: what is known after it is that the request may or may not have been stored. */
export type Answer = SyncError | CheckAnswer | Page | V1Page;

// ---- Of no sync

/** An earlier value of one task (SPEC 5.5). */
export interface HistoryEntry {
  readonly field: Field;
  readonly value: FieldValue;
  readonly version: number;
  readonly updated_at: number;
  readonly device_id: string;
  readonly at: number;
  readonly reason: 'overwritten' | 'conflict' | 'deleted';
}

/** How far one of the user's devices has got (SPEC 3.6). */
export interface DeviceStatus {
  readonly device_id: string;
  readonly last_seen: number;
  readonly cursor: number;
  readonly up_to_date: boolean;
  readonly changes_behind: number;
}

/** One of the person's sessions: a device that is logged in. */
export interface SessionInfo {
  readonly id: string;
  /** Null: none was named. */
  readonly device_id: string | null;
  readonly created_at: number;
  readonly last_used_at: number;
  /** The session of this browser. */
  readonly current: boolean;
}

/** The person's token buckets and the day's quota (SPEC 7, 8). Times in seconds. */
export interface Usage {
  readonly buckets: readonly {
    readonly policy: string;
    readonly remaining: number;
    readonly limit: number;
    readonly reset_after: number;
    readonly window: number;
  }[];
  readonly quota: {
    readonly state: 'open' | 'read_paused' | 'exhausted';
    /** Unix milliseconds of the day's beginning. */
    readonly day: number;
    readonly reset_after: number;
    readonly cache_off: boolean;
    readonly budgets: readonly {
      readonly resource: string;
      readonly used: number;
      /** Null: unlimited. */
      readonly budget: number | null;
    }[];
  };
  /** All limits of the API, by name. */
  readonly limits: Readonly<Record<string, number>>;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface Tokens {
  readonly user_id: string;
  readonly access_token: string;
  /** Seconds. */
  readonly expires_in: number;
  readonly refresh_token: string;
}
