import type { SyncError } from './errors';

/** Living tasks, and the sum of their versions: what an ETag says of the state it names. */
export interface Totals {
  readonly count: number;
  readonly version_sum: number;
}

/** What the self-check found (SPEC 6.3). It holds no content. */
export interface Difference {
  readonly here: Totals;
  readonly server: Totals;
  /** False: the last healing is less than an hour ago. */
  readonly heals: boolean;
}

/** How a sync ended. */
export interface RunEnd {
  /**
   * complete: all is sent and all was pulled. deferred: all is sent; the pull waits for `retry_after`. held: all is
   * sent; the answer waits for the person's consent (SyncStatus.held). failed: `error` says why; what is pending
   * stays pending.
   */
  how: 'complete' | 'deferred' | 'held' | 'failed';
  error: SyncError | null;
  /** Seconds; with `deferred`. */
  retry_after: number | null;
  /** Seconds, as the server suggests. */
  next_sync_in: number | null;
  difference: Difference | null;
  /** Told to the person in this run, and kept until dismissed. */
  conflicts: number;
  rejections: number;
  /** Changes that were answered. */
  pushed: number;
  /** Updates and deletions that were told. */
  pulled: number;
  /** Requests that were answered. */
  requests: number;
  /** A 304 said it all. */
  not_modified: boolean;
}
