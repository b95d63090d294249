// A task as the person sees it: what the server said, under what they did since. Pure.
import type { Fields, Row } from './task';
import { isPending, pendingFields, type TaskState } from './task-state';

export interface Task {
  readonly id: string;
  readonly content: string;
  readonly completed: boolean;
  readonly pinned: boolean;
  readonly created_at: number;
  readonly updated_at: number;
  /** Null, unless it was asked for among the deleted ones. */
  readonly deleted_at: number | null;
  /** The server has not answered to an edit of it yet. */
  readonly pending: boolean;
}

/** Null: the person sees no such task. */
export function findVisible(task: TaskState): Task | null {
  const seen = find(task);
  return seen && seen.deleted_at === null ? seen : null;
}

/** A deleted task whose text is still here: it can be restored. */
export function findDeleted(task: TaskState): Task | null {
  const seen = find(task);
  return seen && seen.deleted_at !== null ? seen : null;
}

/** Open before completed, pinned first, the newest first. */
export function inOrder(a: Task, b: Task): number {
  return (
    Number(a.completed) - Number(b.completed) ||
    Number(b.pinned) - Number(a.pinned) ||
    b.created_at - a.created_at ||
    byId(a, b)
  );
}

/** The last deleted first. */
export function lastDeletedFirst(a: Task, b: Task): number {
  return (b.deleted_at ?? 0) - (a.deleted_at ?? 0) || byId(a, b);
}

export function sameTask(a: Task | undefined, b: Task | undefined): boolean {
  if (!a || !b) return a === b;
  return (
    a.content === b.content &&
    a.completed === b.completed &&
    a.pinned === b.pinned &&
    a.created_at === b.created_at &&
    a.updated_at === b.updated_at &&
    a.deleted_at === b.deleted_at &&
    a.pending === b.pending
  );
}

function byId(a: Task, b: Task): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

// Dead or alive; null: there is no text.
function find(task: TaskState): Task | null {
  const pending = pendingFields(task);
  const content = pending.content ?? task.row?.content;
  if (content === undefined) return null;
  return {
    id: task.id,
    content,
    completed: pending.completed ?? task.row?.completed ?? false,
    pinned: pending.pinned ?? task.row?.pinned ?? false,
    created_at: createdAt(task),
    updated_at: updatedAt(task),
    deleted_at: deletedAt(task.row, pending),
    pending: isPending(task),
  };
}

// The newest of what waits, else the row's.
function updatedAt({ edit, sent, restated, row }: TaskState): number {
  return (edit ?? sent?.change ?? restated ?? row)?.updated_at ?? 0;
}

function createdAt(task: TaskState): number {
  const { row, restated, edit, sent } = task;
  const told = row?.created_at ?? restated?.created_at ?? edit?.created_at ?? sent?.change.created_at;
  return told ?? updatedAt(task);
}

// A pending edit of the text brings a deleted task back, as it will at the server.
function deletedAt(row: Row | null, pending: Fields): number | null {
  if (pending.deleted_at !== undefined) return pending.deleted_at;
  return pending.content === undefined ? (row?.deleted_at ?? null) : null;
}
