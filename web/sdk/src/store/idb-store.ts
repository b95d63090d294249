import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { SyncError } from '../domain/errors';
import type { Conflict } from '../domain/protocol';
import type { Rejection, Replica } from '../domain/replica';
import type { Row } from '../domain/task';
import { IdbTransaction, STORES, type StoreName } from './idb-transaction';
import type { LocalStore, SavedSession, Transaction } from './local-store';
import type { TaskRecord } from './records';

export interface KeptConflict {
  readonly at: number;
  readonly field: string;
  /** Null: dismissed, and kept so that it does not come back. */
  readonly conflict: Conflict | null;
}

export interface KeptRejection {
  readonly rejection: Rejection;
}

export interface Schema extends DBSchema {
  tasks: {
    key: string;
    value: TaskRecord;
    indexes: { pending: number; edited: number; sent: number; doomed: number; named: number; dead: number };
  };
  /** The replica and the notes, by name. */
  values: { key: string; value: Replica | unknown };
  aside: { key: string; value: Row };
  conflicts: { key: [number, string]; value: KeptConflict };
  rejections: { key: number; value: KeptRejection };
  session: { key: string; value: SavedSession };
}

export type Database = IDBPDatabase<Schema>;
type Mode = 'readonly' | 'readwrite';

const VERSION = 1;
const INDEXES = ['pending', 'edited', 'sent', 'doomed', 'named', 'dead'] as const;

/** A store in the browser's IndexedDB. A task is a record of its own: an edit costs the same with ten or 100,000. */
export class IdbStore implements LocalStore {
  private hasNewer = false;
  private isClosed = false;
  private reopening: Promise<void> | null = null;

  private constructor(
    private readonly name: string,
    private database: Database,
  ) {}

  static async open(name: string): Promise<IdbStore> {
    let store: IdbStore | null = null;
    try {
      store = new IdbStore(name, await connect(name, () => store?.makeWay()));
      return store;
    } catch (error) {
      throw storageError(error, false);
    }
  }

  write<T>(body: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.run('readwrite', body);
  }

  read<T>(body: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.run('readonly', body);
  }

  close(): void {
    this.isClosed = true;
    this.database.close();
  }

  private makeWay(): void {
    this.hasNewer = true;
    this.database.close();
  }

  private async run<T>(mode: Mode, body: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      const tx = await this.begin(mode);
      tx.done.catch(() => {});
      let result: T;
      try {
        result = await body(new IdbTransaction(tx as never));
      } catch (error) {
        try {
          tx.abort();
        } catch {
          // It has failed by itself: then that is why.
          await tx.done;
        }
        throw error;
      }
      await tx.done;
      return result;
    } catch (error) {
      throw storageError(error, this.hasNewer);
    }
  }

  // A browser may close a connection under us, for want of memory or because its data is deleted. Nothing of the step
  // has happened then.
  private async begin(mode: Mode) {
    try {
      return this.transaction(mode);
    } catch (error) {
      const wasMeant = this.isClosed || this.hasNewer;
      if (wasMeant || !(error instanceof DOMException) || error.name !== 'InvalidStateError') throw error;
    }
    this.reopening ??= this.reopen().finally(() => {
      this.reopening = null;
    });
    await this.reopening;
    return this.transaction(mode);
  }

  // An edit that was shown as stored must outlive a power cut.
  private transaction(mode: Mode) {
    return this.database.transaction<StoreName[], Mode>(STORES, mode, { durability: 'strict' });
  }

  private async reopen(): Promise<void> {
    this.database = await connect(this.name, () => this.makeWay());
    if (this.isClosed) this.database.close();
  }
}

// A newer version of the page wants to change the storage: it must not wait for this tab.
function connect(name: string, makeWay: () => void): Promise<Database> {
  return openDB<Schema>(name, VERSION, { upgrade: create, blocking: makeWay });
}

function create(database: Database): void {
  const tasks = database.createObjectStore('tasks', { keyPath: 'id' });
  for (const name of INDEXES) tasks.createIndex(name, name);
  database.createObjectStore('values');
  database.createObjectStore('aside', { keyPath: 'id' });
  database.createObjectStore('conflicts', { keyPath: ['at', 'field'] });
  database.createObjectStore('rejections', { autoIncrement: true });
  database.createObjectStore('session');
}

function storageError(error: unknown, hasNewer: boolean): unknown {
  if (error instanceof SyncError || !(error instanceof Error)) return error;
  if (hasNewer || error.name === 'VersionError') {
    return new SyncError('storage_newer', 'This page is out of date. Load it again.', { cause: error });
  }
  if (error.name === 'QuotaExceededError') {
    const message = 'This browser has no room left for Tidemark. The last step was not saved.';
    return new SyncError('storage_full', message, { cause: error });
  }
  if (!(error instanceof DOMException)) return error;
  const message = `This browser's storage failed: ${error.message}`;
  return new SyncError('storage_failed', message, { cause: error });
}
