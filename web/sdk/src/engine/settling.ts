// What an answer says about the changes of its request (SPEC 3.3): with the end of the answer they leave the queue.
import type { Page } from '../domain/protocol';
import type { RunEnd } from '../domain/run-end';
import type { Change } from '../domain/task';
import { settle } from '../domain/task-answers';
import { type TaskState, thaw, type Verdict } from '../domain/task-state';
import type { TaskBook } from './task-book';

/** Keeps what `page`, the first of an answer of several pages, says about `changes`. */
export async function noteVerdicts(book: TaskBook, changes: readonly Change[], page: Page): Promise<void> {
  const verdictOf = verdictsOf(page);
  const ids = changes.map(({ id }) => id);
  await book.change(ids, ({ sent }, index) => {
    const change = changes[index];
    if (sent && change && sent.change.mutation_id === change.mutation_id) sent.verdict = verdictOf(change);
  });
}

/**
 * The answer is complete: what was stored or told leaves the queue; what was rejected is listed, or queued again
 * where that can help. `changes` are those of the request, if `page` is the whole answer; else those noted. What the
 * pages tell of tasks has been stored. Counts in `end`. True: the device is a copy of another, or has one, and needs
 * a new name.
 */
export async function settleAnswered(
  book: TaskBook,
  changes: readonly Change[],
  page: Page,
  now: number,
  end: RunEnd,
): Promise<boolean> {
  const verdictOf = verdictsOf(page);
  const settling = new Settling(book, now, end);
  const answered = new Map(changes.map((change) => [change.id, change]));
  await book.change([...answered.keys()], (task) => {
    const change = answered.get(task.id);
    if (change && task.sent?.change.mutation_id === change.mutation_id)
      settling.settle(task, verdictOf(change));
  });
  const noted = (await book.tx.listSent()).filter(({ sent }) => sent?.verdict);
  await book.change(
    noted.map(({ id }) => id),
    (task) => task.sent?.verdict && settling.settle(task, task.sent.verdict),
  );
  return settling.isForked;
}

/** What is pending goes out under `name`, whose numbers begin anew. */
export async function takeNewName(book: TaskBook, name: string): Promise<void> {
  book.replica.device_id = name;
  book.replica.last_mutation_id = 0;
  book.replica.acked = 0;
  for (const task of await book.tx.listSent()) {
    thaw(task);
    book.tx.put(task);
  }
}

class Settling {
  /** A number belongs to a copy of this device. */
  isForked = false;

  constructor(
    private readonly book: TaskBook,
    private readonly now: number,
    private readonly end: RunEnd,
  ) {}

  settle(task: TaskState, { outcome, code, detail }: Verdict): void {
    const { replica, tx } = this.book;
    const change = task.sent?.change;
    if (!change) return;
    replica.acked = Math.max(replica.acked, change.mutation_id);
    if (code === 'device_forked') {
      this.isForked = true;
      return;
    }
    this.end.pushed += 1;
    const isHeard = settle(task, outcome, this.now);
    if (outcome === 'as_sent') task.named_in = replica.whole_state;
    if (isHeard) return;
    tx.addRejection({ change, code, detail, at: this.now });
    this.end.rejections += 1;
  }
}

// A page, as it is asked about single changes.
function verdictsOf(page: Page): (change: Change) => Verdict {
  const told = new Set([...page.updates.map(({ id }) => id), ...page.deleted]);
  const rejected = new Map(page.rejected.map((one) => [one.mutation_id, one]));
  return ({ id, mutation_id }) => {
    const why = rejected.get(mutation_id);
    if (!why) return { outcome: told.has(id) ? 'told' : 'as_sent', code: '', detail: '' };
    const outcome = why.code === 'unknown_task' ? 'unknown_task' : 'rejected';
    return { outcome, code: why.code, detail: why.detail };
  };
}
