import type {
  Conflict,
  Credentials,
  DeviceStatus,
  HistoryEntry,
  SessionInfo,
  Usage,
} from './domain/protocol';
import type { HeldAnswer, Rejection } from './domain/replica';
import type { RunEnd } from './domain/run-end';
import type { Change } from './domain/task';
import type { Task } from './domain/view';

/** How this device stands, for a person to see. A new object after each change; equal objects are the same one. */
export interface SyncStatus {
  /**
   * online · degraded: the service is at capacity, edits wait or only reads do · offline: nobody answers ·
   * sign_in_needed: nobody is logged in, or the session is over; edits are kept.
   */
  readonly state: 'online' | 'degraded' | 'offline' | 'sign_in_needed';
  /** Unix milliseconds. */
  readonly since: number;
  /** What to tell the person (SPEC 6.2); empty: nothing. */
  readonly message: string;
  /** Somebody is logged in. While their session has expired and is to be renewed, they are. */
  readonly loggedIn: boolean;
  /** Whose tasks these are: who is logged in, or was last. Empty: nobody ever was. */
  readonly email: string;
  readonly userId: string;
  /** What the service calls this device. Empty: it has not synced yet. */
  readonly deviceId: string;
  /** Tasks with edits that the server has not answered, and when the oldest was made. */
  readonly pending: number;
  readonly oldestPending: number | null;
  /** It has been waiting for more than a day: the person is to be told. */
  readonly overdue: boolean;
  /** As many as rejected() and conflicts() list. */
  readonly rejected: number;
  readonly conflicts: number;
  /** Set: agreeToMassChange or refuseMassChange is asked for. */
  readonly held: HeldAnswer | null;
  /** Unix milliseconds of the last complete sync, in whichever tab; 0: never. */
  readonly syncedAt: number;
  /** When the next sync is due, while a tab is there to do it. Null: not before something happens. */
  readonly nextDue: number | null;
  /** A live stream is open, in this tab or another: edits elsewhere come at once. */
  readonly live: boolean;
  /** A sync runs, in this tab or another. */
  readonly syncing: boolean;
  /** This tab is the one that syncs by itself. */
  readonly leading: boolean;
}

export interface SyncNowOptions {
  /** Milliseconds; as long as it takes if absent. */
  readonly patience?: number;
}

export interface EraseOptions {
  /** Also what the service has not got, or has refused. */
  readonly evenUnsent?: boolean;
}

export type Unsubscribe = () => void;

/**
 * Keeps a person's tasks in this browser in step with the service. Everything a person does is stored on the device
 * first and never waits for the network. Several tabs may open the same store: they see each other's edits, and one
 * of them syncs.
 *
 * All methods that return a promise reject with a SyncError; its `code` is named with the method. Any may reject
 * with `storage_full`, `storage_failed` or `storage_newer`. Those that ask the service reject also with what it
 * answered, with `no_answer` if nobody did, and with `missing_token` if the person has to log in.
 *
 * What the methods without a promise return is a snapshot in memory: reading costs nothing, a new object means
 * a change. A promise of an edit resolves when the edit is stored and the snapshot shows it.
 */
export interface SyncManager {
  // ---- Who. These ask the service.

  /** email_taken, weak_password, invalid_email, rate_limited; other_account: the tasks here are somebody's. */
  register(who: Credentials): Promise<void>;
  /** bad_credentials, rate_limited; other_account: the tasks here belong to another account, see erase(). */
  login(who: Credentials): Promise<void>;
  /** Tasks and pending edits stay. Works without a network as well: then the session ends when it expires. */
  logout(): Promise<void>;
  /** Ends the person's other sessions. bad_credentials, weak_password. */
  changePassword(currentPassword: string, newPassword: string): Promise<void>;
  sessions(): Promise<readonly SessionInfo[]>;
  /** not_found. The current one may be revoked as well: then the person has to log in again. */
  revokeSession(id: string): Promise<void>;
  /** All that the service keeps for the person. What is in this browser stays, see erase(). bad_credentials. */
  deleteAccount(password: string): Promise<void>;
  /**
   * Logs out and removes all that this browser holds, so that nothing is left for whoever uses it next. Any
   * person may log in then. unsent_edits: something would be lost; nothing is removed.
   */
  erase(options?: EraseOptions): Promise<void>;

  // ---- Tasks: on the device, at once

  /** validation: the text is empty or too long (16,384 bytes of UTF-8). Edits: also not_found. */
  add(content: string): Promise<Task>;
  edit(id: string, content: string): Promise<Task>;
  complete(id: string, completed: boolean): Promise<Task>;
  pin(id: string, pinned: boolean): Promise<Task>;
  delete(id: string): Promise<void>;
  /** A deleted task that listDeleted() has. */
  restore(id: string): Promise<Task>;

  /**
   * The tasks that the person sees, by id. The same map for as long as the manager lives, changed in place before
   * the subscribers of tasks are called; its values are never changed, only replaced.
   */
  tasks(): ReadonlyMap<string, Task>;
  /** The same of deleted tasks whose text is still here (30 days). */
  deletedTasks(): ReadonlyMap<string, Task>;
  /** tasks(): open before completed, pinned first, the newest first. The same array until a task changes. */
  list(): readonly Task[];
  /** deletedTasks(), the last deleted first. */
  listDeleted(): readonly Task[];
  /**
   * Tasks changed, by this tab, by another, or by a sync: exactly these look otherwise than before, are new, or
   * are gone, in tasks() or in deletedTasks(). Called once for each stored step, after it.
   */
  subscribeTasks(changed: (ids: ReadonlySet<string>) => void): Unsubscribe;

  // ---- What went otherwise than the person meant

  /** Of each task that waits, the fields that do. */
  pending(): Promise<readonly Change[]>;
  /** Changes of these two are told as changes of the status. */
  rejected(): readonly Rejection[];
  conflicts(): readonly Conflict[];
  dismissRejected(rejection: Rejection): Promise<void>;
  dismissConflict(conflict: Conflict): Promise<void>;
  /** Takes up the discarded value by an edit, and dismisses the conflict. not_found: the task is gone. */
  restoreDiscarded(conflict: Conflict): Promise<void>;

  /** not_found: no answer is held (any more). */
  agreeToMassChange(): Promise<void>;
  refuseMassChange(): Promise<void>;

  // ---- What only the service knows

  /** Newest first. not_found: a task without a history. */
  history(id: string): Promise<readonly HistoryEntry[]>;
  devices(): Promise<readonly DeviceStatus[]>;
  usage(): Promise<Usage>;
  /** `GET /export`: all tasks and their history as the service has them, a file of JSON. */
  export(): Promise<Blob>;

  // ---- Moving house

  /** The visible tasks of this device as JSON, one a line. */
  exportTasks(): string;
  /**
   * Adds the tasks of such a text, or of what export() gives, that are not here (by id); resolves to how many.
   * validation: the text is neither; nothing is added.
   */
  importTasks(text: string): Promise<number>;

  // ---- Syncing

  /**
   * The person asks: syncs at once, or takes part in what another tab does. Resolves when all is sent; `how` says
   * whether all was pulled. Otherwise what is pending stays pending, and the error says why: patience_over,
   * rate_limited with retry_after (asking now would be in vain, and nothing was asked), or what the service said.
   */
  syncNow(options?: SyncNowOptions): Promise<RunEnd>;
  /** Syncs by itself from now on, if this tab leads; otherwise another does. Stays so until stop(). */
  start(): void;
  /** Gives up a request under way and lets another tab lead. start() may follow. */
  stop(): Promise<void>;
  /**
   * Whether the person is looking at this tab: then edits elsewhere are followed live, timers are shorter, and this
   * tab takes the lead. At first: no.
   */
  setForeground(foreground: boolean): void;
  /** A hint that the network is back. */
  networkIsBack(): void;

  status(): SyncStatus;
  /** status(), rejected() or conflicts() changed. */
  subscribeStatus(changed: (status: SyncStatus) => void): Unsubscribe;
  /** A sync of this tab ended. */
  subscribeSynced(ended: (end: RunEnd) => void): Unsubscribe;

  /** stop(), and lets go of the storage. The manager is of no use after it. */
  close(): Promise<void>;
}
