import { pendingFields } from './queue';
import type { Pending, Replica } from './replica';
import type { Fields, Row } from './task';

/** A task as the person sees it: what the server said, under what they did since. */
export interface VisibleTask {
  readonly id: string;
  readonly content: string;
  readonly completed: boolean;
  readonly pinned: boolean;
  readonly created_at: number;
  /** True: the server has not answered to an edit of it yet. */
  readonly isWaiting: boolean;
}

/** The living tasks: open before completed, pinned first, the newest first. */
export function visibleTasks(replica: Replica): VisibleTask[] {
  const ids = new Set([...replica.rows.keys(), ...replica.pending.keys()]);
  return [...ids].flatMap((id) => visible(id, replica.rows.get(id), replica.pending.get(id))).sort(inOrder);
}

function visible(id: string, row: Row | undefined, pending: Pending | undefined): VisibleTask[] {
  const edited = pending ? pendingFields(pending) : {};
  const content = edited.content ?? row?.content;
  if (content === undefined || isDeleted(row, edited)) return [];
  return [
    {
      id,
      content,
      completed: edited.completed ?? row?.completed ?? false,
      pinned: edited.pinned ?? row?.pinned ?? false,
      created_at: row?.created_at ?? createdAt(pending),
      isWaiting: pending !== undefined,
    },
  ];
}

// A pending edit of the text brings a deleted task back, as it will at the server.
function isDeleted(row: Row | undefined, edited: Partial<Fields>): boolean {
  if (edited.deleted_at !== undefined) return edited.deleted_at !== null;
  return row !== undefined && row.deleted_at !== null && edited.content === undefined;
}

function createdAt(pending: Pending | undefined): number {
  return pending?.sent?.created_at ?? pending?.edit?.created_at ?? 0;
}

function inOrder(a: VisibleTask, b: VisibleTask): number {
  return (
    Number(a.completed) - Number(b.completed) ||
    Number(b.pinned) - Number(a.pinned) ||
    b.created_at - a.created_at ||
    (a.id < b.id ? -1 : 1)
  );
}
