// One run: asks what the exchange wants asked, and reports what the schedule has to know.
import { isAnswer, SyncError } from '../domain/errors';
import type { RunEnd } from '../domain/run-end';
import type { LimitTold, ScheduleEvent } from '../domain/schedule/event';
import type { Exchange, RunOptions } from '../engine/exchange';
import type { Transaction, Writes } from '../store/local-store';
import { ANSWER_TIMEOUT_MS, type SyncTransport } from '../transport/sync-transport';
import { NOTES, type RunNote } from './notes';

export interface RunReport {
  /** Null: it was given up; `givenUp` says why, and nothing is known against the network. */
  readonly end: RunEnd | null;
  readonly givenUp: SyncError | null;
  /** The last request carried changes. */
  readonly pushed: boolean;
  /** Requests that were answered, and what they told of buckets. */
  readonly answers: number;
  readonly limits: readonly LimitTold[];
}

export interface RunCall {
  readonly token: string;
  readonly signal: AbortSignal;
  /** Unix milliseconds by `now`, after which nobody waits any more. */
  readonly until: number;
  readonly now: () => number;
}

/** Throws what the store throws, but for a run that another tab has taken over: that is given up. */
export async function runSync(
  exchange: Exchange,
  options: RunOptions,
  transport: SyncTransport,
  call: RunCall,
): Promise<RunReport> {
  const { token, signal, until, now } = call;
  const limits: LimitTold[] = [];
  let answers = 0;
  let pushed = false;
  try {
    let next = await exchange.begin(options, now());
    while (next.ask) {
      const { ask } = next;
      // Waiting for others, or for a token, took all the time there was: nothing is known against the network.
      if (now() >= until) return { end: null, givenUp: patienceOver(), pushed, answers, limits };
      pushed = ask.kind !== 'check' && ask.changes.length > 0;
      const timeout = Math.min(until - now(), ANSWER_TIMEOUT_MS);
      const { answer, limit } = await transport.ask({ token, signal, timeout }, ask);
      if (limit) limits.push(limit);
      if (!(answer instanceof SyncError)) answers += 1;
      else if (!isAnswer(answer) && answers > 0 && now() >= until) {
        return { end: null, givenUp: patienceOver(), pushed, answers, limits };
      }
      next = await exchange.take(answer, now());
    }
    return { end: next.end, givenUp: null, pushed, answers, limits };
  } catch (error) {
    if (!(error instanceof SyncError) || error.code !== 'cancelled') throw error;
    return { end: null, givenUp: error, pushed, answers, limits };
  }
}

/** What is stored by the end of a run. */
export interface Stored {
  readonly etag: string;
  /** Edits waited when it began, and some do still. */
  readonly editsAreLeft: boolean;
}

export function eventOf({ end, pushed, answers, limits }: RunReport, stored: Stored): ScheduleEvent {
  const let_in = answers > 0;
  if (!end) return { is: 'run_abandoned', let_in };
  if (end.error) {
    const { retry_after } = end.error;
    return { is: 'run_failed', code: codeNameOf(end.error), retry_after, pushed, limits, let_in };
  }
  const isDeferred = end.how === 'deferred';
  return {
    is: 'run_done',
    etag: isDeferred ? null : stored.etag,
    next_sync_in: end.next_sync_in,
    deferred_for: isDeferred ? (end.retry_after ?? 0) : null,
    edits_are_left: stored.editsAreLeft,
    limits,
  };
}

function patienceOver(): SyncError {
  return new SyncError('patience_over', 'Syncing takes longer; it goes on later.');
}

export function codeNameOf(error: SyncError): string {
  return isAnswer(error) ? error.code : 'no_answer';
}

/**
 * The store, for one run alone: once another run has begun, this one is over, whatever it had under way. It happens
 * where a browser puts a tab to sleep in the midst of a run, and wakes it when another has taken over.
 */
export class FencedStore implements Writes {
  private hasBegun = false;

  constructor(
    private readonly store: Writes,
    private readonly id: string,
    private readonly now: () => number,
  ) {}

  async write<T>(body: (tx: Transaction) => Promise<T>): Promise<T> {
    const result = await this.store.write(async (tx) => {
      const run = (await tx.getNote(NOTES.run)) as RunNote | undefined;
      if (this.hasBegun && run?.id !== this.id) {
        throw new SyncError('cancelled', 'Another tab has taken over.');
      }
      tx.putNote(NOTES.run, { id: this.id, at: this.now() } satisfies RunNote);
      return body(tx);
    });
    this.hasBegun = true;
    return result;
  }
}
