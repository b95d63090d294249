import { batch, computed, effect, signal } from '@preact/signals';
import type { Conflict, Rejection, SyncManager, SyncStatus, Task } from '@tidemark/sdk';
import { SyncError } from '@tidemark/sdk';
import { shortText } from '../words/count';
import { announcement } from '../words/status';
import { troubleText } from '../words/trouble';
import { ADD_DRAFT, type Drafts } from './drafts';
import type { Preferences } from './preferences';
import { type Filter, type Rows, rowsOf } from './rows';
import { matches, type Pace, search, wordsOf } from './search';
import { type Timers, Undo } from './undo';

export interface Surroundings {
  readonly preferences: Preferences;
  readonly drafts: Drafts;
  readonly pace: Pace;
  readonly timers: Timers;
}

/** A text that was typed and could not be stored. */
export interface Orphan {
  /** The task that it is the text of, whether that is still there or not. */
  readonly id: string;
  readonly content: string;
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
  /** What was typed and not stored: its task was deleted elsewhere, or the page went. */
  readonly orphans = signal<readonly Orphan[]>([]);
  /** What is typed in the field for a new task. */
  readonly adding;
  readonly drafts: Drafts;
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
  private filtering: Promise<void> = Promise.resolve();

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
    this.drafts = around.drafts;
    this.drafts.belongTo(this.status.peek().userId);
    this.adding = signal(this.drafts.get(ADD_DRAFT));
    this.orphans.value = this.drafts
      .entries()
      .filter(([key]) => key !== ADD_DRAFT)
      .map(([id, content]) => ({ id, content }));
    manager.subscribeTasks(() => this.readTasks());
    manager.subscribeStatus((status) => this.readStatus(status));
    effect(() => {
      this.filtering = this.filterTasks(
        this.tasks.value,
        this.deletedTasks.value,
        this.filter.value,
        this.query.value,
      );
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

  typeNew(content: string): void {
    this.adding.value = content;
    this.drafts.set(ADD_DRAFT, content);
  }

  /** Adds what is typed in the field for a new task, which is free for the next one at once. */
  async addTyped(): Promise<void> {
    const content = this.adding.peek();
    this.adding.value = '';
    const added = await this.add(content);
    if (!added && this.adding.peek() === '') this.adding.value = content;
    else if (!added) this.offerAnew(crypto.randomUUID(), content);
    this.drafts.set(ADD_DRAFT, this.adding.peek());
  }

  /** The task as it is stored. Null: it is not, and `trouble` says why. */
  async edit(id: string, content: string): Promise<Task | null> {
    let stored: Task | null = null;
    await this.attempt(async () => {
      stored = await this.manager.edit(id, content);
    });
    return stored;
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
    let trouble = '';
    let last: Task | null = null;
    for (const task of this.undo.take()) {
      // Brought back already, here or on another device.
      const lives = this.manager.tasks().has(task.id);
      if (lives || (await this.restore(task))) {
        last = task;
      } else {
        trouble = this.trouble.peek();
        this.undo.add(task);
      }
    }
    // What succeeded later has wiped it.
    if (trouble !== '') this.trouble.value = trouble;
    if (!last) return;
    await this.settled();
    this.wantsFocus.value = last.id;
  }

  /** The editor of a task ends without the person's doing: what they typed is stored, or else offered anew. */
  async leaveEditor(id: string, content: string): Promise<void> {
    if (this.editing.peek() === id) this.editing.value = null;
    const isStored =
      content.trim() === '' || (this.manager.tasks().has(id) && (await this.edit(id, content)) !== null);
    if (isStored) this.drafts.set(id, '');
    else this.offerAnew(id, content);
  }

  /** Takes up the orphaned text: in its task, which lives again, or in a new one. */
  keepOrphan(orphan: Orphan): Promise<boolean> {
    return this.attempt(async () => {
      const { id, content } = orphan;
      const isDeleted = this.manager.deletedTasks().has(id);
      if (isDeleted) await this.manager.restore(id);
      if (isDeleted || this.manager.tasks().has(id)) await this.manager.edit(id, content);
      else await this.manager.add(content);
      this.dropOrphan(orphan);
    });
  }

  dropOrphan(orphan: Orphan): void {
    this.orphans.value = this.orphans.peek().filter((one) => one !== orphan);
    this.drafts.set(orphan.id, '');
  }

  private offerAnew(id: string, content: string): void {
    this.orphans.value = [...this.orphans.peek().filter((one) => one.id !== id), { id, content }];
    this.drafts.set(id, content);
  }

  // ---- What went otherwise than meant

  restoreDiscarded(conflict: Conflict): Promise<boolean> {
    return this.attempt(async () => {
      const { id, field, discarded } = conflict;
      const lives = this.manager.tasks().has(id);
      const isDeleted = this.manager.deletedTasks().has(id);
      const isDone = field === 'deleted_at' ? lives === (discarded.value === null) : !lives && !isDeleted;
      if (isDone) {
        // Nothing but its text can be taken up of a task that is gone altogether.
        if (field === 'content') await this.manager.add(String(discarded.value));
        await this.manager.dismissConflict(conflict);
        return;
      }
      if (field !== 'deleted_at' && isDeleted) await this.manager.restore(id);
      await this.manager.restoreDiscarded(conflict);
    });
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

  /** Another tab has changed what this browser remembers of the page. */
  readPreferences(): void {
    this.around.preferences.readAgain();
    this.closed.value = this.around.preferences.closed;
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
    this.drafts.clear();
    this.startAfresh();
  }

  /** Nothing that one person typed, did or was told is left for another. */
  private startAfresh(): void {
    this.undo.dismiss();
    batch(() => {
      this.query.value = '';
      this.filter.value = 'all';
      this.trouble.value = '';
      this.orphans.value = [];
      this.adding.value = '';
      this.said.value = '';
      this.editing.value = null;
      this.active.value = null;
      this.wantsFocus.value = null;
      this.wantsView.value = null;
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
    const isSomebodyElse = status.userId !== this.status.peek().userId;
    const news = isSomebodyElse ? '' : announcement(this.status.peek(), status);
    if (isSomebodyElse) {
      this.drafts.belongTo(status.userId);
      this.startAfresh();
    }
    batch(() => {
      this.status.value = status;
      this.conflicts.value = this.manager.conflicts();
      this.rejected.value = this.manager.rejected();
    });
    if (news !== '') this.say(news);
  }

  /** A search takes its time: before it ends, a row that is to come is not there. */
  private async settled(): Promise<void> {
    let seen: Promise<void> | null = null;
    while (seen !== this.filtering) {
      seen = this.filtering;
      await seen;
    }
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
