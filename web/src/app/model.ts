import { computed, signal } from '@preact/signals';
import { contentFrom } from '../sdk/domain/content';
import { dismissConflicts, dismissRejection } from '../sdk/domain/dismiss';
import { createTask, deleteTask, editTask } from '../sdk/domain/queue';
import { newReplica, type Replica } from '../sdk/domain/replica';
import { visibleTasks } from '../sdk/domain/view';
import { type Session, SessionEndedError } from '../sdk/engine/session';
import { type Sources, Sync } from '../sdk/engine/sync';
import { LiveReplica } from '../sdk/store/live-replica';
import type { Account, Store } from '../sdk/store/store';
import type { SyncApi } from '../sdk/transport/sync-api';
import { Debounce } from './debounce';
import { deferredText, troubleText } from './messages';

const EDITS_QUIET_MS = 5_000;

/** What the page shows, and what a person can do with it. */
export class Model {
  readonly account = signal<Account | null>(null);
  readonly replica = signal<Replica | null>(null);
  readonly isSyncing = signal(false);
  /** What went wrong last, for a person; null: nothing. */
  readonly trouble = signal<string | null>(null);
  readonly tasks = computed(() => (this.replica.value ? visibleTasks(this.replica.value) : []));
  readonly waiting = computed(() => this.replica.value?.pending.size ?? 0);
  readonly isLoggedIn = computed(() => this.account.value?.tokens != null && this.replica.value !== null);

  private live: LiveReplica | null = null;
  private running: Promise<void> | null = null;
  private readonly afterEdits = new Debounce(EDITS_QUIET_MS, () => void this.sync());

  constructor(
    private readonly store: Store,
    private readonly session: Session,
    private readonly api: SyncApi,
    private readonly sources: Sources,
  ) {}

  /** Takes up what this browser holds. */
  async start(): Promise<void> {
    const account = this.session.account;
    this.account.value = account;
    if (!account) return;
    try {
      this.open(account, this.deviceIdFor(account.email));
    } catch (error) {
      this.trouble.value = troubleText(error, this.sources.now());
    }
    if (account.tokens) await this.sync();
  }

  register(email: string, password: string): Promise<void> {
    const credentials = { email, password, device_id: this.deviceIdFor(email) };
    return this.enter(this.session.register(credentials), credentials.device_id);
  }

  login(email: string, password: string): Promise<void> {
    const credentials = { email, password, device_id: this.deviceIdFor(email) };
    return this.enter(this.session.login(credentials), credentials.device_id);
  }

  /**
   * What the server has not got yet, or has refused and the person may not have seen, stays in this browser until
   * the same person logs in again.
   */
  async logout(): Promise<void> {
    this.afterEdits.cancel();
    if (this.waiting.value > 0) await this.sync();
    await this.running;
    const account = this.session.account;
    const refused = this.replica.value?.rejections.length ?? 0;
    const keepAccount = this.waiting.value > 0 || refused > 0;
    if (account && !keepAccount) {
      this.store.removeReplica(account.user_id);
      this.close();
    }
    const leaving = this.session.logout({ keepAccount });
    this.account.value = this.session.account;
    this.trouble.value = null;
    await leaving;
  }

  add(typed: string): void {
    const content = contentFrom(typed);
    this.edit((replica) => createTask(replica, this.sources.newId(), content, this.sources.now()));
  }

  setCompleted(id: string, completed: boolean): void {
    this.edit((replica) => editTask(replica, id, { completed }, this.sources.now()));
  }

  setPinned(id: string, pinned: boolean): void {
    this.edit((replica) => editTask(replica, id, { pinned }, this.sources.now()));
  }

  delete(id: string): void {
    this.edit((replica) => deleteTask(replica, id, this.sources.now()));
  }

  dismissRejection(mutation_id: number): void {
    this.update((replica) => dismissRejection(replica, mutation_id));
  }

  dismissConflicts(): void {
    this.update(dismissConflicts);
  }

  /** Never throws: what goes wrong is shown. One run at a time; who asks meanwhile gets that one. */
  sync(): Promise<void> {
    this.afterEdits.cancel();
    this.running ??= this.runSync().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async runSync(): Promise<void> {
    if (!this.live) return;
    this.isSyncing.value = true;
    try {
      const { deferred_for } = await new Sync(this.api, this.live, this.sources).run();
      this.trouble.value = deferred_for === null ? null : deferredText(deferred_for, this.sources.now());
    } catch (error) {
      this.trouble.value = troubleText(error, this.sources.now());
      if (error instanceof SessionEndedError) this.account.value = this.session.account;
    } finally {
      this.isSyncing.value = false;
    }
  }

  private async enter(entering: Promise<Account>, device_id: string): Promise<void> {
    const account = await entering;
    this.open(account, device_id);
    this.trouble.value = null;
    this.account.value = account;
    void this.sync();
  }

  private open({ user_id }: Account, device_id: string): void {
    const replica = this.store.loadReplica(user_id) ?? newReplica(user_id, device_id);
    this.live = new LiveReplica(this.store, replica, (changed) => {
      this.replica.value = changed;
    });
    // Stored before it is used: a device whose name is forgotten would stay in the person's list of devices.
    this.live.update((same) => same);
  }

  private close(): void {
    this.live = null;
    this.replica.value = null;
  }

  private edit(step: (replica: Replica) => Replica): void {
    this.update(step);
    this.afterEdits.restart();
  }

  private update(step: (replica: Replica) => Replica): void {
    try {
      this.live?.update(step);
    } catch (error) {
      this.trouble.value = troubleText(error, this.sources.now());
    }
  }

  // The device of this browser and person, if they were here before.
  private deviceIdFor(email: string): string {
    const known = this.session.account;
    const isSame = known?.email.toLowerCase() === email.toLowerCase();
    const replica = known && isSame ? this.store.loadReplica(known.user_id) : null;
    return replica?.device_id ?? `web-${this.sources.newId()}`;
  }
}
