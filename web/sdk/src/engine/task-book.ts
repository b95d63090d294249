import type { Replica } from '../domain/replica';
import { isAlive, type TaskState } from '../domain/task-state';
import type { Transaction } from '../store/local-store';

/**
 * Tasks of a transaction together with the counts that the self-check compares: what is changed here is counted.
 *
 *   const book = await TaskBook.open(tx);
 *   await book.change(ids, (task) => applyDeletion(task, now));
 *   book.replica.cursor = …;
 *   book.close();
 */
export class TaskBook {
  private constructor(
    readonly tx: Transaction,
    readonly replica: Replica,
  ) {}

  static async open(tx: Transaction): Promise<TaskBook> {
    return new TaskBook(tx, await tx.getReplica());
  }

  /** `change` of each, stored. No id comes twice. */
  async change(ids: readonly string[], change: (task: TaskState, index: number) => void): Promise<void> {
    if (ids.length === 0) return;
    const tasks = await this.tx.getMany(ids);
    for (const [index, task] of tasks.entries()) {
      this.count(task, -1);
      change(task, index);
      this.count(task, 1);
      this.tx.put(task);
    }
  }

  /** Stores the replica. */
  close(): void {
    this.tx.putReplica(this.replica);
  }

  private count({ row }: TaskState, sign: 1 | -1): void {
    if (!isAlive(row)) return;
    this.replica.live_count += sign;
    this.replica.version_sum += sign * row.version;
  }
}
