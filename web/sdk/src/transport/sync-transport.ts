// The port behind which the service is asked. The adapter is fetch; tests have a service in memory.
import type {
  Answer,
  Ask,
  Credentials,
  DeviceStatus,
  HistoryEntry,
  SessionInfo,
  Tokens,
  Usage,
} from '../domain/protocol';
import type { LimitTold } from '../domain/schedule/event';

export const ANSWER_TIMEOUT_MS = 30_000;

/** One call's circumstances. */
export interface Call {
  /** Absent: none is sent. */
  readonly token?: string;
  /** Milliseconds; ANSWER_TIMEOUT_MS if absent. */
  readonly timeout?: number;
  /** Who aborts it gets `cancelled`, at once. */
  readonly signal?: AbortSignal;
  /** It is sent even if the page is closed meanwhile. */
  readonly keepalive?: boolean;
}

export interface Reply {
  readonly answer: Answer;
  /** What it said of the bucket that it took from. */
  readonly limit: LimitTold | null;
}

/**
 * Throws SyncErrors only: what the service answered, with a status; no_answer and bad_answer, without one: it may or
 * may not have been done; cancelled.
 */
export interface SyncTransport {
  /** Safe to ask again. Resolves also to an error that was answered, and to no_answer; throws cancelled. */
  ask(call: Call, ask: Ask): Promise<Reply>;
  /**
   * Tells the current ETag and each later one, until the stream ends. There is no timeout: a stream whose other end is
   * dead ends by itself.
   */
  watch(call: Call, onHead: (etag: string) => void): Promise<void>;

  history(call: Call, id: string): Promise<readonly HistoryEntry[]>;
  devices(call: Call): Promise<readonly DeviceStatus[]>;
  usage(call: Call): Promise<Usage>;
  export(call: Call): Promise<Blob>;

  register(call: Call, who: Credentials, deviceId: string): Promise<Tokens>;
  login(call: Call, who: Credentials, deviceId: string): Promise<Tokens>;
  /** Safe to ask again within the grace of SPEC 9. */
  refresh(call: Call, refreshToken: string): Promise<Tokens>;
  logout(call: Call, refreshToken: string): Promise<void>;
  changePassword(call: Call, currentPassword: string, newPassword: string): Promise<void>;
  sessions(call: Call): Promise<readonly SessionInfo[]>;
  revokeSession(call: Call, id: string): Promise<void>;
  deleteAccount(call: Call, password: string): Promise<void>;
}
