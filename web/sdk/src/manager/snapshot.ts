// What the page reads without waiting: tasks as the person sees them, and what the status is made of.
import type { Conflict } from '../domain/protocol';
import type { Rejection, Replica } from '../domain/replica';
import { newReplica } from '../domain/replica';
import type { SavedState } from '../domain/schedule/state';
import type { TaskState } from '../domain/task-state';
import { findDeleted, findVisible, inOrder, lastDeletedFirst, sameTask, type Task } from '../domain/view';
import type { Transaction } from '../store/local-store';
import { NOTES, type Owner } from './notes';

/** All that is stored but for tasks. */
export interface Parts {
  readonly revision: number;
  readonly replica: Replica;
  /** Null: the store is nobody's yet. */
  readonly owner: Owner | null;
  readonly schedule: Partial<SavedState>;
  readonly runAt: number;
  readonly pending: number;
  readonly oldestPending: number | null;
  readonly rejections: readonly Rejection[];
  readonly conflicts: readonly Conflict[];
}

export const NO_PARTS: Parts = {
  revision: 0,
  replica: newReplica(),
  owner: null,
  schedule: {},
  runAt: 0,
  pending: 0,
  oldestPending: null,
  rejections: [],
  conflicts: [],
};

/** `known` has the lists already, if nothing has touched them since. */
export async function readParts(tx: Transaction, known: Parts | null): Promise<Parts> {
  const [revision, replica, owner, schedule, run, pending, oldestPending, rejections, conflicts] =
    await Promise.all([
      tx.getNote(NOTES.revision),
      tx.getReplica(),
      tx.getNote(NOTES.owner),
      tx.getNote(NOTES.schedule),
      tx.getNote(NOTES.run),
      tx.countPending(),
      tx.oldestPending(),
      known ? known.rejections : tx.listRejections(),
      known ? known.conflicts : tx.listConflicts(),
    ]);
  return {
    revision: (revision as number | undefined) ?? 0,
    replica,
    owner: (owner as Owner | undefined) ?? null,
    schedule: (schedule as Partial<SavedState> | undefined) ?? {},
    runAt: (run as { at: number } | undefined)?.at ?? 0,
    pending,
    oldestPending,
    rejections,
    conflicts,
  };
}

export class Snapshot {
  readonly tasks = new Map<string, Task>();
  readonly deleted = new Map<string, Task>();
  private listed: readonly Task[] | null = null;
  private listedDeleted: readonly Task[] | null = null;

  list(): readonly Task[] {
    this.listed ??= [...this.tasks.values()].sort(inOrder);
    return this.listed;
  }

  listDeleted(): readonly Task[] {
    this.listedDeleted ??= [...this.deleted.values()].sort(lastDeletedFirst);
    return this.listedDeleted;
  }

  /** The ids of those that look otherwise than before. */
  take(states: Iterable<TaskState>): Set<string> {
    const changed = new Set<string>();
    for (const state of states) if (this.takeOne(state)) changed.add(state.id);
    return changed;
  }

  /** The same; what is not among `states` is gone. */
  takeAll(states: readonly TaskState[]): Set<string> {
    const known = new Set(states.map(({ id }) => id));
    const gone = [...this.tasks.keys(), ...this.deleted.keys()].filter((id) => !known.has(id));
    const changed = this.take(states);
    for (const id of gone) {
      this.set(this.tasks, id, null);
      this.set(this.deleted, id, null);
      changed.add(id);
    }
    return changed;
  }

  private takeOne(state: TaskState): boolean {
    const isVisibleChanged = this.set(this.tasks, state.id, findVisible(state));
    const isDeletedChanged = this.set(this.deleted, state.id, findDeleted(state));
    return isVisibleChanged || isDeletedChanged;
  }

  private set(map: Map<string, Task>, id: string, task: Task | null): boolean {
    if (sameTask(map.get(id), task ?? undefined)) return false;
    if (task) map.set(id, task);
    else map.delete(id);
    if (map === this.tasks) this.listed = null;
    else this.listedDeleted = null;
    return true;
  }
}
