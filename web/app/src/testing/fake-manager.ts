import {
  type Conflict,
  type HistoryEntry,
  type Rejection,
  type RunEnd,
  SyncError,
  type SyncManager,
  type SyncStatus,
  type Task,
} from '@tidemark/sdk';

const STATUS: SyncStatus = {
  state: 'online',
  since: 0,
  message: '',
  loggedIn: true,
  email: 'ada@example.org',
  userId: 'ada',
  deviceId: 'chrome-linux-00000000-0000-4000-8000-000000000001',
  pending: 0,
  oldestPending: null,
  overdue: false,
  rejected: 0,
  conflicts: 0,
  held: null,
  syncedAt: 0,
  nextDue: null,
  live: false,
  syncing: false,
  leading: true,
};

const END: RunEnd = {
  how: 'complete',
  error: null,
  retry_after: null,
  next_sync_in: null,
  difference: null,
  conflicts: 0,
  rejections: 0,
  pushed: 0,
  pulled: 0,
  requests: 1,
  not_modified: true,
};

export function statusWith(changes: Partial<SyncStatus>): SyncStatus {
  return { ...STATUS, ...changes };
}

export function taskWith(changes: Partial<Task> & { id: string }): Task {
  return {
    content: `Task ${changes.id}`,
    completed: false,
    pinned: false,
    created_at: 1_000,
    updated_at: 1_000,
    deleted_at: null,
    pending: false,
    ...changes,
  };
}

/** A SyncManager in memory whose state a test sets. It syncs with nobody. */
export class FakeManager implements SyncManager {
  private readonly alive = new Map<string, Task>();
  private readonly dead = new Map<string, Task>();
  private readonly onTasks = new Set<(ids: ReadonlySet<string>) => void>();
  private readonly onStatus = new Set<(status: SyncStatus) => void>();
  private now: SyncStatus = STATUS;
  private count = 0;
  conflictsHere: Conflict[] = [];
  rejectedHere: Rejection[] = [];
  historyHere: HistoryEntry[] = [];
  /** What the next edit rejects with. */
  fails: SyncError | null = null;
  syncFails: SyncError | null = null;
  /** What erase() rejects with unless told that all may go. */
  unsent: SyncError | null = null;
  readonly calls: string[] = [];

  // ---- For tests

  put(...tasks: Task[]): void {
    for (const task of tasks) {
      (task.deleted_at === null ? this.dead : this.alive).delete(task.id);
      (task.deleted_at === null ? this.alive : this.dead).set(task.id, task);
    }
    const ids = new Set(tasks.map(({ id }) => id));
    for (const changed of this.onTasks) changed(ids);
  }

  setStatus(changes: Partial<SyncStatus>): void {
    this.now = {
      ...this.now,
      ...changes,
      conflicts: this.conflictsHere.length,
      rejected: this.rejectedHere.length,
    };
    for (const changed of this.onStatus) changed(this.now);
  }

  // ---- Tasks

  async add(content: string): Promise<Task> {
    this.count += 1;
    return this.store(taskWith({ id: `new-${this.count}`, content, pending: true }));
  }
  async edit(id: string, content: string): Promise<Task> {
    return this.store({ ...this.get(id), content: content.trim() });
  }
  async complete(id: string, completed: boolean): Promise<Task> {
    return this.store({ ...this.get(id), completed });
  }
  async pin(id: string, pinned: boolean): Promise<Task> {
    return this.store({ ...this.get(id), pinned });
  }
  async delete(id: string): Promise<void> {
    this.store({ ...this.get(id), deleted_at: 2_000 });
  }
  async restore(id: string): Promise<Task> {
    const task = this.dead.get(id);
    if (!task) throw new SyncError('not_found', 'There is no such task.');
    return this.store({ ...task, deleted_at: null });
  }
  tasks = () => this.alive;
  deletedTasks = () => this.dead;
  list(): readonly Task[] {
    const rank = (task: Task) => Number(task.completed) * 2 - Number(task.pinned);
    return [...this.alive.values()].sort((a, b) => rank(a) - rank(b));
  }
  listDeleted = () => [...this.dead.values()];
  subscribeTasks(changed: (ids: ReadonlySet<string>) => void) {
    this.onTasks.add(changed);
    return () => this.onTasks.delete(changed);
  }

  // ---- The rest

  status = () => this.now;
  subscribeStatus(changed: (status: SyncStatus) => void) {
    this.onStatus.add(changed);
    return () => this.onStatus.delete(changed);
  }
  subscribeSynced = () => () => {};
  pending = async () => [];
  rejected = () => this.rejectedHere;
  conflicts = () => this.conflictsHere;
  async dismissRejected(rejection: Rejection): Promise<void> {
    this.rejectedHere = this.rejectedHere.filter((one) => one !== rejection);
    this.setStatus({});
  }
  async dismissConflict(conflict: Conflict): Promise<void> {
    this.conflictsHere = this.conflictsHere.filter((one) => one !== conflict);
    this.setStatus({});
  }
  async restoreDiscarded(conflict: Conflict): Promise<void> {
    const { id, field, discarded } = conflict;
    if (field !== 'deleted_at') this.store({ ...this.get(id), [field]: discarded.value });
    else if (discarded.value === null) await this.restore(id);
    else await this.delete(id);
    await this.dismissConflict(conflict);
  }
  agreeToMassChange = async () => this.note('agree');
  refuseMassChange = async () => this.note('refuse');
  login = async () => this.note('login');
  register = async () => this.note('register');
  logout = async () => this.note('logout');
  changePassword = async () => this.note('changePassword');
  sessions = async () => [];
  revokeSession = async () => this.note('revokeSession');
  deleteAccount = async () => this.note('deleteAccount');
  async erase({ evenUnsent = false } = {}): Promise<void> {
    if (this.unsent && !evenUnsent) throw this.unsent;
    this.note('erase');
  }
  history = async () => this.historyHere;
  devices = async () => [];
  usage = async () => {
    throw new SyncError('no_answer', 'Nobody answers.');
  };
  export = async () => new Blob(['{}']);
  exportTasks = () => '';
  importTasks = async () => 0;
  async syncNow(): Promise<RunEnd> {
    this.note('syncNow');
    if (this.syncFails) throw this.syncFails;
    return END;
  }
  start = () => this.note('start');
  stop = async () => this.note('stop');
  setForeground = () => {};
  networkIsBack = () => {};
  close = async () => {};

  private note(call: string): void {
    this.calls.push(call);
  }

  private get(id: string): Task {
    const task = this.alive.get(id);
    if (!task) throw new SyncError('not_found', 'There is no such task.');
    return task;
  }

  private store(task: Task): Task {
    if (this.fails) throw this.fails;
    this.put(task);
    return task;
  }
}
