// One run of syncing (SPEC 3.3, 6.3): what to ask the server, and what to do with each answer. No I/O but the
// store's: whoever has a transport drives it.
//
//   const exchange = new Exchange(store, newDeviceId, {});
//   let next = await exchange.begin({}, now());
//   while (next.ask) {
//     const answer = …ask the server…;
//     next = await exchange.take(answer, now());
//   }
//   next.end
//
// Each call is one transaction of the store: what is asked was frozen before it is returned, and an answer is stored
// with all that follows from it. So a tab may be killed between any two lines, and the next begin() takes up from
// what is stored: nothing is lost, nothing has effect twice.
//
// One run at a time for one store; meanwhile anybody may edit.
import { SyncError } from '../domain/errors';
import type { Answer, Ask, CheckAnswer, Page, SyncAsk } from '../domain/protocol';
import type { Replica, Series } from '../domain/replica';
import type { RunEnd } from '../domain/run-end';
import { mayHeal, parseEtag, selfCheck, startOver, totalsOf } from '../domain/self-check';
import type { Transaction, Writes } from '../store/local-store';
import { freezeBatch } from './batch';
import { closeDeferred, closeSeries, openSeries, storeNews } from './series';
import { noteVerdicts, settleAnswered, takeNewName } from './settling';
import { TaskBook } from './task-book';
import { asPage, asSyncAsk, freezeObjects } from './v1';

export interface ExchangeOptions {
  readonly protocol?: 'final' | 'v1';
  /** Entries of a page, 1 … 1,000. */
  readonly pageLimit?: number;
  /** Changes in a request. The server takes 1,000 and 1 MiB. */
  readonly batchMax?: number;
}

export interface RunOptions {
  /** With nothing pending, ask by a check first whether there is anything to pull. If absent: yes. */
  readonly mayCheck?: boolean;
  /** Reads are paused: only push. With nothing pending there is nothing to do. */
  readonly pushOnly?: boolean;
}

/** What to ask next, or how the run ended. */
export type Next = { readonly ask: Ask; readonly end: null } | { readonly ask: null; readonly end: RunEnd };

/** A run that has asked this often leaves the rest to the next one. */
export const REQUESTS_MAX = 10_000;
/** A run whose series was cut so often by the server ends with its error. */
export const RESTARTS_MAX = 3;

// What the transaction of a call decides: the next question, or null: the run has ended.
type Decision = Ask | null;

// Of a run. What a transaction changes of it holds only if the transaction does.
interface Run {
  readonly mayCheck: boolean;
  pushOnly: boolean;
  end: RunEnd;
  /** Edits made later are for the next run. */
  editsUntil: number;
  /** A check has said that there is something to pull, or has no need to be asked. */
  mustPull: boolean;
  restarts: number;
  batchMax: number;
}

export class Exchange {
  private run: Run = newRun({}, 0, 0);
  private asked: Ask | null = null;

  constructor(
    private readonly store: Writes,
    private readonly newDeviceId: () => string,
    private readonly options: ExchangeOptions = {},
  ) {}

  /** Begins a run, or begins it anew where no answer will come. Throws what the store throws. */
  begin(options: RunOptions, now: number): Promise<Next> {
    this.asked = null;
    this.run = newRun(options, now, this.options.batchMax ?? 1_000);
    return this.decide(async (tx) => {
      const { replica } = await TaskBook.open(tx);
      replica.device_id ||= this.newDeviceId();
      this.run.mustPull = !this.run.mayCheck || replica.etag === '';
      tx.putReplica(replica);
      if (this.run.pushOnly && (await tx.countPending()) === 0) return null;
      return this.nextAsk(tx, now);
    });
  }

  /** The answer to what was asked last. Throws what the store throws; then the answer is as if it had never come. */
  take(answer: Answer, now: number): Promise<Next> {
    const { asked } = this;
    if (!asked) throw new Error('an answer to no question');
    this.asked = null;
    return this.decide(async (tx) => {
      if (answer instanceof SyncError) return this.takeFailure(tx, asked, answer, now);
      this.run.end.requests += 1;
      if (asked.kind === 'check' && answer.kind === 'check') return this.takeCheck(tx, answer, now);
      if (asked.kind === 'sync' && answer.kind === 'page') return this.takePage(tx, asked, answer, now);
      if (asked.kind === 'v1' && answer.kind === 'v1') {
        return this.takePage(tx, asSyncAsk(asked), asPage(answer), now);
      }
      return this.fail(new SyncError('bad_answer', 'The server answered another question.'));
    });
  }

  private async decide(step: (tx: Transaction) => Promise<Decision>): Promise<Next> {
    const before = structuredClone(this.run);
    try {
      const ask = await this.store.write(step);
      this.asked = ask;
      return ask ? { ask, end: null } : { ask: null, end: this.run.end };
    } catch (error) {
      this.run = before;
      throw error;
    }
  }

  private fail(error: SyncError): Decision {
    this.run.end.how = 'failed';
    this.run.end.error = error;
    return null;
  }

  // ---- questions

  private async nextAsk(tx: Transaction, now: number): Promise<Decision> {
    const { run } = this;
    if (run.end.requests >= REQUESTS_MAX) {
      return this.fail(new SyncError('bad_answer', 'The server answers without end.'));
    }
    const book = await TaskBook.open(tx);
    const { replica } = book;
    if (this.options.protocol === 'v1') {
      const changes = await freezeObjects(book, run.batchMax);
      book.close();
      return { kind: 'v1', last_sync: replica.cursor, changes };
    }
    const { series } = replica;
    const ask = this.newAsk(replica, now);
    if (series && !run.pushOnly) return { ...ask, last_sync: series.last_sync, page: series.page };
    ask.changes = await freezeBatch(book, run.batchMax);
    book.close();
    // A device with pending edits never only checks: it pushes.
    if (ask.changes.length === 0 && !run.mustPull) {
      return { kind: 'check', device_id: replica.device_id, etag: replica.etag };
    }
    return ask;
  }

  private newAsk({ cursor, epoch, device_id, acked, etag }: Replica, now: number): SyncAsk {
    return {
      kind: 'sync',
      last_sync: cursor,
      ...(epoch !== null && { epoch }),
      device_id,
      acked,
      client_time: now,
      ...(etag !== '' && { if_none_match: etag }),
      limit: this.options.pageLimit ?? 1_000,
      changes: [],
    };
  }

  // What was pending when the run began. Later edits have a debounce of their own to wait for.
  private async hasMoreOfThisRun(tx: Transaction): Promise<boolean> {
    const oldest = await tx.oldestPending();
    return oldest !== null && oldest <= this.run.editsUntil;
  }

  // ---- answers

  private async takeFailure(tx: Transaction, asked: Ask, error: SyncError, now: number): Promise<Decision> {
    const { run } = this;
    if (asked.kind !== 'sync') return this.fail(error);
    if (error.code === 'too_many_changes' && asked.changes.length > 1) {
      run.batchMax = Math.floor(asked.changes.length / 2);
      return this.nextAsk(tx, now);
    }
    // Whatever is wrong with a page's name, it will not get better by asking again.
    const namesNoPage =
      asked.page !== undefined && ['page_expired', 'validation', 'bad_type'].includes(error.code);
    if (!namesNoPage) return this.fail(error);
    const replica = await tx.getReplica();
    replica.series = null;
    tx.putReplica(replica);
    run.restarts += 1;
    return run.restarts > RESTARTS_MAX ? this.fail(error) : this.nextAsk(tx, now);
  }

  private async takeCheck(tx: Transaction, answer: CheckAnswer, now: number): Promise<Decision> {
    const { run } = this;
    run.end.next_sync_in = answer.next_sync_in;
    if (!answer.not_modified) {
      run.mustPull = true;
      return this.nextAsk(tx, now);
    }
    const replica = await tx.getReplica();
    // The ETag of an answer is kept though a difference was found too soon after the last healing: that nothing has
    // changed since does not make it go away.
    const canCompare = !replica.held && (await tx.countPending()) === 0;
    const heals = canCompare && this.findsDifference(replica, replica.etag, now);
    if (!heals) replica.synced_at = now;
    tx.putReplica(replica);
    if (heals) return this.nextAsk(tx, now);
    run.end.not_modified = true;
    if (replica.held) run.end.how = 'held';
    return null;
  }

  private async takePage(tx: Transaction, asked: SyncAsk, page: Page, now: number): Promise<Decision> {
    const { run } = this;
    const book = await TaskBook.open(tx);
    const { replica } = book;
    const isContinued = asked.page !== undefined;
    // Of a series that is not the stored one: it would pass for the beginning of another.
    if (isContinued && replica.series?.page !== asked.page) return this.nextAsk(tx, now);
    const series = isContinued && replica.series ? replica.series : openSeries(book, asked.last_sync, page);
    run.end.next_sync_in = page.next_sync_in ?? run.end.next_sync_in;
    if (page.full_resync && !isContinued) run.restarts += 1;
    run.end.pulled += page.updates.length + page.deleted.length;
    for (const conflict of page.conflicts) run.end.conflicts += (await tx.addConflict(conflict)) ? 1 : 0;
    const allKnown = await storeNews(book, series, page, now);
    // After a restore nothing of the request was stored, and the epoch is taken with its whole state. V1 has none.
    const isRewound = series.resync === 'rewound';
    if (!isRewound && page.epoch !== '') replica.epoch = page.epoch;

    let how: RunEnd['how'] = 'complete';
    let heals = false;
    if (!allKnown && this.noteDifference(replica, page.etag, now)) {
      heals = true;
    } else if (page.page !== null) {
      if (!isRewound) await noteVerdicts(book, asked.changes, page);
      replica.series = { ...series, page: page.page };
      // The server lets it read. To push again before the last page would only repeat what is answered.
      run.pushOnly = false;
    } else {
      const isForked = !isRewound && (await settleAnswered(book, asked.changes, page, now, run.end));
      how = await this.close(book, series, page, now);
      if (isForked) {
        await takeNewName(book, this.newDeviceId());
        run.restarts += 1;
      }
      if (isRewound) run.editsUntil = now;
      const canCompare = how === 'complete' && (await tx.countPending()) === 0;
      heals = canCompare && this.findsDifference(replica, page.etag, now);
    }
    const goesOn = heals || page.page !== null;
    // More is here than it names: if the service loses that, it must not say that nothing has changed.
    if (goesOn || how !== 'complete') replica.etag = '';
    book.close();
    if (run.restarts > RESTARTS_MAX) {
      return this.fail(new SyncError('bad_answer', 'The server has this device start over again and again.'));
    }
    if (goesOn || (await this.hasMoreOfThisRun(tx))) return this.nextAsk(tx, now);
    run.end.how = how;
    return null;
  }

  // The last page is stored, and what it answered is settled.
  private async close(book: TaskBook, series: Series, page: Page, now: number): Promise<RunEnd['how']> {
    if (page.pull_deferred === null) {
      return (await closeSeries(book, series, page, now)) ? 'complete' : 'held';
    }
    this.run.end.retry_after = page.pull_deferred;
    return (await closeDeferred(book, now)) ? 'deferred' : 'held';
  }

  private findsDifference(replica: Replica, etag: string, now: number): boolean {
    return selfCheck(replica, etag, now) !== null && this.noteDifference(replica, etag, now);
  }

  // True: the next question is for the whole state.
  private noteDifference(replica: Replica, etag: string, now: number): boolean {
    const heals = mayHeal(replica, now);
    const server = parseEtag(etag) ?? { count: 0, version_sum: 0 };
    this.run.end.difference = { here: totalsOf(replica), server, heals };
    if (heals) {
      replica.healed_at = now;
      startOver(replica);
      this.run.mustPull = true;
    }
    return heals;
  }
}

function newRun({ mayCheck = true, pushOnly = false }: RunOptions, now: number, batchMax: number): Run {
  const end: RunEnd = {
    how: 'complete',
    error: null,
    retry_after: null,
    next_sync_in: null,
    difference: null,
    conflicts: 0,
    rejections: 0,
    pushed: 0,
    pulled: 0,
    requests: 0,
    not_modified: false,
  };
  return { mayCheck, pushOnly, end, editsUntil: now, mustPull: true, restarts: 0, batchMax };
}
