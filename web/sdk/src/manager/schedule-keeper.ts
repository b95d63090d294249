import type { ConnectionState } from '../domain/schedule/connection';
import type { Due } from '../domain/schedule/due';
import type { ScheduleEvent } from '../domain/schedule/event';
import { type Protocol, Schedule } from '../domain/schedule/schedule';
import type { ScheduleSettings } from '../domain/schedule/settings';
import type { SavedState } from '../domain/schedule/state';
import type { Transaction, Writes } from '../store/local-store';
import { NOTES } from './notes';

/** The schedule, whose memory is in the store, for all tabs. */
export class ScheduleKeeper {
  private readonly schedule: Schedule;

  constructor(
    private readonly store: Writes,
    settings: ScheduleSettings,
    protocol: Protocol,
    draw: () => number,
    private readonly now: () => number,
  ) {
    this.schedule = new Schedule(settings, protocol, draw);
  }

  /** As it is stored by now. */
  load(saved: Partial<SavedState>): void {
    this.schedule.load(saved);
  }

  tell(event: ScheduleEvent): Promise<void> {
    return this.store.write((tx) => this.tellWithin(tx, event));
  }

  /** Of what is true of this tab alone. */
  tellHere(event: ScheduleEvent): void {
    this.schedule.on(event, this.now());
  }

  async tellWithin(tx: Transaction, event: ScheduleEvent): Promise<void> {
    const saved = (await tx.getNote(NOTES.schedule)) as Partial<SavedState> | undefined;
    this.schedule.load(saved ?? {});
    this.schedule.on(event, this.now());
    tx.putNote(NOTES.schedule, this.schedule.save());
  }

  get next(): Due | null {
    return this.schedule.next();
  }

  get isDue(): boolean {
    const { next } = this;
    return next !== null && next.at <= this.now();
  }

  get state(): ConnectionState {
    return this.schedule.state;
  }

  get since(): number {
    return this.schedule.stateSince;
  }

  get message(): string {
    return this.schedule.message;
  }

  get isLoggedOut(): boolean {
    return this.schedule.isLoggedOut;
  }

  get isRunning(): boolean {
    return this.schedule.isRunning;
  }
}
