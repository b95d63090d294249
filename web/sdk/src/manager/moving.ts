// Tasks as text: one JSON object a line, or what `GET /export` answers.

import { contentFrom } from '../domain/content';
import { SyncError } from '../domain/errors';
import { createTask, editTask, isUnknown, type TaskState } from '../domain/task-state';
import type { Task } from '../domain/view';
import type { Transaction } from '../store/local-store';

const ID = /^[A-Za-z0-9_.:-]{1,128}$/;

type Members = Record<string, unknown>;

export function toJsonLines(tasks: readonly Task[]): string {
  const lines = tasks.map(({ id, content, completed, pinned, created_at, updated_at }) =>
    JSON.stringify({ id, content, completed, pinned, created_at, updated_at }),
  );
  return lines.map((line) => `${line}\n`).join('');
}

/** Adds those that are not here; resolves to how many. validation: the text is neither; nothing is added. */
export async function importTasks(tx: Transaction, text: string, now: number): Promise<number> {
  const given = new Map(
    parse(text)
      .flatMap((task) => imported(task, now))
      .map((task) => [task.id, task]),
  );
  const known = await tx.getMany([...given.keys()]);
  let added = 0;
  for (const { id, ...state } of known) {
    const task = given.get(id);
    if (!task || !isUnknown({ id, ...state })) continue;
    tx.put(task);
    added += 1;
  }
  return added;
}

function parse(text: string): Members[] {
  const whole = parsed(text);
  if (whole !== undefined && isMembers(whole) && Array.isArray(whole.tasks)) return whole.tasks.map(members);
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => members(parsed(line)));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function members(value: unknown): Members {
  if (!isMembers(value)) throw notTasks();
  const { id, content } = value;
  if (typeof id !== 'string' || !ID.test(id) || typeof content !== 'string') throw notTasks();
  return value;
}

// None, if it is a deleted one.
function imported(
  { id, content, completed, pinned, created_at, updated_at, deleted_at }: Members,
  now: number,
): TaskState[] {
  if (typeof deleted_at === 'number') return [];
  const task = createTask(id as string, contentFrom(content as string), timeOr(created_at, now));
  const fields = { ...(completed === true && { completed }), ...(pinned === true && { pinned }) };
  editTask(task, fields, timeOr(updated_at, now));
  // It waits since now, whenever it was written.
  if (task.edit) task.edit.since = now;
  return [task];
}

function timeOr(value: unknown, now: number): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : now;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}

function notTasks(): SyncError {
  return new SyncError('validation', 'The file holds no tasks of Tidemark.');
}
