// What a person does to the tasks of a store, within a transaction of it; also while a sync runs. Throws
// not_found (no task that the person sees has this id) and validation (content).
import { contentFrom } from '../domain/content';
import { SyncError } from '../domain/errors';
import type { Conflict } from '../domain/protocol';
import type { Fields } from '../domain/task';
import { applyDeletion, reviveInstead } from '../domain/task-answers';
import {
  createTask,
  deleteTask,
  editTask,
  restoreTask,
  type TaskState,
  unknownTask,
} from '../domain/task-state';
import { findDeleted, findVisible, type Task } from '../domain/view';
import type { Transaction } from '../store/local-store';
import { release } from './series';

export async function addTask(tx: Transaction, id: string, typed: string, now: number): Promise<Task> {
  const task = createTask(id, contentFrom(typed), now);
  tx.put(task);
  return seen(task);
}

/** `fields` as a person gives them: the text as it was typed. */
export async function changeTask(tx: Transaction, id: string, fields: Fields, now: number): Promise<Task> {
  const { content } = fields;
  const fit = content === undefined ? fields : { ...fields, content: contentFrom(content) };
  return seen(await changed(tx, id, findVisible, (task) => editTask(task, fit, now)));
}

export async function removeTask(tx: Transaction, id: string, now: number): Promise<void> {
  await changed(tx, id, findVisible, (task) => deleteTask(task, now));
}

/** A task deleted on any device, while its text is still here. */
export async function bringBack(tx: Transaction, id: string, now: number): Promise<Task> {
  return seen(await changed(tx, id, findDeleted, (task) => restoreTask(task, now)));
}

/** Takes up what a conflict discarded, by an edit. */
export async function takeDiscarded(tx: Transaction, conflict: Conflict, now: number): Promise<void> {
  const { id, field, discarded } = conflict;
  if (field !== 'deleted_at') await changeTask(tx, id, { [field]: discarded.value }, now);
  else if (discarded.value === null) await bringBack(tx, id, now);
  else await removeTask(tx, id, now);
}

/** not_found: none is held (any more). */
export async function agreeToMassChange(tx: Transaction, now: number): Promise<void> {
  if (!(await release(tx, (task) => applyDeletion(task, now)))) throw nothingHeld();
}

/** The tasks stay, and are sent to the server again. */
export async function refuseMassChange(tx: Transaction, now: number): Promise<void> {
  if (!(await release(tx, (task) => reviveInstead(task, now)))) throw nothingHeld();
}

async function changed(
  tx: Transaction,
  id: string,
  find: (task: TaskState) => Task | null,
  change: (task: TaskState) => void,
): Promise<TaskState> {
  const [task = unknownTask(id)] = await tx.getMany([id]);
  if (!find(task)) throw noSuchTask();
  change(task);
  tx.put(task);
  return task;
}

function seen(task: TaskState): Task {
  const visible = findVisible(task);
  if (!visible) throw noSuchTask();
  return visible;
}

function noSuchTask(): SyncError {
  return new SyncError('not_found', 'There is no such task.');
}

function nothingHeld(): SyncError {
  return new SyncError('not_found', 'No answer waits for your consent any more.');
}
