/** What the service answers (SPEC 2). */
export type ServerCode =
  | 'malformed_json'
  | 'bad_type'
  | 'malformed_request'
  | 'missing_token'
  | 'invalid_token'
  | 'expired_token'
  | 'bad_credentials'
  | 'token_reused'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'email_taken'
  | 'page_expired'
  | 'body_too_large'
  | 'too_many_changes'
  | 'unsupported_media_type'
  | 'validation'
  | 'weak_password'
  | 'invalid_email'
  | 'rate_limited'
  | 'quota_exhausted'
  | 'headers_too_large'
  | 'internal'
  | 'not_implemented'
  | 'read_paused'
  | 'unavailable';

/** What the SDK finds by itself. */
export type LocalCode =
  /** The network is down, or the server is. What was asked may or may not have been done. */
  | 'no_answer'
  /** What answered is not Tidemark, or is newer than this SDK. */
  | 'bad_answer'
  /** It took longer than there was patience for, and goes on later. */
  | 'patience_over'
  /** close() or stop() came in between, or another tab has taken over. */
  | 'cancelled'
  /** The tasks in this browser belong to another account. */
  | 'other_account'
  /** Edits or refused edits would be lost. */
  | 'unsent_edits'
  /** The browser has no room left. Nothing was stored. */
  | 'storage_full'
  /** The browser's storage failed, or was closed under us. Nothing was stored. */
  | 'storage_failed'
  /** A newer version of the page has changed the storage: load the page again. */
  | 'storage_newer'
  /** The first version of the page is open in another tab, and holds what is to be taken over. */
  | 'first_version_open'
  /** No secure context, or a browser from before 2024. */
  | 'unsupported';

export type ErrorCode = ServerCode | LocalCode;

export interface ErrorDetails {
  /** Of the HTTP answer. */
  readonly status?: number | undefined;
  /** Seconds. */
  readonly retry_after?: number | undefined;
  /** JSON Pointer to the bad value. */
  readonly pointer?: string | undefined;
  readonly request_id?: string | undefined;
  readonly cause?: unknown;
}

/** Every error of this package. `code` says what happened, `message` says it for a person. */
export class SyncError extends Error {
  override readonly name = 'SyncError';
  readonly status: number | null;
  /** Seconds after which it is worth trying again; null: not said. */
  readonly retry_after: number | null;
  readonly pointer: string | null;
  readonly request_id: string | null;

  constructor(
    /** A newer service may have codes that are not listed here. */
    readonly code: ErrorCode | (string & {}),
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.status = details.status ?? null;
    this.retry_after = details.retry_after ?? null;
    this.pointer = details.pointer ?? null;
    this.request_id = details.request_id ?? null;
  }
}

/** The service was reached, and said so by a code. */
export function isAnswer(error: SyncError): boolean {
  return error.status !== null;
}
