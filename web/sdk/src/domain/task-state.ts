// All that this device knows of ONE task, and the rules that change it (SPEC 6.3). Pure; what is given is changed in
// place.
//
//   row       what the server said
//   restated  what the server lost in a restore and this device has; goes out before the edit
//   sent      a numbered change, frozen until answered: a retry must be the same to be known as one
//   edit      what the person did since, not numbered yet
//
// The person sees edit over sent over restated over row (view.ts). So a pulled field cannot overwrite a pending
// edit: they never meet before the answer.
//
//   const task = createTask(id, 'milk', now);
//   const change = freeze(task, { mutation_id, device_id, mayTrustBase: true });    // send it…
//   settle(task, 'as_sent', now);                                                   // …and take the answer
//
// What a person and the sender do is here, what answers do in task-answers.ts.
import { type Change, type Fields, isEmpty, laidOver, type Row } from './task';
import { findDeleted, findVisible } from './view';

/** Edits of one task that are not numbered yet. */
export interface Edit {
  /** The version of the row it was made on; 0: a new task, or a base that proves nothing any more. */
  base: number;
  /** Of a new task. */
  created_at: number | null;
  /** This device's clock at the last of the edits… */
  updated_at: number;
  /** …and at the first. */
  since: number;
  fields: Fields;
  /** A pull brought one of the edited fields: the base stays what it is. */
  overlapped: boolean;
  /** Some of it was sent under a number that is no longer its own: a server may have it. */
  was_sent: boolean;
}

/**
 * What became of a sent change. as_sent: stored exactly so, with the version sent. told: the answer tells the task
 * whole, or as deleted, and what it tells holds. rejected: not stored, for good. unknown_task: there is no such
 * task; what edits the text, or restores it, is queued again, whole.
 */
export type Outcome = 'as_sent' | 'told' | 'rejected' | 'unknown_task';

/** Of an answer's first page. It takes effect with the last. */
export interface Verdict {
  outcome: Outcome;
  /** Of a rejected change; the SPEC's words. */
  code: string;
  detail: string;
}

export interface Sent {
  change: Change;
  since: number;
  /** See Edit. An edit on top of this one inherits it. */
  overlapped: boolean;
  /** It was `restated`: its time is the task's own, so no later edit may replace it. */
  restated: boolean;
  /** Set: it is answered, and the answer has more pages to come. */
  verdict: Verdict | null;
}

export interface TaskState {
  id: string;
  row: Row | null;
  restated: Edit | null;
  sent: Sent | null;
  edit: Edit | null;
  /** The server said that the task is deleted; it is, once the answer is complete (guard.ts). */
  doomed: boolean;
  /** The last whole state that named the task (Replica.whole_state). */
  named_in: number;
}

export function unknownTask(id: string): TaskState {
  return { id, row: null, restated: null, sent: null, edit: null, doomed: false, named_in: 0 };
}

export function isPending(task: TaskState): boolean {
  return task.sent !== null || task.edit !== null || task.restated !== null;
}

/** Nothing is known of it. */
export function isUnknown(task: TaskState): boolean {
  return task.row === null && !isPending(task);
}

export function isAlive(row: Row | null): row is Row {
  return row !== null && row.deleted_at === null;
}

/** When the oldest pending edit was made. Pending. */
export function pendingSince(task: TaskState): number {
  const since = [task.sent, task.edit, task.restated].map((waits) => waits?.since ?? Number.MAX_SAFE_INTEGER);
  return Math.min(...since);
}

/** The fields that wait, the newest value of each. */
export function pendingFields(task: TaskState): Fields {
  const under = laidOver(task.restated?.fields ?? {}, task.sent?.change.fields ?? {});
  return laidOver(under, task.edit?.fields ?? {});
}

/** What waits of the task, as one change. */
export function pendingChange(task: TaskState): Change {
  const { id, sent, edit, restated } = task;
  const updated_at = (edit ?? sent?.change ?? restated)?.updated_at ?? 0;
  const { mutation_id, version, device_id } = sent?.change ?? { mutation_id: 0, version: 0, device_id: '' };
  return { id, mutation_id, version, device_id, updated_at, fields: pendingFields(task) };
}

// ---- A person's edits

/** `content` is fit (content.ts); the id is new. */
export function createTask(id: string, content: string, now: number): TaskState {
  return { ...unknownTask(id), edit: { ...freshEdit(now), created_at: now, fields: { content } } };
}

/** Fields of a task that the person sees. */
export function editTask(task: TaskState, fields: Fields, now: number): void {
  task.edit ??= editOnTop(task, now);
  task.edit.updated_at = now;
  task.edit.fields = laidOver(task.edit.fields, fields);
}

/** A task that no server can have is put away at once, and can be restored like any other. */
export function deleteTask(task: TaskState, now: number): void {
  const noServerHasIt =
    (task.row === null || task.row.version === 0) && !task.sent && !task.restated && !task.edit?.was_sent;
  if (!noServerHasIt) {
    editTask(task, { deleted_at: now }, now);
    return;
  }
  const seen = findVisible(task);
  task.edit = null;
  if (!seen) return;
  const { id, content, completed, pinned, created_at, updated_at } = seen;
  const dead = { deleted_at: now, version: 0, device_id: '' };
  task.row = { id, content, completed, pinned, created_at, updated_at, ...dead };
}

/** Brings a deleted task back. The person can see its text: findDeleted(task). */
export function restoreTask(task: TaskState, now: number): void {
  if (!task.sent && isAlive(task.row) && task.edit) {
    // Nobody but this device has heard of the deletion.
    delete task.edit.fields.deleted_at;
    if (isEmpty(task.edit.fields)) task.edit = null;
    return;
  }
  const seen = findDeleted(task);
  if (task.row?.version !== 0 || !seen) {
    editTask(task, { deleted_at: null }, now);
    return;
  }
  editTask(task, { content: seen.content, completed: seen.completed, pinned: seen.pinned }, now);
  if (task.edit) task.edit.created_at = task.row.created_at;
}

// ---- Sending

/** `sent` goes out again as it is, rather than under a new number together with the edit. */
export function goesAgainUnaltered(task: TaskState): boolean {
  return task.sent !== null && (task.edit === null || task.sent.restated);
}

export interface Sender {
  readonly mutation_id: number;
  readonly device_id: string;
  /** False before the first complete pull. */
  readonly mayTrustBase: boolean;
}

/**
 * Numbers what waits, together with what was sent before and edited since, and freezes it. Something waits that
 * does not go again unaltered.
 */
export function freeze(task: TaskState, sender: Sender): Change {
  const restates = task.restated !== null && task.sent === null;
  const waits = restates && task.restated ? task.restated : thawed(task);
  if (restates) {
    task.restated = null;
  } else {
    task.edit = null;
    complete(task.row, waits.fields);
  }
  const change: Change = {
    id: task.id,
    mutation_id: sender.mutation_id,
    version: sender.mayTrustBase ? waits.base + 1 : 1,
    ...(waits.created_at !== null && { created_at: waits.created_at }),
    updated_at: waits.updated_at,
    device_id: sender.device_id,
    fields: waits.fields,
  };
  task.sent = {
    change,
    since: waits.since,
    overlapped: waits.overlapped || !sender.mayTrustBase,
    restated: restates,
    verdict: null,
  };
  return change;
}

/** Takes the number off again: it belongs to a copy of this device as well. */
export function thaw(task: TaskState): void {
  if (!task.sent) return;
  if (task.sent.restated) {
    const later = task.edit;
    task.edit = null;
    task.restated = thawed(task);
    task.edit = later;
  } else {
    task.edit = thawed(task);
  }
  task.sent = null;
}

/** Versions of before a restore, or of a task that was purged and made anew, prove nothing. */
export function forgetBase(task: TaskState): void {
  if (task.edit) {
    task.edit.base = 0;
    task.edit.overlapped = true;
  }
  if (task.sent) {
    // Its number and what it says are what it is known by; not its version.
    task.sent.change.version = 1;
    task.sent.overlapped = true;
  }
}

function freshEdit(now: number): Edit {
  return {
    base: 0,
    created_at: null,
    updated_at: now,
    since: now,
    fields: {},
    overlapped: false,
    was_sent: false,
  };
}

// What the person had before them when they begin to edit.
function editOnTop(task: TaskState, now: number): Edit {
  const edit = freshEdit(now);
  if (task.sent) {
    // An edit on top of an unanswered change has seen no more than that had.
    edit.base = task.sent.change.version - 1;
    edit.overlapped = task.sent.overlapped;
  } else if (isAlive(task.row) && !task.restated) {
    edit.base = task.row.version;
  } else {
    // The version of a dead task is no base: it may be purged and made anew, from 1.
    edit.overlapped = true;
  }
  return edit;
}

// What waits as one edit without a number. The newest edit time and the oldest base hold for all of it.
function thawed({ sent, edit }: TaskState): Edit {
  if (!sent) {
    if (!edit) throw new Error('a task that does not wait was to be sent');
    return edit;
  }
  const { change } = sent;
  return {
    base: Math.min(change.version - 1, edit?.base ?? Number.MAX_SAFE_INTEGER),
    created_at: change.created_at ?? null,
    updated_at: edit?.updated_at ?? change.updated_at,
    since: Math.min(sent.since, edit?.since ?? Number.MAX_SAFE_INTEGER),
    fields: laidOver(change.fields, edit?.fields ?? {}),
    overlapped: sent.overlapped || (edit?.overlapped ?? false),
    was_sent: true,
  };
}

// An edit outlives a purge: the text of a task that is dead is sent with all the rest of it.
function complete(row: Row | null, fields: Fields): void {
  if (fields.content === undefined || row === null || row.deleted_at === null) return;
  fields.completed ??= row.completed;
  fields.pinned ??= row.pinned;
}
