import type { Change, Fields, Update } from './task';

export interface FieldEdit {
  readonly value: string | boolean | number | null;
  readonly updated_at: number;
  readonly device_id: string;
}

/** Two devices edited the same field without having seen each other's edit. */
export interface Conflict {
  readonly id: string;
  readonly field: keyof Fields;
  readonly winner: 'server' | 'client';
  readonly kept: FieldEdit;
  readonly discarded: FieldEdit;
  /** The conflict's stamp; (`at`, `field`) is unique. */
  readonly at: number;
}

/** A change that was not stored; the rest of its request was. */
export interface Rejected {
  readonly id: string;
  readonly mutation_id: number;
  readonly code: string;
  readonly detail: string;
}

export type FullResyncReason = 'purged' | 'rewound';

/** One page of what a sync answers; most answers are one page. */
export interface Page {
  readonly updates: readonly Update[];
  readonly deleted: readonly string[];
  readonly conflicts: readonly Conflict[];
  readonly rejected: readonly Rejected[];
  readonly server_time: number;
  readonly epoch: string;
  /** Without quotes. Null until the last page, and when the pull was deferred. */
  readonly etag: string | null;
  /** Names the next page. Null: this is the last. */
  readonly page: string | null;
  /** Not null: this is page one of the whole state. */
  readonly full_resync_reason: FullResyncReason | null;
  /** Seconds. Not null: the push was stored, the pull was put off for this long. */
  readonly deferred_for: number | null;
}

/** What is asked of a sync. */
export interface Request {
  readonly last_sync: number;
  readonly epoch: string | null;
  readonly device_id: string;
  readonly acked: number;
  readonly client_time: number;
  readonly etag: string | null;
  readonly page: string | null;
  readonly changes: readonly Change[];
}
