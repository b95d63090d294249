// A task's state as a record, with the keys by which the store finds it. A key that is absent keeps the record out
// of its index.
import { isAlive, isPending, pendingSince, type TaskState } from '../domain/task-state';

export interface TaskRecord {
  readonly task: TaskState;
  readonly id: string;
  /** When the oldest of what waits was made. */
  readonly pending?: number;
  /** The same, if nothing is frozen. */
  readonly edited?: number;
  /** The number of what is frozen. */
  readonly sent?: number;
  readonly doomed?: 1;
  /** Of a living row: the whole state that named it last. */
  readonly named?: number;
  /** Of a dead row with nothing pending: since when. */
  readonly dead?: number;
}

export function recordOf(task: TaskState): TaskRecord {
  const { id, row, sent } = task;
  const waits = isPending(task);
  const since = waits ? pendingSince(task) : 0;
  return {
    id,
    task,
    ...(waits && { pending: since }),
    ...(waits && !sent && { edited: since }),
    ...(sent && { sent: sent.change.mutation_id }),
    ...(task.doomed && { doomed: 1 }),
    ...(isAlive(row) && { named: task.named_in }),
    ...(row && row.deleted_at !== null && !waits && { dead: row.deleted_at }),
  };
}
