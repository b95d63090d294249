// What of the queue goes into one request (SPEC 3.3, 5.6, 6.3).
import { utf8Bytes } from '../domain/content';
import type { Change } from '../domain/task';
import { forgetBase, freeze, goesAgainUnaltered, type TaskState } from '../domain/task-state';
import type { TaskBook } from './task-book';

/** The server takes 1 MiB of changes; what is around them must fit in as well. */
export const BATCH_BYTES_MAX = 1_000_000;

// Names, numbers and punctuation of a change as JSON, generously.
const BYTES_AROUND = 300;

/**
 * Freezes and numbers as many as one request takes, and stores them so. Changes that were sent before without an
 * answer come first and unaltered; then those that were edited since, under a new number; then new ones, the oldest
 * first. At least one, if any waits.
 */
export async function freezeBatch(book: TaskBook, changesMax: number): Promise<Change[]> {
  const batch = new Batch(book, changesMax);
  const sent = await book.tx.listSent();
  for (const task of sent) if (goesAgainUnaltered(task)) batch.addAgain(task);
  for (const task of sent) if (!goesAgainUnaltered(task)) batch.addFrozen(task);
  if (batch.room === 0) return batch.changes;
  for (const task of await book.tx.listEdited(batch.room)) batch.addFrozen(task);
  return batch.changes;
}

/** About how many bytes it takes in a request. */
export function weight({ id, device_id, fields }: Change): number {
  const content = fields.content === undefined ? 0 : utf8Bytes(JSON.stringify(fields.content));
  return BYTES_AROUND + id.length + device_id.length + content;
}

class Batch {
  readonly changes: Change[] = [];
  private bytes = 0;
  private isFull = false;
  // What a first sync that was cut short brought may have been purged and made anew.
  private readonly mayTrustBase: boolean;

  constructor(
    private readonly book: TaskBook,
    private readonly changesMax: number,
  ) {
    this.mayTrustBase = book.replica.cursor > 0;
  }

  get room(): number {
    return this.isFull ? 0 : this.changesMax - this.changes.length;
  }

  // A frozen change, as it goes out again.
  addAgain(task: TaskState): void {
    if (this.room === 0 || !task.sent) return;
    const isStale = !this.mayTrustBase && task.sent.change.version !== 1;
    if (isStale) forgetBase(task);
    if (this.add(task.sent.change) && isStale) this.book.tx.put(task);
  }

  addFrozen(task: TaskState): void {
    if (this.room === 0) return;
    const { replica, tx } = this.book;
    const mutation_id = replica.last_mutation_id + 1;
    const sender = { mutation_id, device_id: replica.device_id, mayTrustBase: this.mayTrustBase };
    if (!this.add(freeze(task, sender))) return;
    replica.last_mutation_id = mutation_id;
    tx.put(task);
  }

  private add(change: Change): boolean {
    this.bytes += weight(change);
    if (this.changes.length > 0 && this.bytes > BATCH_BYTES_MAX) {
      this.isFull = true;
      return false;
    }
    this.changes.push(change);
    return true;
  }
}
