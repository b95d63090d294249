import { batch, computed, effect, signal } from '@preact/signals';
import type { Conflict, Rejection, SyncManager, SyncStatus, Task } from '@tidemark/sdk';
import { SyncError } from '@tidemark/sdk';
import { shortText } from '../words/count';
import { announcement } from '../words/status';
import { troubleText } from '../words/trouble';
import type { Preferences } from './preferences';
import { type Filter, type Rows, rowsOf } from './rows';
import { matches, type Pace, search, wordsOf } from './search';
import { type Timers, Undo } from './undo';

export interface Surroundings {
  readonly preferences: Preferences;
  readonly pace: Pace;
  readonly timers: Timers;
}

const TOLD_BY_STATUS: ReadonlySet<string> = new Set([
  'no_answer',
  'missing_token',
  'expired_token',
  'invalid_token',
  'token_reused',
  'quota_exhausted',
  'read_paused',
  'cancelled',
]);
const NO_ROWS: Rows = { rows: [], tasks: 0 };

/** What the page shows of the SyncManager, and what a person does in it. Nothing here throws: what fails is told. */
export class Model {
  readonly status;
  readonly tasks;
  readonly deletedTasks;
  readonly conflicts;
  readonly rejected;

  readonly query = signal('');
  readonly filter = signal<Filter>('all');
  /** What is left of the tasks by filter and query. */
  readonly shown = signal<Rows>(NO_ROWS);
  /** The query that `shown` belongs to. */
  readonly shownQuery = signal('');
  readonly undo: Undo;
  /** What went wrong last with something that was done in the page. Empty: nothing. */
  readonly trouble = signal('');
  /** A text that was being edited when its task was deleted elsewhere. */
  readonly orphan = signal<{ readonly id: string; readonly content: string } | null>(null);
  /** What a screen reader says once. */
  readonly said = signal('');
  /** The row whose text is being edited, and the one that the keyboard is on. */
  readonly editing = signal<string | null>(null);
  readonly active = signal<string | null>(null);
  /** The row that is to get the focus as soon as it is there. */
  readonly wantsFocus = signal<string | null>(null);
  /** The row that is to be seen. */
  readonly wantsView = signal<string | null>(null);
  /** The person logged out by themselves: their tasks are not shown to whoever comes next. */
  readonly closed;
  readonly entered = computed(() => this.status.value.loggedIn || this.staysOpen.value);

  /** Their account is gone, and what is here is about to be. */
  readonly leaving = signal(false);

  /** Whose tasks these are is known before they are logged in. */
  private readonly entering = signal(false);
  private readonly staysOpen = computed(
    () => this.status.value.email !== '' && !this.closed.value && !this.entering.value,
  );
  private searches = 0;

  constructor(
    readonly manager: SyncManager,
    private readonly around: Surroundings,
  ) {
    this.status = signal(manager.status());
    this.tasks = signal(manager.list());
    this.deletedTasks = signal(manager.listDeleted());
    this.conflicts = signal(manager.conflicts());
    this.rejected = signal(manager.rejected());
    this.closed = signal(around.preferences.closed);
    this.undo = new Undo(around.timers);
    manager.subscribeTasks(() => this.readTasks());
    manager.subscribeStatus((status) => this.readStatus(status));
    effect(() => {
      void this.filterTasks(this.tasks.value, this.deletedTasks.value, this.filter.value, this.query.value);
    });
  }

  // ---- Tasks

  add(content: string): Promise<boolean> {
    return this.attempt(async () => {
      const task = await this.manager.add(content);
      this.say(`Added: ${shortText(task.content)}`);
      this.show(task);
    });
  }

  edit(id: string, content: string): Promise<boolean> {
    return this.attempt(() => this.manager.edit(id, content));
  }

  complete(task: Task, completed: boolean): Promise<boolean> {
    return this.attempt(async () => {
      await this.manager.complete(task.id, completed);
      this.say(`${completed ? 'Done' : 'Open again'}: ${shortText(task.content)}`);
    });
  }

  pin(task: Task, pinned: boolean): Promise<boolean> {
    return this.attempt(async () => {
      await this.manager.pin(task.id, pinned);
      this.say(`${pinned ? 'Pinned' : 'Not pinned any more'}: ${shortText(task.content)}`);
    });
  }

  delete(task: Task): Promise<boolean> {
    return this.attempt(async () => {
      await this.manager.delete(task.id);
      this.undo.add(task);
    });
  }

  restore(task: Task): Promise<boolean> {
    return this.attempt(async () => {
      await this.manager.restore(task.id);
      this.say(`Brought back: ${shortText(task.content)}`);
    });
  }

  async undoDelete(): Promise<void> {
    const tasks = this.undo.take();
    for (const task of tasks) await this.restore(task);
    const last = tasks[tasks.length - 1];
    if (last) this.wantsFocus.value = last.id;
  }

  /** The editor of a task ends without the person's doing: what they typed is not lost. */
  leaveEditor(id: string, content: string): void {
    if (this.editing.peek() === id) this.editing.value = null;
    if (!this.manager.tasks().has(id)) this.orphan.value = { id, content };
  }

  /** Takes up the orphaned text: in its task, which lives again, or in a new one. */
  keepOrphan(): Promise<boolean> {
    return this.attempt(async () => {
      const orphan = this.orphan.peek();
      if (!orphan) return;
      if (this.manager.deletedTasks().has(orphan.id)) {
        await this.manager.restore(orphan.id);
        await this.manager.edit(orphan.id, orphan.content);
      } else {
        await this.manager.add(orphan.content);
      }
      this.orphan.value = null;
    });
  }

  // ---- What went otherwise than meant

  restoreDiscarded(conflict: Conflict): Promise<boolean> {
    return this.attempt(() => this.manager.restoreDiscarded(conflict));
  }

  dismissConflict(conflict: Conflict): Promise<boolean> {
    return this.attempt(() => this.manager.dismissConflict(conflict));
  }

  dismissRejected(rejection: Rejection): Promise<boolean> {
    return this.attempt(() => this.manager.dismissRejected(rejection));
  }

  /** As a task of its own: what it was an edit of may not be there any more. */
  takeUpRejected(rejection: Rejection, content: string): Promise<boolean> {
    return this.attempt(async () => {
      await this.manager.add(content);
      await this.manager.dismissRejected(rejection);
    });
  }

  agree(): Promise<boolean> {
    return this.attempt(() => this.manager.agreeToMassChange());
  }

  refuse(): Promise<boolean> {
    return this.attempt(() => this.manager.refuseMassChange());
  }

  syncNow(): Promise<boolean> {
    return this.attempt(async () => {
      const end = await this.manager.syncNow().catch((error) => this.toldByStatus(error));
      if (end?.how === 'deferred') this.say('Your edits are sent. News from other devices comes later.');
      if (end?.how === 'complete') this.say('Synced.');
    });
  }

  /** What the line at the foot says for as long as it lasts need not be said twice. */
  private toldByStatus(error: unknown): null {
    if (!(error instanceof SyncError) || !TOLD_BY_STATUS.has(error.code)) throw error;
    this.say(this.status.peek().message);
    return null;
  }

  // ---- Coming and going

  login(email: string, password: string): Promise<void> {
    return this.enter(() => this.manager.login({ email, password }));
  }

  register(email: string, password: string): Promise<void> {
    return this.enter(() => this.manager.register({ email, password }));
  }

  /** Sends what waits and leaves nothing behind. False: something could not be sent, and all is as it was. */
  async logoutAndErase(patience: number): Promise<boolean> {
    await this.manager.syncNow({ patience }).catch(() => {});
    try {
      await this.manager.erase();
    } catch (error) {
      if (error instanceof SyncError && error.code === 'unsent_edits') return false;
      throw error;
    }
    this.forget();
    return true;
  }

  /** Edits that are not sent wait in this browser until the person comes back. */
  async logoutAndKeep(): Promise<void> {
    this.around.preferences.closed = true;
    this.closed.value = true;
    await this.manager.logout();
  }

  async deleteAccount(password: string): Promise<void> {
    this.leaving.value = true;
    try {
      await this.manager.deleteAccount(password);
      await this.eraseAll();
    } finally {
      this.leaving.value = false;
    }
  }

  async eraseAll(): Promise<void> {
    await this.manager.erase({ evenUnsent: true });
    this.forget();
  }

  say(text: string): void {
    // The same words twice are said twice.
    this.said.value = this.said.peek() === text ? `${text}\u00a0` : text;
  }

  /** False, and `trouble` says why: it was not done. */
  private async attempt(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      this.trouble.value = '';
      return true;
    } catch (error) {
      this.trouble.value = troubleText(error, Date.now());
      return false;
    }
  }

  private async enter(by: () => Promise<void>): Promise<void> {
    this.entering.value = !this.entered.peek();
    try {
      await by();
      this.open();
    } finally {
      this.entering.value = false;
    }
  }

  private open(): void {
    this.around.preferences.closed = false;
    this.closed.value = false;
  }

  private forget(): void {
    this.open();
    this.undo.dismiss();
    batch(() => {
      this.query.value = '';
      this.filter.value = 'all';
      this.trouble.value = '';
      this.editing.value = null;
    });
  }

  /** Whoever adds something wants to see it, whatever they looked for before. */
  private show(task: Task): void {
    batch(() => {
      if (!matches(task, wordsOf(this.query.peek()))) this.query.value = '';
      if (this.filter.peek() !== 'open') this.filter.value = 'all';
      this.wantsView.value = task.id;
    });
  }

  private readTasks(): void {
    batch(() => {
      this.tasks.value = this.manager.list();
      this.deletedTasks.value = this.manager.listDeleted();
    });
  }

  private readStatus(status: SyncStatus): void {
    const news = announcement(this.status.peek(), status);
    batch(() => {
      this.status.value = status;
      this.conflicts.value = this.manager.conflicts();
      this.rejected.value = this.manager.rejected();
    });
    if (news !== '') this.say(news);
  }

  private async filterTasks(
    tasks: readonly Task[],
    deletedTasks: readonly Task[],
    filter: Filter,
    query: string,
  ): Promise<void> {
    const number = ++this.searches;
    const words = wordsOf(query);
    let found: readonly Task[] | null = filter === 'deleted' ? deletedTasks : tasks;
    if (words.length > 0)
      found = await search(found, words, this.around.pace, () => number !== this.searches);
    if (found === null || number !== this.searches) return;
    const shown = rowsOf(found, filter);
    batch(() => {
      this.shown.value = shown;
      this.shownQuery.value = query;
    });
  }
}
