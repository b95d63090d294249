// Syncs: those that are due, while this tab leads, and those that the person asks for.
import { SyncError } from '../domain/errors';
import type { RunEnd } from '../domain/run-end';
import type { Trigger } from '../domain/schedule/event';
import type { Protocol } from '../domain/schedule/schedule';
import { Exchange } from '../engine/exchange';
import type { Account } from './account';
import { Alarm, rest } from './alarm';
import type { KeptStore } from './kept-store';
import { type Held, holdFor, within } from './locks';
import type { Ports } from './ports';
import type { ScheduleKeeper } from './schedule-keeper';
import { isTokenRefused, logInFirst, type Session } from './session';
import { eventOf, FencedStore, type RunReport, runSync } from './sync-run';

// A run with nobody waiting: what is not done by then is left to the next.
const RUN_PATIENCE_MS = 540_000;
// Renewing and running: more is no use.
const TURNS_MAX = 4;
// The driver looks at the clock this often; it is woken for all that happens. Waiting for a time notices neither a
// sleep of the machine nor a clock that was set.
const LOOK_MS = 60_000;
// After a failure of the store: a request whose answer cannot be stored costs the service as much as any.
const REST_FIRST_MS = 1_000;
const REST_LONGEST_MS = 300_000;
// A run that has stored nothing for longer is asleep with its tab: a request ends after 30 s.
const ASLEEP_MS = 90_000;
// A clock that went back further than this was set.
const SET_BACK_MS = 1_000;

interface Begun {
  readonly token: string;
  /** When it began. */
  readonly editsWait: boolean;
}

export class Runs {
  private readonly alarm = new Alarm();
  private refusedToken: string | null = null;
  private lookedAt: number;

  constructor(
    private readonly ports: Ports,
    private readonly protocol: Protocol,
    private readonly lockName: string,
    private readonly kept: KeptStore,
    private readonly schedule: ScheduleKeeper,
    private readonly session: Session,
    private readonly account: Account,
    private readonly ended: (end: RunEnd) => void,
  ) {
    this.lookedAt = ports.now();
  }

  /** Something may be due. */
  wake(): void {
    this.alarm.wake();
  }

  async syncNow(patience: number, signal: AbortSignal): Promise<RunEnd> {
    const gate = await this.enter(patience, signal);
    return within(gate, async () => {
      // Only now: a request that has no time left after the wait for others says nothing against the network.
      const until = this.ports.now() + patience;
      // Whoever was at it last has died, or has said how it ended.
      await this.schedule.tell({ is: 'run_abandoned' });
      await this.schedule.tell({ is: 'asked' });
      return this.runDue(until, AbortSignal.any([signal, gate.stolen]));
    });
  }

  /** Does what is due, until `signal` ends it. */
  async drive(signal: AbortSignal, look: () => void): Promise<void> {
    signal.addEventListener('abort', () => this.wake());
    let mayHaveDied = true;
    let restMs = REST_FIRST_MS;
    while (!signal.aborted) {
      look();
      if (this.schedule.isDue || mayHaveDied) {
        const served = await this.serve(mayHaveDied, signal).catch(() => false);
        mayHaveDied = false;
        if (!served) await rest(restMs, signal);
        restMs = served ? REST_FIRST_MS : Math.min(2 * restMs, REST_LONGEST_MS);
      } else {
        const left = (this.schedule.next?.at ?? Number.MAX_SAFE_INTEGER) - this.ports.now();
        await this.alarm.wait(Math.min(left, LOOK_MS));
        await this.tick();
      }
    }
  }

  // False: what is due has not moved on, because the store fails.
  private async serve(mayHaveDied: boolean, signal: AbortSignal): Promise<boolean> {
    const gate = await this.enter(Number.POSITIVE_INFINITY, signal);
    return within(gate, async () => {
      // With the gate passed nobody else is at it. What a tab took along that died is due again.
      if (mayHaveDied) await this.schedule.tell({ is: 'run_abandoned' });
      if (!this.schedule.isDue) return true;
      const before = this.schedule.next;
      const until = this.ports.now() + RUN_PATIENCE_MS;
      // Of all else that went wrong the schedule has taken down what follows from it.
      let isStored = true;
      await this.runDue(until, AbortSignal.any([signal, gate.stolen])).catch((error: unknown) => {
        isStored = !isStoreFailure(error);
      });
      const after = this.schedule.next;
      return isStored && (before?.at !== after?.at || before?.trigger !== after?.trigger);
    });
  }

  private async tick(): Promise<void> {
    const now = this.ports.now();
    const wasSetBack = now < this.lookedAt - SET_BACK_MS;
    this.lookedAt = now;
    if (wasSetBack) await this.schedule.tell({ is: 'tick' }).catch(() => {});
  }

  // One run at a time, over all tabs.
  private async enter(patience: number, signal: AbortSignal): Promise<Held> {
    const { locks, now } = this.ports;
    const until = now() + patience;
    while (!signal.aborted) {
      const wait = Math.max(Math.min(until - now(), ASLEEP_MS), 0);
      const gate = await holdFor(locks, this.lockName, wait, signal);
      if (gate) return gate;
      if (now() >= until) throw new SyncError('patience_over', 'Another tab is syncing.');
      if (!signal.aborted && now() - this.kept.parts.runAt >= ASLEEP_MS) return locks.steal(this.lockName);
    }
    throw new SyncError('cancelled', 'It was given up.');
  }

  private async runDue(until: number, signal: AbortSignal): Promise<RunEnd> {
    for (let turn = 1; ; ++turn) {
      const { next } = this.schedule;
      if (!next) throw logInFirst();
      if (next.at > this.ports.now()) throw this.waitsError(next.at);
      if (next.trigger === 'renew') {
        await this.renewDue(signal);
        if (turn === TURNS_MAX) throw logInFirst();
        continue;
      }
      try {
        return await this.runOne(next.trigger, until, signal);
      } catch (error) {
        // With a new token once more.
        if (!isTokenRefused(error) || turn === TURNS_MAX) throw error;
      }
    }
  }

  private waitsError(at: number): SyncError {
    const message = this.schedule.message || 'Syncing waits, to spare the service.';
    const retry_after = Math.ceil((at - this.ports.now()) / 1_000);
    return new SyncError('rate_limited', message, { retry_after });
  }

  private async renewDue(signal: AbortSignal): Promise<void> {
    // Without one: another tab was refused, and has not said with which.
    const refused = this.refusedToken ?? (await this.session.load())?.access_token ?? '';
    this.refusedToken = null;
    await this.account.renew('run', refused, signal);
  }

  private async runOne(trigger: Trigger, until: number, signal: AbortSignal): Promise<RunEnd> {
    await this.account.token('run', signal);
    const fenced = new FencedStore(this.kept, this.ports.newId(), this.ports.now);
    // One transaction: the store may have been erased since, and may be somebody else's by now.
    const begun = await fenced.write(async (tx) => {
      const { access_token } = await this.account.ownSession(tx);
      await this.schedule.tellWithin(tx, { is: 'run_began', trigger });
      return { token: access_token, editsWait: (await tx.countPending()) > 0 };
    });
    const report = await this.exchanged(fenced, trigger, begun, { until, signal }).catch(
      async (error: unknown) => {
        await fenced.write((tx) => this.schedule.tellWithin(tx, { is: 'run_abandoned' })).catch(() => {});
        throw error;
      },
    );
    const { end, givenUp } = report;
    if (!end) throw givenUp ?? new SyncError('cancelled', 'It was given up.');
    this.ended(end);
    if (end.error) throw end.error;
    return end;
  }

  private async exchanged(
    fenced: FencedStore,
    trigger: Trigger,
    { token, editsWait }: Begun,
    limits: { readonly until: number; readonly signal: AbortSignal },
  ): Promise<RunReport> {
    const { transport, newDeviceId, now } = this.ports;
    const isDegraded = this.schedule.state === 'degraded';
    const report = await runSync(
      new Exchange(fenced, newDeviceId, { protocol: this.protocol }),
      { mayCheck: trigger !== 'head' && trigger !== 'pull', pushOnly: isDegraded && trigger === 'edit' },
      transport,
      { token, now, ...limits },
    );
    const error = report.end?.error ?? null;
    const isRefused = isTokenRefused(error);
    const told = await fenced.write(async (tx) => {
      // Nothing is known against the token that has come meanwhile: the next turn takes that.
      const isOutdated = isRefused && (await tx.getSession())?.access_token !== token;
      const told = isOutdated ? { ...report, end: null, givenUp: error } : report;
      const { etag } = await tx.getReplica();
      const editsAreLeft = editsWait && (await tx.countPending()) > 0;
      await this.schedule.tellWithin(tx, eventOf(told, { etag, editsAreLeft }));
      // Refused with a token that was just renewed: the session is over.
      if (isRefused && !isOutdated && this.schedule.isLoggedOut) tx.putSession(null);
      return told;
    });
    if (isRefused && told === report) this.refusedToken = token;
    return told;
  }
}

function isStoreFailure(error: unknown): boolean {
  return error instanceof SyncError && error.code.startsWith('storage_');
}
