import type { IDBPTransaction } from 'idb';
import type { Conflict } from '../domain/protocol';
import { newReplica, type Rejection, type Replica } from '../domain/replica';
import type { Field, Row } from '../domain/task';
import { isUnknown, type TaskState, unknownTask } from '../domain/task-state';
import type { Schema } from './idb-store';
import { CONFLICTS_KEPT_MAX, type SavedSession, type Transaction } from './local-store';
import { recordOf, type TaskRecord } from './records';

export type StoreName = 'tasks' | 'values' | 'aside' | 'conflicts' | 'rejections' | 'session';
export const STORES: StoreName[] = ['tasks', 'values', 'aside', 'conflicts', 'rejections', 'session'];

const REPLICA = 'replica';
const SESSION = 'session';
const note = (name: string) => `note ${name}`;
const below = (key: number) => IDBKeyRange.upperBound(key, true);

/** Writes are asked for and not awaited: a later read of the transaction sees them, and a failure ends it. */
export class IdbTransaction implements Transaction {
  readonly touched = { tasks: new Map<string, TaskState>(), lists: false, cleared: false };

  constructor(private readonly tx: IDBPTransaction<Schema, StoreName[], 'readwrite'>) {}

  async getReplica(): Promise<Replica> {
    return ((await this.values.get(REPLICA)) as Replica | undefined) ?? newReplica();
  }

  putReplica(replica: Replica): void {
    asked(this.values.put(replica, REPLICA));
  }

  getNote(name: string): Promise<unknown> {
    return this.values.get(note(name));
  }

  putNote(name: string, value: unknown): void {
    asked(this.values.put(value, note(name)));
  }

  async getSession(): Promise<SavedSession | null> {
    return (await this.session.get(SESSION)) ?? null;
  }

  putSession(session: SavedSession | null): void {
    asked(session ? this.session.put(session, SESSION) : this.session.delete(SESSION));
  }

  getMany(ids: readonly string[]): Promise<TaskState[]> {
    return Promise.all(ids.map(async (id) => (await this.tasks.get(id))?.task ?? unknownTask(id)));
  }

  put(task: TaskState): void {
    this.touched.tasks.set(task.id, task);
    asked(isUnknown(task) ? this.tasks.delete(task.id) : this.tasks.put(recordOf(task)));
  }

  async list(after: string, limit: number): Promise<TaskState[]> {
    return tasksOf(await this.tasks.getAll(IDBKeyRange.lowerBound(after, true), limit));
  }

  listUnnamed(wholeState: number): Promise<string[]> {
    return this.tasks.index('named').getAllKeys(below(wholeState));
  }

  listDoomed(): Promise<string[]> {
    return this.tasks.index('doomed').getAllKeys();
  }

  listDeadBefore(before: number, limit: number): Promise<string[]> {
    return this.tasks.index('dead').getAllKeys(below(before), limit);
  }

  countPending(): Promise<number> {
    return this.tasks.index('pending').count();
  }

  async oldestPending(): Promise<number | null> {
    const first = await this.tasks.index('pending').openKeyCursor();
    return first?.key ?? null;
  }

  async listSent(): Promise<TaskState[]> {
    return tasksOf(await this.tasks.index('sent').getAll());
  }

  async listEdited(limit: number): Promise<TaskState[]> {
    // A limit of 0 would mean all.
    return limit === 0 ? [] : tasksOf(await this.tasks.index('edited').getAll(null, limit));
  }

  async listPending(): Promise<TaskState[]> {
    const pending = tasksOf(await this.tasks.index('pending').getAll());
    return pending.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  putAside(row: Row): void {
    asked(this.aside.put(row));
  }

  getAside(ids: readonly string[]): Promise<(Row | null)[]> {
    return Promise.all(ids.map(async (id) => (await this.aside.get(id)) ?? null));
  }

  removeAside(id: string): void {
    asked(this.aside.delete(id));
  }

  listAside(): Promise<string[]> {
    return this.aside.getAllKeys();
  }

  clearAside(): void {
    asked(this.aside.clear());
  }

  async addConflict(conflict: Conflict): Promise<boolean> {
    const { at, field } = conflict;
    if (await this.conflicts.getKey([at, field])) return false;
    this.touched.lists = true;
    asked(this.conflicts.put({ at, field, conflict }));
    const tooMany = (await this.conflicts.count()) - CONFLICTS_KEPT_MAX;
    if (tooMany > 0) {
      for (const key of await this.conflicts.getAllKeys(null, tooMany)) asked(this.conflicts.delete(key));
    }
    return true;
  }

  async listConflicts(): Promise<Conflict[]> {
    return (await this.conflicts.getAll()).flatMap(({ conflict }) => conflict ?? []);
  }

  async dismissConflict(at: number, field: Field): Promise<void> {
    if (!(await this.conflicts.getKey([at, field]))) return;
    this.touched.lists = true;
    asked(this.conflicts.put({ at, field, conflict: null }));
  }

  addRejection(rejection: Rejection): void {
    this.touched.lists = true;
    asked(this.rejections.add({ rejection }));
  }

  async listRejections(): Promise<Rejection[]> {
    return (await this.rejections.getAll()).map(({ rejection }) => rejection);
  }

  async dismissRejection(device_id: string, mutation_id: number): Promise<void> {
    this.touched.lists = true;
    let cursor = await this.rejections.openCursor();
    while (cursor) {
      const { change } = cursor.value.rejection;
      if (change.device_id === device_id && change.mutation_id === mutation_id) asked(cursor.delete());
      cursor = await cursor.continue();
    }
  }

  clear(): void {
    this.touched.tasks.clear();
    this.touched.lists = true;
    this.touched.cleared = true;
    for (const name of STORES) asked(this.tx.objectStore(name).clear());
  }

  private get tasks() {
    return this.tx.objectStore('tasks');
  }

  private get values() {
    return this.tx.objectStore('values');
  }

  private get session() {
    return this.tx.objectStore('session');
  }

  private get aside() {
    return this.tx.objectStore('aside');
  }

  private get conflicts() {
    return this.tx.objectStore('conflicts');
  }

  private get rejections() {
    return this.tx.objectStore('rejections');
  }
}

function tasksOf(records: readonly TaskRecord[]): TaskState[] {
  return records.map(({ task }) => task);
}

// A failure ends the whole transaction, and is told there.
function asked(request: Promise<unknown>): void {
  request.catch(() => {});
}
