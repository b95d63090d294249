// The port behind which a device keeps what it knows. Adapters: memory, IndexedDB.
//
//   await store.write(async (tx) => {
//     const [task] = await tx.getMany([id]);
//     editTask(task, { completed: true }, now);
//     tx.put(task);
//   });
//
// Each operation reads what it touches, decides, and writes it, in one transaction: several tabs share a store.
import type { Conflict } from '../domain/protocol';
import type { Rejection, Replica } from '../domain/replica';
import type { Field, Row } from '../domain/task';
import type { TaskState } from '../domain/task-state';

/** Conflicts are kept until there are more; the oldest go. The server's history has them all for 90 days. */
export const CONFLICTS_KEPT_MAX = 200;

/** What a transaction wrote. */
export interface Touched {
  /** As they were put last. */
  readonly tasks: ReadonlyMap<string, TaskState>;
  /** Conflicts or rejections. */
  readonly lists: boolean;
  /** All that was there is gone; `tasks` are those put since. */
  readonly cleared: boolean;
}

/**
 * One transaction, for the time of a call. Nothing but its own promises may be awaited meanwhile: a browser ends a
 * transaction that asks for nothing. What is read is a copy, what is put is taken as it is then.
 */
export interface Transaction {
  readonly touched: Touched;

  // ---- Scalars
  getReplica(): Promise<Replica>;
  putReplica(replica: Replica): void;
  /** Values of whoever drives the client (schedule, owner), each under a name of its own. */
  getNote(name: string): Promise<unknown>;
  putNote(name: string, value: unknown): void;
  /** Null: nobody is logged in. */
  getSession(): Promise<SavedSession | null>;
  putSession(session: SavedSession | null): void;

  // ---- Tasks
  /** Of each id its state; one that is unknown if nothing is known of it. */
  getMany(ids: readonly string[]): Promise<TaskState[]>;
  /** An unknown state is removed. */
  put(task: TaskState): void;
  /** All, dead ones included, by id, after `after`. */
  list(after: string, limit: number): Promise<TaskState[]>;
  /** Living rows that no whole state named since `wholeState`. */
  listUnnamed(wholeState: number): Promise<string[]>;
  listDoomed(): Promise<string[]>;
  /** Rows, with nothing pending, of tasks that were deleted before `before`. */
  listDeadBefore(before: number, limit: number): Promise<string[]>;

  // ---- The queue
  countPending(): Promise<number>;
  /** When the oldest pending edit was made; null: nothing is pending. */
  oldestPending(): Promise<number | null>;
  /** With a frozen change, by its number. */
  listSent(): Promise<TaskState[]>;
  /** With something pending and no frozen change, the oldest first. */
  listEdited(limit: number): Promise<TaskState[]>;
  /** Both, by id. */
  listPending(): Promise<TaskState[]>;

  // ---- Rows of a restored server, kept apart until all have come
  putAside(row: Row): void;
  getAside(ids: readonly string[]): Promise<(Row | null)[]>;
  removeAside(id: string): void;
  listAside(): Promise<string[]>;
  clearAside(): void;

  // ---- What the person is to be told
  /** False: it is known by (at, field), dismissed or not. */
  addConflict(conflict: Conflict): Promise<boolean>;
  /** Those not dismissed, the oldest first. */
  listConflicts(): Promise<Conflict[]>;
  dismissConflict(at: number, field: Field): Promise<void>;
  addRejection(rejection: Rejection): void;
  /** The oldest first. */
  listRejections(): Promise<Rejection[]>;
  dismissRejection(device_id: string, mutation_id: number): Promise<void>;

  /** Nothing of all this is left, the session included. */
  clear(): void;
}

/** Who is logged in, and the tokens that prove it. */
export interface SavedSession {
  readonly user_id: string;
  readonly email: string;
  readonly access_token: string;
  /** By this device's clock. */
  readonly access_expires_at: number;
  readonly refresh_token: string;
}

export interface Writes {
  /**
   * Runs `body` once, in a transaction of its own. It throws, or the store fails: nothing of it is stored. Otherwise
   * it is stored when the promise resolves, and outlives the death of the tab at once.
   */
  write<T>(body: (tx: Transaction) => Promise<T>): Promise<T>;
}

/** Errors are SyncErrors: storage_full, storage_failed, storage_newer. */
export interface LocalStore extends Writes {
  /** The same of one state, for reading alone. */
  read<T>(body: (tx: Transaction) => Promise<T>): Promise<T>;

  close(): void;
}
