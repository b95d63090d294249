import type { Page, Rejected, Request } from '../domain/answer';
import { type Change, type Fields, fieldsOf, type Row, type Update } from '../domain/task';
import { ApiError, OfflineError } from '../transport/errors';
import type { SyncApi } from '../transport/sync-api';

interface StoredField {
  readonly version: number;
  readonly stamp: number;
  readonly device_id: string;
}

interface Stored {
  readonly row: Row;
  readonly fields: Readonly<Partial<Record<keyof Fields, StoredField>>>;
  readonly bornAt: number;
  readonly stamp: number;
}

interface State {
  readonly epoch: string;
  readonly tasks: ReadonlyMap<string, Stored>;
  readonly applied: ReadonlyMap<string, number>;
  readonly highWater: number;
  readonly purgedThrough: number;
}

/**
 * A server in memory that keeps the rules a client can tell apart: stamps, versions, what is echoed, retries, pages.
 * Of two concurrent edits the one that arrives later wins; clocks and histories are not its business.
 */
export class FakeServer implements SyncApi {
  pageLength = 1_000;
  readonly requests: Request[] = [];
  checks = 0;
  private state: State = {
    epoch: 'e1',
    tasks: new Map(),
    applied: new Map(),
    highWater: 1_000,
    purgedThrough: 0,
  };
  private readonly incidents: ((request: Request) => void)[] = [];
  private lostAnswers = 0;

  /** Before the next request that has no incident yet. */
  atNextRequest(incident: (request: Request) => void): void {
    this.incidents.push(incident);
  }

  refuseNext(error: Error): void {
    this.atNextRequest(() => {
      throw error;
    });
  }

  /** The next request is served, but its answer does not arrive. */
  loseNextAnswer(): void {
    this.atNextRequest(() => {
      ++this.lostAnswers;
    });
  }

  /** No incident is left. */
  heal(): void {
    this.incidents.length = 0;
    this.lostAnswers = 0;
  }

  /** Live tasks by id. */
  tasks(): Map<string, Row> {
    const live = [...this.state.tasks.values()].filter(({ row }) => row.deleted_at === null);
    return new Map(live.map(({ row }) => [row.id, row]));
  }

  backup(): State {
    return this.state;
  }

  /** From now on a new data set, with the contents of the backup. */
  restore(backup: State): void {
    this.state = { ...backup, epoch: `${this.state.epoch}+` };
  }

  /** Forgets every tombstone. */
  purge(): void {
    const live = [...this.state.tasks].filter(([, { row }]) => row.deleted_at === null);
    this.state = { ...this.state, tasks: new Map(live), purgedThrough: this.state.highWater };
  }

  async isCurrent(etag: string): Promise<boolean> {
    ++this.checks;
    return etag === this.etag();
  }

  async sync(request: Request): Promise<Page> {
    this.requests.push(structuredClone(request));
    this.incidents.shift()?.(request);
    const page = this.answer(request);
    if (this.lostAnswers === 0) return structuredClone(page);
    --this.lostAnswers;
    throw new OfflineError('The server cannot be reached.');
  }

  private answer(request: Request): Page {
    if (request.page && request.changes.length > 0)
      throw new ApiError(422, 'validation', 'page with changes', null);
    if (request.epoch !== null && request.epoch !== this.state.epoch)
      return this.pull(request, 0, 'rewound', [], []);
    const told = new Set<string>();
    const rejected = request.changes.flatMap((change) => this.push(change, told));
    const isPurged = request.last_sync > 0 && request.last_sync < this.state.purgedThrough;
    return this.pull(request, isPurged ? 0 : request.last_sync, isPurged ? 'purged' : null, rejected, [
      ...told,
    ]);
  }

  private push(change: Change, told: Set<string>): Rejected[] {
    const { id, mutation_id, device_id } = change;
    const isRetry = mutation_id <= (this.state.applied.get(device_id) ?? 0);
    const applied = new Map(this.state.applied).set(device_id, mutation_id);
    if (!isRetry) this.state = { ...this.state, applied };
    if ((change.content?.length ?? 0) > 16_384) {
      return [{ id, mutation_id, code: 'content_too_long', detail: 'The content is too long.' }];
    }
    const before = this.state.tasks.get(id);
    if (!before && change.content === undefined) {
      if (change.deleted_at) return [];
      return [{ id, mutation_id, code: 'unknown_task', detail: 'There is no such task.' }];
    }
    if (!isRetry) this.store(change, before);
    if (isRetry || this.state.tasks.get(id)?.row.version !== change.version) told.add(id);
    return [];
  }

  private store(change: Change, before: Stored | undefined): void {
    const stamp = this.state.highWater + 1;
    const { id, device_id, updated_at } = change;
    const isFastForward = change.version - 1 >= (before?.row.version ?? 0);
    const version = isFastForward ? change.version : (before?.row.version ?? 0) + 1;
    const mark: StoredField = { version, stamp, device_id };
    const marks = Object.fromEntries(Object.keys(fieldsOf(change)).map((field) => [field, mark]));
    const blank = { content: '', completed: false, pinned: false, deleted_at: null };
    const created_at = before?.row.created_at ?? change.created_at ?? updated_at;
    const row = {
      ...blank,
      ...before?.row,
      ...fieldsOf(change),
      id,
      version,
      created_at,
      updated_at,
      device_id,
    };
    const fields = { ...before?.fields, ...marks };
    const stored = { row, fields, bornAt: before?.bornAt ?? stamp, stamp };
    this.state = { ...this.state, tasks: new Map(this.state.tasks).set(id, stored), highWater: stamp };
  }

  private pull(
    request: Request,
    cursor: number,
    full_resync_reason: Page['full_resync_reason'],
    rejected: readonly Rejected[],
    told: readonly string[],
  ): Page {
    const from = request.page ? Number(request.page) : cursor;
    const echoes = request.changes.filter(({ id }) => !told.includes(id)).map(({ id }) => id);
    const news = [...this.state.tasks.values()]
      .filter(({ row, stamp }) => (stamp > from && !echoes.includes(row.id)) || told.includes(row.id))
      .filter(({ row }) => cursor > 0 || request.page || row.deleted_at === null || told.includes(row.id))
      .sort((a, b) => a.stamp - b.stamp);
    const entries = news.slice(0, this.pageLength);
    const isLast = entries.length === news.length;
    const live = entries.filter(({ row }) => row.deleted_at === null);
    return {
      updates: live.map((stored) => updateOf(stored, told.includes(stored.row.id) ? 0 : cursor)),
      deleted: entries.filter(({ row }) => row.deleted_at !== null).map(({ row }) => row.id),
      conflicts: [],
      rejected,
      server_time: isLast ? this.state.highWater : request.last_sync,
      epoch: this.state.epoch,
      etag: isLast ? this.etag() : null,
      page: isLast ? null : String(entries.at(-1)?.stamp),
      full_resync_reason: request.page ? null : full_resync_reason,
      deferred_for: null,
    };
  }

  private etag(): string {
    return `${this.tasks().size}-${this.state.highWater}-${this.state.tasks.size}`;
  }
}

function updateOf({ row, fields, bornAt }: Stored, cursor: number): Update {
  if (bornAt > cursor) return row;
  const { content, completed, pinned, deleted_at, ...rest } = row;
  const isNew = (field: keyof Fields) => (fields[field]?.stamp ?? 0) > cursor;
  return {
    ...rest,
    ...(isNew('content') && { content }),
    ...(isNew('completed') && { completed }),
    ...(isNew('pinned') && { pinned }),
    ...(isNew('deleted_at') && { deleted_at }),
  };
}
