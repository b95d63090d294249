// What happens to a client, as far as its schedule has to know. Durations are seconds.

/**
 * Why a sync is due, in the order in which it is told when several are. renew: the session's tokens are to be
 * renewed before anything can be synced. pull: a pull is owed; the server put it off, or the person's own request
 * failed.
 */
export const TRIGGERS = ['renew', 'ask', 'edit', 'head', 'pull', 'start', 'timer'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** The headers RateLimit and RateLimit-Policy (SPEC 7). */
export interface LimitTold {
  readonly policy: string;
  /** Whole tokens: left, and in a full bucket. */
  readonly remaining: number;
  readonly limit: number;
  /** Until the bucket is full, and how long an empty one takes to be full. */
  readonly reset: number;
  readonly window: number;
}

export interface RunDone {
  readonly is: 'run_done';
  /** Null: the pull was put off. */
  readonly etag: string | null;
  readonly next_sync_in?: number | null;
  /** `retry_after` of an answer with `pull_deferred`. */
  readonly deferred_for?: number | null;
  /** More edits waited than one run sends. */
  readonly edits_are_left?: boolean;
  /** One for each answer of the run that told any, in their order. */
  readonly limits?: readonly LimitTold[];
}

export interface RunFailed {
  readonly is: 'run_failed';
  /** As the SPEC names it; 'no_answer' if nothing came that says so. */
  readonly code: string;
  readonly retry_after?: number | null;
  /** The request that was refused carried changes. */
  readonly pushed?: boolean;
  readonly limits?: readonly LimitTold[];
  /** An earlier request of it was answered: its token was good. */
  readonly let_in?: boolean;
}

export type ScheduleEvent =
  /** A task was created or edited here, in the same transaction of the store. */
  | { readonly is: 'edited' }
  /** The app was started. The offset says when the person's day begins. */
  | { readonly is: 'app_started'; readonly utc_offset: number }
  /** The app is what the person looks at, or no longer. */
  | { readonly is: 'came_to_front' | 'went_behind' }
  /** The person asked for a sync. */
  | { readonly is: 'asked' }
  /** A live stream (SPEC 3.5) delivers, or no longer. */
  | { readonly is: 'stream_opened' | 'stream_closed' }
  /** The live stream told the user's current ETag. */
  | { readonly is: 'head_told'; readonly etag: string }
  /** The system says that there is a network again. */
  | { readonly is: 'network_back' }
  /** A run of requests begins. `trigger` is the one that next() gave. */
  | { readonly is: 'run_began'; readonly trigger: Trigger }
  /** Its answers are stored. */
  | RunDone
  /** It ended with an error. */
  | RunFailed
  /** It was given up, and nothing is known against the network. `let_in` as of RunFailed. */
  | { readonly is: 'run_abandoned'; readonly let_in?: boolean }
  /**
   * There is a new access token. `by_refresh`: this client spent its refresh token for it, for a run that is to
   * follow; else it was for something else, or another had.
   */
  | { readonly is: 'token_renewed'; readonly by_refresh: boolean }
  | { readonly is: 'renewal_failed'; readonly code: string; readonly retry_after?: number | null }
  | { readonly is: 'logged_in' | 'logged_out' }
  /** Nothing but that time has passed. */
  | { readonly is: 'tick' };
