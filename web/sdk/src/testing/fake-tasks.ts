// The tasks of one person as a service keeps them, by the rules that a client can tell apart (SPEC 3.3, 5.3, 5.6):
// stamps, versions, what is told, retries, pages. Of two concurrent edits the one that arrives later wins.
import { type Fields, fieldsOf } from '../domain/task';

type Mark = { readonly version: number; readonly stamp: number; readonly device_id: string };

export interface FakeTask extends Required<Fields> {
  readonly id: string;
  readonly version: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly device_id: string;
  readonly deleted_at: number | null;
}

interface Stored {
  readonly task: FakeTask;
  readonly marks: Partial<Record<keyof Fields, Mark>>;
  readonly bornAt: number;
  readonly stamp: number;
}

/** As on the wire. */
export interface FakeChange extends Fields {
  readonly id: string;
  readonly mutation_id?: number;
  readonly version?: number;
  readonly created_at?: number;
  readonly updated_at?: number;
  readonly device_id?: string;
}

interface SyncBody {
  readonly last_sync?: number;
  readonly epoch?: string;
  readonly page?: string;
  readonly limit?: number;
  readonly changes?: readonly FakeChange[];
}

const BLANK = { content: '', completed: false, pinned: false, deleted_at: null };

export class FakeTasks {
  epoch = 'e1';
  pageLength = 1_000;
  private tasks = new Map<string, Stored>();
  private readonly applied = new Map<string, number>();
  private readonly conflicts: { readonly at: number }[] = [];
  private highWater = 1_000;
  private purgedThrough = 0;

  /** Those that live, by id. */
  get living(): Map<string, FakeTask> {
    const living = [...this.tasks.values()].filter(({ task }) => task.deleted_at === null);
    return new Map(living.map(({ task }) => [task.id, task]));
  }

  get etag(): string {
    const living = [...this.living.values()];
    const versions = living.reduce((sum, { version }) => sum + version, 0);
    return `${living.length}-${this.highWater}-${versions}`;
  }

  /** Another device of the person's does it. */
  elsewhere(change: FakeChange): void {
    const version = (this.tasks.get(change.id)?.task.version ?? 0) + 1;
    this.store({ version, updated_at: this.highWater, device_id: 'elsewhere', ...change });
  }

  /** Every device is told of it with its next pull. */
  addConflict(conflict: {
    readonly id: string;
    readonly field: keyof Fields;
    readonly discarded: unknown;
  }): void {
    this.highWater += 1;
    const side = { updated_at: this.highWater, device_id: 'elsewhere' };
    const kept = { ...side, value: this.tasks.get(conflict.id)?.task[conflict.field] ?? null };
    const discarded = { ...side, value: conflict.discarded };
    this.conflicts.push(
      Object.assign({ ...conflict }, { winner: 'server', kept, discarded, at: this.highWater }),
    );
  }

  /** Forgets every tombstone. */
  purge(): void {
    this.tasks = new Map([...this.tasks].filter(([, { task }]) => task.deleted_at === null));
    this.purgedThrough = this.highWater;
  }

  sync(body: SyncBody): object {
    const { last_sync = 0, epoch = this.epoch, changes = [] } = body;
    if (epoch !== this.epoch) return this.pull({ ...body, changes: [] }, 0, 'rewound', [], new Set());
    const told = new Set<string>();
    const rejected = changes.flatMap((change) => this.push(change, told));
    const isPurged = last_sync > 0 && last_sync < this.purgedThrough;
    return this.pull(body, isPurged ? 0 : last_sync, isPurged ? 'purged' : null, rejected, told);
  }

  private push(change: FakeChange, told: Set<string>): object[] {
    const { id, mutation_id = 0, device_id = '' } = change;
    const isRetry = mutation_id <= (this.applied.get(device_id) ?? 0);
    if (!isRetry) this.applied.set(device_id, mutation_id);
    const before = this.tasks.get(id);
    if (!before && change.content === undefined) {
      if (change.deleted_at) return [];
      return [{ id, mutation_id, code: 'unknown_task', detail: 'There is no such task.' }];
    }
    if (change.content?.startsWith('refuse')) {
      return [{ id, mutation_id, code: 'content_too_long', detail: 'The content is too long.' }];
    }
    if (!isRetry) this.store(change);
    if (isRetry || this.tasks.get(id)?.task.version !== change.version) told.add(id);
    return [];
  }

  private store(change: FakeChange): void {
    this.highWater += 1;
    const before = this.tasks.get(change.id);
    const stamp = this.highWater;
    const { id, device_id = '', updated_at = stamp, version: given = 1 } = change;
    const isFastForward = given - 1 >= (before?.task.version ?? 0);
    const version = isFastForward ? given : (before?.task.version ?? 0) + 1;
    const mark = { version, stamp, device_id };
    const fields = fieldsOf(change);
    const marks = Object.fromEntries(Object.keys(fields).map((field) => [field, mark]));
    const created_at = before?.task.created_at ?? change.created_at ?? updated_at;
    const told = { ...BLANK, ...before?.task, ...fields, id, version, created_at, updated_at, device_id };
    const task = told as FakeTask;
    this.tasks.set(id, {
      task,
      marks: { ...before?.marks, ...marks },
      bornAt: before?.bornAt ?? stamp,
      stamp,
    });
  }

  private pull(
    body: SyncBody,
    cursor: number,
    reason: string | null,
    rejected: object[],
    told: Set<string>,
  ): object {
    const { last_sync = 0, page, changes = [] } = body;
    const from = page === undefined ? cursor : Number(page);
    const asSent = new Set(changes.map(({ id }) => id).filter((id) => !told.has(id)));
    const news = [...this.tasks.values()]
      .filter(({ task, stamp }) => (stamp > from && !asSent.has(task.id)) || told.has(task.id))
      .filter(({ task }) => cursor > 0 || page || task.deleted_at === null || told.has(task.id))
      .sort((a, b) => a.stamp - b.stamp);
    const entries = news.slice(0, Math.min(this.pageLength, body.limit ?? 1_000));
    const isLast = entries.length === news.length;
    const living = entries.filter(({ task }) => task.deleted_at === null);
    return {
      updates: living.map((stored) => updateOf(stored, told.has(stored.task.id) ? 0 : cursor)),
      deleted: entries.filter(({ task }) => task.deleted_at !== null).map(({ task }) => task.id),
      conflicts: cursor > 0 && isLast ? this.conflicts.filter(({ at }) => at > cursor) : [],
      rejected,
      server_time: isLast ? this.highWater : last_sync,
      epoch: this.epoch,
      ...(isLast && { etag: this.etag }),
      has_more: !isLast,
      ...(!isLast && { page: String(entries.at(-1)?.stamp) }),
      full_resync: reason !== null && page === undefined,
      ...(reason !== null && page === undefined && { full_resync_reason: reason }),
      next_sync_in: 21_600,
    };
  }
}

function updateOf({ task, marks, bornAt }: Stored, cursor: number): object {
  if (bornAt > cursor) return task;
  const { id, version, updated_at, device_id } = task;
  const isNew = (field: string) => (marks[field as keyof Fields]?.stamp ?? 0) > cursor;
  const fields = Object.entries(fieldsOf(task)).filter(([field]) => isNew(field));
  return { id, version, updated_at, device_id, ...Object.fromEntries(fields) };
}
