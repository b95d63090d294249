// SyncManager on its ports (sync-manager.ts says what it does).
import type { Conflict, Credentials } from '../domain/protocol';
import type { Rejection } from '../domain/replica';
import type { RunEnd } from '../domain/run-end';
import type { Change, Fields } from '../domain/task';
import { pendingChange } from '../domain/task-state';
import type { Task } from '../domain/view';
import {
  addTask,
  agreeToMassChange,
  bringBack,
  changeTask,
  refuseMassChange,
  removeTask,
  takeDiscarded,
} from '../engine/local-tasks';
import type { Transaction } from '../store/local-store';
import type { EraseOptions, SyncManager, SyncNowOptions, SyncStatus, Unsubscribe } from '../sync-manager';
import { Account } from './account';
import { FirstVersion } from './first-version';
import { KeptStore } from './kept-store';
import { Leadership } from './leadership';
import { LiveStream } from './live-stream';
import { importTasks, toJsonLines } from './moving';
import type { Circumstances, Ports } from './ports';
import { Runs } from './runs';
import { ScheduleKeeper } from './schedule-keeper';
import { Session } from './session';
import { NO_PARTS, type Parts } from './snapshot';
import { sameStatus, statusOf } from './status';
import { Subscribers } from './subscribers';
import type { TabMessage } from './tabs';

// What is shown of the time that passes, and what other tabs wrote and could not tell, is looked at this often.
const LOOK_MS = 60_000;

export class Manager implements SyncManager {
  private readonly first: FirstVersion;
  private readonly kept: KeptStore;
  private readonly schedule: ScheduleKeeper;
  private readonly account: Account;
  private readonly runs: Runs;
  private readonly stream: LiveStream;
  private readonly leadership: Leadership;
  private readonly taskSubscribers = new Subscribers<ReadonlySet<string>>();
  private readonly statusSubscribers = new Subscribers<SyncStatus>();
  private readonly syncedSubscribers = new Subscribers<RunEnd>();
  // Of all that runs now; a new one after each stop().
  private stopping = new AbortController();
  private leading: AbortController | null = null;
  // All that was done as leader.
  private led: Promise<void> = Promise.resolve();
  private looking: ReturnType<typeof setInterval> | null = null;
  private inFront = false;
  private live = false;
  private shown: SyncStatus;
  private shownLists: Pick<Parts, 'rejections' | 'conflicts'> = NO_PARTS;

  private constructor(
    private readonly ports: Ports,
    private readonly circumstances: Circumstances,
  ) {
    this.first = new FirstVersion(ports.firstVersion);
    const { store, tabs, transport, locks, now, draw } = ports;
    const { name, protocol, settings } = circumstances;
    this.kept = new KeptStore(store, tabs, {
      tasks: (changed) => this.taskSubscribers.tell(changed),
      parts: (parts) => {
        this.schedule.load(parts.schedule);
        this.changed();
      },
    });
    this.schedule = new ScheduleKeeper(this.kept, settings, protocol, draw, now);
    const session = new Session(transport, this.kept, locks, `${name}/tokens`, now);
    this.account = new Account(
      this.kept,
      transport,
      session,
      this.schedule,
      this.first,
      ports.newDeviceId,
      now,
      () => this.stopping.signal,
    );
    this.runs = new Runs(
      ports,
      protocol,
      `${name}/run`,
      this.kept,
      this.schedule,
      session,
      this.account,
      (end) => this.syncedSubscribers.tell(end),
    );
    this.stream = new LiveStream(transport, {
      token: (signal) => this.account.token('other', signal),
      renew: (refused, signal) => this.account.renew('other', refused, signal),
      opened: (isOpen) => this.streamOpened(isOpen),
      // Who was offline hears of the network by this.
      steady: () => this.tell({ is: 'network_back' }),
      head: (etag) => this.tell({ is: 'head_told', etag }),
      draw,
    });
    this.leadership = new Leadership(locks, `${name}/lead`, (leads) => this.leads(leads));
    this.shown = this.statusNow();
  }

  static async open(ports: Ports, circumstances: Circumstances): Promise<Manager> {
    const manager = new Manager(ports, circumstances);
    await manager.kept.reload();
    const { first, account, stopping } = manager;
    if (first.isThere) await first.alone(ports.locks, stopping.signal, () => account.takeOverFirst());
    await account.prepare();
    ports.tabs.listen((message) => manager.heard(message));
    ports.tabs.tell({ is: 'hello' });
    // What another tab wrote before this one listened.
    await manager.kept.catchUp();
    return manager;
  }

  // ---- who

  register(who: Credentials): Promise<void> {
    return this.account.register(who);
  }

  login(who: Credentials): Promise<void> {
    return this.account.login(who);
  }

  logout(): Promise<void> {
    return this.account.logout();
  }

  changePassword(currentPassword: string, newPassword: string): Promise<void> {
    return this.account.asked((call) =>
      this.ports.transport.changePassword(call, currentPassword, newPassword),
    );
  }

  sessions() {
    return this.account.asked((call) => this.ports.transport.sessions(call));
  }

  revokeSession(id: string): Promise<void> {
    return this.account.asked((call) => this.ports.transport.revokeSession(call, id));
  }

  deleteAccount(password: string): Promise<void> {
    return this.account.deleteAccount(password);
  }

  erase({ evenUnsent = false }: EraseOptions = {}): Promise<void> {
    return this.account.erase(evenUnsent);
  }

  // ---- tasks

  add(content: string): Promise<Task> {
    return this.edited((tx, now) => addTask(tx, this.ports.newId(), content, now));
  }

  edit(id: string, content: string): Promise<Task> {
    return this.change(id, { content });
  }

  complete(id: string, completed: boolean): Promise<Task> {
    return this.change(id, { completed });
  }

  pin(id: string, pinned: boolean): Promise<Task> {
    return this.change(id, { pinned });
  }

  delete(id: string): Promise<void> {
    return this.edited((tx, now) => removeTask(tx, id, now));
  }

  restore(id: string): Promise<Task> {
    return this.edited((tx, now) => bringBack(tx, id, now));
  }

  tasks(): ReadonlyMap<string, Task> {
    return this.kept.snapshot.tasks;
  }

  deletedTasks(): ReadonlyMap<string, Task> {
    return this.kept.snapshot.deleted;
  }

  list(): readonly Task[] {
    return this.kept.snapshot.list();
  }

  listDeleted(): readonly Task[] {
    return this.kept.snapshot.listDeleted();
  }

  subscribeTasks(changed: (ids: ReadonlySet<string>) => void): Unsubscribe {
    return this.taskSubscribers.add(changed);
  }

  // ---- what went otherwise

  pending(): Promise<readonly Change[]> {
    return this.kept.read(async (tx) => (await tx.listPending()).map(pendingChange));
  }

  rejected(): readonly Rejection[] {
    return this.kept.parts.rejections;
  }

  conflicts(): readonly Conflict[] {
    return this.kept.parts.conflicts;
  }

  dismissRejected({ change }: Rejection): Promise<void> {
    return this.kept.write((tx) => tx.dismissRejection(change.device_id, change.mutation_id));
  }

  dismissConflict({ at, field }: Conflict): Promise<void> {
    return this.kept.write((tx) => tx.dismissConflict(at, field));
  }

  restoreDiscarded(conflict: Conflict): Promise<void> {
    return this.edited(async (tx, now) => {
      await takeDiscarded(tx, conflict, now);
      await tx.dismissConflict(conflict.at, conflict.field);
    });
  }

  agreeToMassChange(): Promise<void> {
    return this.kept.write((tx) => agreeToMassChange(tx, this.ports.now()));
  }

  refuseMassChange(): Promise<void> {
    return this.edited(refuseMassChange);
  }

  // ---- what only the service knows

  history(id: string) {
    return this.account.asked((call) => this.ports.transport.history(call, id));
  }

  devices() {
    return this.account.asked((call) => this.ports.transport.devices(call));
  }

  usage() {
    return this.account.asked((call) => this.ports.transport.usage(call));
  }

  export(): Promise<Blob> {
    return this.account.asked((call) => this.ports.transport.export(call));
  }

  // ---- moving house

  exportTasks(): string {
    return toJsonLines(this.list());
  }

  async importTasks(text: string): Promise<number> {
    return this.kept.write(async (tx) => {
      const { now } = this.ports;
      const added = await importTasks(tx, text, now());
      if (added > 0) await this.schedule.tellWithin(tx, { is: 'edited' });
      return added;
    });
  }

  // ---- syncing

  syncNow({ patience = Number.POSITIVE_INFINITY }: SyncNowOptions = {}): Promise<RunEnd> {
    return this.runs.syncNow(patience, this.stopping.signal);
  }

  start(): void {
    if (this.looking) return;
    this.tell({ is: 'app_started', utc_offset: this.ports.utcOffset() });
    this.looking = setInterval(() => this.look(), LOOK_MS);
    this.leadership.start();
    if (this.inFront) this.leadership.takeLead();
  }

  async stop(): Promise<void> {
    if (this.looking) clearInterval(this.looking);
    this.looking = null;
    this.stopping.abort();
    this.stopping = new AbortController();
    if (this.leadership.leads) this.tellLive(false);
    this.leadership.stop();
    await this.led;
  }

  setForeground(foreground: boolean): void {
    if (this.inFront === foreground) return;
    this.inFront = foreground;
    this.schedule.tellHere({ is: foreground ? 'came_to_front' : 'went_behind' });
    if (foreground) {
      this.leadership.takeLead();
      // A tab that was asleep was told of nothing.
      this.kept.catchUp().catch(() => {});
    } else if (this.leadership.leads) {
      this.ports.tabs.tell({ is: 'leads_behind' });
    }
    this.changed();
  }

  networkIsBack(): void {
    this.tell({ is: 'network_back' });
    this.stream.tryNow();
  }

  status(): SyncStatus {
    return this.shown;
  }

  subscribeStatus(changed: (status: SyncStatus) => void): Unsubscribe {
    return this.statusSubscribers.add(changed);
  }

  subscribeSynced(ended: (end: RunEnd) => void): Unsubscribe {
    return this.syncedSubscribers.add(ended);
  }

  async close(): Promise<void> {
    await this.stop();
    await this.account.settled();
    this.ports.tabs.close();
    this.ports.store.close();
  }

  // ---- inside

  private change(id: string, fields: Fields): Promise<Task> {
    return this.edited((tx, now) => changeTask(tx, id, fields, now));
  }

  // One transaction: what the person does, and that the schedule hears of it.
  private edited<T>(edit: (tx: Transaction, now: number) => Promise<T>): Promise<T> {
    return this.kept.write(async (tx) => {
      const result = await edit(tx, this.ports.now());
      await this.schedule.tellWithin(tx, { is: 'edited' });
      return result;
    });
  }

  // Errors of the store are met again by whoever needs it.
  private tell(event: Parameters<ScheduleKeeper['tell']>[0]): void {
    this.schedule.tell(event).catch(() => {});
  }

  private heard(message: TabMessage): void {
    switch (message.is) {
      case 'wrote':
        this.kept.heard(message).catch(() => {});
        break;
      case 'leads_behind':
        if (this.inFront) this.leadership.takeLead();
        break;
      case 'live':
        // Of a tab that led before, and is late.
        if (this.leadership.leads) break;
        this.live = message.live;
        this.changed();
        break;
      case 'hello':
        if (this.leadership.leads) this.ports.tabs.tell({ is: 'live', live: this.live });
        break;
    }
  }

  private leads(leads: boolean): void {
    if (!leads) {
      this.leading?.abort();
      this.leading = null;
      this.changed();
      return;
    }
    const stop = new AbortController();
    this.leading = stop;
    // What it did when it led before ends first: it would end this stream.
    this.led = this.led.then(() => this.lead(stop.signal));
    this.tellLive(false);
    this.changed();
    if (!this.inFront) this.ports.tabs.tell({ is: 'leads_behind' });
  }

  private async lead(signal: AbortSignal): Promise<void> {
    // The tab that led before may have died before it could tell what it wrote.
    await this.kept.catchUp().catch(() => {});
    await this.runs.drive(signal, () => this.follow());
    await this.stream.stop();
  }

  // A stream for as long as the person looks and the service has room for it.
  private follow(): void {
    const { state, isLoggedOut } = this.schedule;
    const canFollow = this.circumstances.protocol === 'final' && !isLoggedOut && state !== 'degraded';
    this.stream.setWanted(this.inFront && canFollow && this.leadership.leads);
    this.show();
  }

  private streamOpened(isOpen: boolean): void {
    // Once another leads, it is theirs that counts.
    if (this.leadership.leads) this.tellLive(isOpen);
    this.schedule.tellHere({ is: isOpen ? 'stream_opened' : 'stream_closed' });
    this.changed();
  }

  private tellLive(isLive: boolean): void {
    this.live = isLive;
    this.ports.tabs.tell({ is: 'live', live: isLive });
  }

  private look(): void {
    this.show();
    // Errors of the store are met again by whoever needs it.
    this.kept.catchUp().catch(() => {});
  }

  private changed(): void {
    this.show();
    this.runs.wake();
  }

  private show(): void {
    const status = this.statusNow();
    const lists = this.kept.parts;
    const isSame =
      sameStatus(status, this.shown) &&
      lists.rejections === this.shownLists.rejections &&
      lists.conflicts === this.shownLists.conflicts;
    if (isSame) return;
    this.shown = status;
    this.shownLists = lists;
    this.statusSubscribers.tell(status);
  }

  private statusNow(): SyncStatus {
    const here = { live: this.live, leading: this.leadership.leads };
    return statusOf(this.kept.parts, this.schedule, this.circumstances.settings, here, this.ports.now());
  }
}
