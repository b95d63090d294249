// What answers do to a task (SPEC 3.3, 6.3). Pure; what is given is changed in place.
import {
  type Change,
  deletes,
  type Fields,
  isEmpty,
  laidOver,
  meet,
  type Row,
  restores,
  type Update,
} from './task';
import {
  type Edit,
  editTask,
  forgetBase,
  isAlive,
  type Outcome,
  pendingFields,
  type TaskState,
  thaw,
} from './task-state';
import { findVisible } from './view';

/**
 * Ends the wait for `sent`, which is there; what the answer tells of the task has been applied. False: nothing of it
 * is stored or queued again, and the person must be told.
 */
export function settle(task: TaskState, outcome: Outcome, now: number): boolean {
  const { sent } = task;
  if (!sent) throw new Error('a change was answered that was not sent');
  task.sent = null;
  switch (outcome) {
    case 'as_sent':
      settleAsSent(task, sent.change, now);
      return true;
    case 'told':
      // The person's own deletion: nobody need be asked about it.
      if (task.doomed && deletes(sent.change.fields)) applyDeletion(task, now);
      return true;
    case 'rejected':
      return false;
    case 'unknown_task':
      return queueWhole(task, sent.change, sent.since);
  }
}

/** False: fields of a task that is not here; `task` is as it was. */
export function applyUpdate(task: TaskState, update: Update): boolean {
  if (!isAlive(task.row)) {
    if (update.created_at === undefined) return false;
    task.row = newRow(task.id, update.created_at);
  }
  // It died in the meantime, and may have been purged and made anew, from 1.
  if (task.doomed) forgetBase(task);
  lay(task.row, update.fields);
  if (update.created_at !== undefined) task.row.created_at = update.created_at;
  task.row.version = update.version;
  task.row.updated_at = update.updated_at;
  task.row.device_id = update.device_id;
  task.doomed = false;
  tellSent(task);
  raiseBase(task, update.version, update.fields);
  return true;
}

/** The server says that the task is deleted. It is removed when the answer is complete. */
export function doom(task: TaskState): void {
  task.doomed = isAlive(task.row);
  tellSent(task);
}

/** Keeps a dead copy. */
export function applyDeletion(task: TaskState, now: number): void {
  task.doomed = false;
  // The answer does not say when.
  if (isAlive(task.row)) task.row.deleted_at = Math.max(now, 1);
  // The version of a dead task is no base: it may be purged and made anew, from 1.
  forgetBase(task);
}

/** The person sees the task now and would not after applyDeletion. */
export function wouldVanish(task: TaskState): boolean {
  if (!findVisible(task)) return false;
  const row = task.row && { ...task.row, deleted_at: task.row.deleted_at ?? 1 };
  return !findVisible({ ...task, row });
}

/** Instead of applyDeletion: the task goes to the server again. */
export function reviveInstead(task: TaskState, now: number): void {
  const seen = findVisible(task);
  applyDeletion(task, now);
  if (!seen) return;
  const { content, completed, pinned } = seen;
  editTask(task, { content, completed, pinned, deleted_at: null }, now);
  if (task.edit) task.edit.created_at = seen.created_at;
}

/**
 * After the whole state of a server that lost something: `theirs` is its row, and what this device has besides is
 * queued with the task's own time, for the merge to decide.
 */
export function takeRestoredRow(task: TaskState, theirs: Row | null, now: number): void {
  // What the lost data set had stored is in the row: it is offered with that, once.
  const outcome = task.sent?.verdict?.outcome;
  if (outcome === 'as_sent' || outcome === 'told') settle(task, outcome, now);
  thaw(task);
  const pending = pendingFields(task);
  const mine = isAlive(task.row) && !deletes(pending) ? task.row : null;
  if (mine) {
    const missing = missingAt(theirs, mine, pending);
    if (!isEmpty(missing)) task.restated = offered(mine, missing, task.restated, now);
  }
  if (theirs || mine) task.row = theirs;
  else applyDeletion(task, now);
  task.doomed = false;
  forgetBase(task);
}

// `missing` goes out with the task's own time. What an earlier restore lost, and this server was never told, is newer
// than the row.
function offered(mine: Row, missing: Fields, earlier: Edit | null, now: number): Edit {
  return {
    base: 0,
    created_at: mine.created_at,
    updated_at: Math.max(mine.updated_at, earlier?.updated_at ?? 0),
    since: earlier?.since ?? now,
    fields: laidOver(missing, earlier?.fields ?? {}),
    overlapped: true,
    was_sent: false,
  };
}

function newRow(id: string, created_at: number): Row {
  const fields = { content: '', completed: false, pinned: false, deleted_at: null };
  return { id, version: 0, created_at, updated_at: created_at, device_id: '', ...fields };
}

function lay(row: Row, fields: Fields): void {
  row.content = fields.content ?? row.content;
  row.completed = fields.completed ?? row.completed;
  row.pinned = fields.pinned ?? row.pinned;
  if (fields.deleted_at !== undefined) row.deleted_at = fields.deleted_at;
}

// A text that the person had not read overlaps a deletion.
function overlap(pulled: Fields, edited: Fields): boolean {
  return meet(pulled, edited) || (deletes(edited) && pulled.content !== undefined);
}

// The person has seen a pulled version only where it did not touch what they were editing, now or before.
function raiseBase(task: TaskState, version: number, pulled: Fields): void {
  if (task.sent) task.sent.overlapped ||= overlap(pulled, task.sent.change.fields);
  if (!task.edit) return;
  task.edit.overlapped ||= overlap(pulled, task.edit.fields);
  if (!task.edit.overlapped) task.edit.base = version;
}

// What a later page tells of a task holds, rather than what was sent.
function tellSent(task: TaskState): void {
  if (task.sent?.verdict?.outcome === 'as_sent') task.sent.verdict.outcome = 'told';
}

function settleAsSent(task: TaskState, change: Change, now: number): void {
  const { fields } = change;
  if (deletes(fields)) {
    if (task.row) lay(task.row, fields);
    applyDeletion(task, now);
    return;
  }
  if (!task.row && fields.content === undefined) return;
  // A text alone revives nothing: it has made a new task.
  const makesAnew = fields.content !== undefined && !restores(fields);
  if (!task.row || (!isAlive(task.row) && makesAnew)) {
    task.row = newRow(task.id, change.created_at ?? change.updated_at);
  }
  lay(task.row, fields);
  task.row.deleted_at = null;
  task.row.version = change.version;
  task.row.updated_at = change.updated_at;
  task.row.device_id = change.device_id;
  task.doomed = false;
  raiseBase(task, change.version, {});
}

// An edit of the text outlives the purge of its task, and so does a wish to have it back: all of it is sent again.
function queueWhole(task: TaskState, change: Change, since: number): boolean {
  const asked = laidOver(change.fields, task.edit?.fields ?? {});
  const canGo = asked.content !== undefined || (restores(asked) && task.row !== null);
  if (deletes(asked) || !canGo) return false;
  const { row } = task;
  const whole: Fields = row ? { content: row.content, completed: row.completed, pinned: row.pinned } : {};
  const fields = laidOver(whole, asked);
  delete fields.deleted_at;
  task.edit = {
    base: 0,
    created_at: row?.created_at ?? change.created_at ?? null,
    updated_at: task.edit?.updated_at ?? change.updated_at,
    since,
    fields,
    overlapped: true,
    was_sent: false,
  };
  return true;
}

// What `mine` has and the restored server has not.
function missingAt(theirs: Row | null, mine: Row, pending: Fields): Fields {
  const { content, completed, pinned } = mine;
  if (!theirs) return { content, completed, pinned };
  const fields: Fields = {};
  if (pending.content === undefined && content !== theirs.content) fields.content = content;
  if (pending.completed === undefined && completed !== theirs.completed) fields.completed = completed;
  if (pending.pinned === undefined && pinned !== theirs.pinned) fields.pinned = pinned;
  return fields;
}
