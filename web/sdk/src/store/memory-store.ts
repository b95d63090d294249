import { SyncError } from '../domain/errors';
import type { Conflict } from '../domain/protocol';
import { newReplica, type Rejection, type Replica } from '../domain/replica';
import type { Field, Row } from '../domain/task';
import { isUnknown, type TaskState, unknownTask } from '../domain/task-state';
import { CONFLICTS_KEPT_MAX, type LocalStore, type SavedSession, type Transaction } from './local-store';
import { recordOf, type TaskRecord } from './records';

interface KeptConflict {
  readonly conflict: Conflict;
  readonly dismissed: boolean;
}

class Contents {
  replica = newReplica();
  notes = new Map<string, unknown>();
  tasks = new Map<string, TaskRecord>();
  aside = new Map<string, Row>();
  conflicts = new Map<string, KeptConflict>();
  rejections: readonly Rejection[] = [];
  session: SavedSession | null = null;

  copy(): Contents {
    const copy = new Contents();
    copy.replica = this.replica;
    copy.notes = new Map(this.notes);
    copy.tasks = new Map(this.tasks);
    copy.aside = new Map(this.aside);
    copy.conflicts = new Map(this.conflicts);
    copy.rejections = this.rejections;
    copy.session = this.session;
    return copy;
  }
}

/** What several "tabs" of a test share. */
export class MemoryDisk {
  contents = new Contents();
  private last: Promise<unknown> = Promise.resolve();

  /** One at a time, in their order. */
  inTurn<T>(step: () => Promise<T>): Promise<T> {
    const turn = this.last.then(step);
    this.last = turn.catch(() => {});
    return turn;
  }
}

/** A store for tests, of a page that is built on the SDK as well. */
export class MemoryStore implements LocalStore {
  private isClosed = false;

  constructor(private readonly disk: MemoryDisk = new MemoryDisk()) {}

  async write<T>(body: (tx: Transaction) => Promise<T>): Promise<T> {
    this.mustBeOpen();
    return this.disk.inTurn(async () => {
      const contents = this.disk.contents.copy();
      const result = await body(new MemoryTransaction(contents));
      this.disk.contents = contents;
      return result;
    });
  }

  async read<T>(body: (tx: Transaction) => Promise<T>): Promise<T> {
    this.mustBeOpen();
    return this.disk.inTurn(() => body(new MemoryTransaction(this.disk.contents.copy())));
  }

  close(): void {
    this.isClosed = true;
  }

  private mustBeOpen(): void {
    if (this.isClosed) throw new SyncError('storage_failed', 'The storage was closed.');
  }
}

class MemoryTransaction implements Transaction {
  readonly touched = { tasks: new Map<string, TaskState>(), lists: false, cleared: false };

  constructor(private contents: Contents) {}

  async getReplica(): Promise<Replica> {
    return structuredClone(this.contents.replica);
  }

  putReplica(replica: Replica): void {
    this.contents.replica = structuredClone(replica);
  }

  async getNote(name: string): Promise<unknown> {
    return structuredClone(this.contents.notes.get(name));
  }

  putNote(name: string, value: unknown): void {
    this.contents.notes.set(name, structuredClone(value));
  }

  async getSession(): Promise<SavedSession | null> {
    return this.contents.session;
  }

  putSession(session: SavedSession | null): void {
    this.contents.session = session;
  }

  async getMany(ids: readonly string[]): Promise<TaskState[]> {
    return ids.map((id) => structuredClone(this.contents.tasks.get(id)?.task ?? unknownTask(id)));
  }

  put(task: TaskState): void {
    const kept = structuredClone(task);
    this.touched.tasks.set(task.id, kept);
    if (isUnknown(kept)) this.contents.tasks.delete(task.id);
    else this.contents.tasks.set(task.id, recordOf(kept));
  }

  async list(after: string, limit: number): Promise<TaskState[]> {
    return this.found((record) => (record.id > after ? record.id : undefined)).slice(0, limit);
  }

  async listUnnamed(wholeState: number): Promise<string[]> {
    return idsOf(this.found(({ id, named }) => (named !== undefined && named < wholeState ? id : undefined)));
  }

  async listDoomed(): Promise<string[]> {
    return idsOf(this.found(({ doomed }) => doomed));
  }

  async listDeadBefore(before: number, limit: number): Promise<string[]> {
    const dead = this.found((record) =>
      record.dead !== undefined && record.dead < before ? record.dead : undefined,
    );
    return idsOf(dead.slice(0, limit));
  }

  async countPending(): Promise<number> {
    return this.found(({ pending }) => pending).length;
  }

  async oldestPending(): Promise<number | null> {
    const since = [...this.contents.tasks.values()].flatMap(({ pending }) => pending ?? []);
    return since.length === 0 ? null : Math.min(...since);
  }

  async listSent(): Promise<TaskState[]> {
    return this.found(({ sent }) => sent);
  }

  async listEdited(limit: number): Promise<TaskState[]> {
    return this.found(({ edited }) => edited).slice(0, limit);
  }

  async listPending(): Promise<TaskState[]> {
    return this.found(({ id, pending }) => (pending === undefined ? undefined : id));
  }

  putAside(row: Row): void {
    this.contents.aside.set(row.id, structuredClone(row));
  }

  async getAside(ids: readonly string[]): Promise<(Row | null)[]> {
    return ids.map((id) => structuredClone(this.contents.aside.get(id) ?? null));
  }

  removeAside(id: string): void {
    this.contents.aside.delete(id);
  }

  async listAside(): Promise<string[]> {
    return [...this.contents.aside.keys()].sort();
  }

  clearAside(): void {
    this.contents.aside.clear();
  }

  async addConflict(conflict: Conflict): Promise<boolean> {
    const { conflicts } = this.contents;
    const key = keyOf(conflict.at, conflict.field);
    if (conflicts.has(key)) return false;
    conflicts.set(key, { conflict: structuredClone(conflict), dismissed: false });
    this.touched.lists = true;
    const oldestFirst = [...conflicts].sort(([, a], [, b]) => byStamp(a.conflict, b.conflict));
    this.contents.conflicts = new Map(oldestFirst.slice(-CONFLICTS_KEPT_MAX));
    return true;
  }

  async listConflicts(): Promise<Conflict[]> {
    const kept = [...this.contents.conflicts.values()].filter(({ dismissed }) => !dismissed);
    return kept.map(({ conflict }) => structuredClone(conflict)).sort(byStamp);
  }

  async dismissConflict(at: number, field: Field): Promise<void> {
    const kept = this.contents.conflicts.get(keyOf(at, field));
    if (kept) this.contents.conflicts.set(keyOf(at, field), { ...kept, dismissed: true });
    this.touched.lists = true;
  }

  addRejection(rejection: Rejection): void {
    this.contents.rejections = [...this.contents.rejections, structuredClone(rejection)];
    this.touched.lists = true;
  }

  async listRejections(): Promise<Rejection[]> {
    return structuredClone([...this.contents.rejections]);
  }

  async dismissRejection(device_id: string, mutation_id: number): Promise<void> {
    this.contents.rejections = this.contents.rejections.filter(
      ({ change }) => change.device_id !== device_id || change.mutation_id !== mutation_id,
    );
    this.touched.lists = true;
  }

  clear(): void {
    this.touched.tasks.clear();
    this.touched.lists = true;
    this.touched.cleared = true;
    Object.assign(this.contents, new Contents());
  }

  // Those that have the key, by it; ties by id.
  private found(keyOf: (record: TaskRecord) => number | string | undefined): TaskState[] {
    const keyed = [...this.contents.tasks.values()].flatMap((record) => {
      const key = keyOf(record);
      return key === undefined ? [] : [{ key, record }];
    });
    keyed.sort((a, b) => compare(a.key, b.key) || compare(a.record.id, b.record.id));
    return keyed.map(({ record }) => structuredClone(record.task));
  }
}

function idsOf(tasks: readonly TaskState[]): string[] {
  return tasks.map(({ id }) => id);
}

function keyOf(at: number, field: Field): string {
  return `${at} ${field}`;
}

function byStamp(a: Conflict, b: Conflict): number {
  return a.at - b.at || compare(a.field, b.field);
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : Number(a > b);
}
