import type { Conflict, Page } from './answer';
import { type Edit, type Pending, type Replica, withEntry } from './replica';
import { type Fields, fieldsOf, laidOver, type Update } from './task';

export const CONFLICTS_KEPT_MAX = 100;

/** Stores what a page tells about tasks. Neither the cursor nor the queue moves; see Series. */
export function applyPage(replica: Replica, page: Page): Replica {
  const rows = new Map(replica.rows);
  const pending = new Map(replica.pending);
  for (const update of page.updates) {
    rows.set(update.id, laidOver(rows.get(update.id), update));
    const entry = pending.get(update.id);
    if (entry?.edit) pending.set(update.id, { ...entry, edit: rebased(entry.edit, update) });
  }
  for (const id of page.deleted) {
    const row = rows.get(id);
    if (!row) continue;
    // The answer does not say when; any time says that the task is deleted.
    if (pending.has(id)) rows.set(id, { ...row, deleted_at: row.deleted_at ?? row.updated_at });
    else rows.delete(id);
  }
  return { ...replica, rows, pending, conflicts: joined(replica.conflicts, page.conflicts) };
}

/** Ends the wait of a task for the change that was sent of it. */
export function withoutSent(replica: Replica, id: string): Replica {
  const edit = replica.pending.get(id)?.edit ?? null;
  const entry: Pending | null = edit && { sent: null, edit };
  const gone = !entry && (replica.rows.get(id)?.deleted_at ?? null) !== null;
  return {
    ...replica,
    pending: withEntry(replica.pending, id, entry),
    rows: gone ? withEntry(replica.rows, id, null) : replica.rows,
  };
}

// The person has seen the pulled version only where it did not touch what they were editing.
function rebased(edit: Edit, update: Update): Edit {
  return overlap(edit.fields, fieldsOf(update)) ? edit : { ...edit, base: update.version };
}

function overlap(edited: Partial<Fields>, pulled: Partial<Fields>): boolean {
  const deletesUnseenText = typeof edited.deleted_at === 'number' && 'content' in pulled;
  return deletesUnseenText || Object.keys(edited).some((name) => name in pulled);
}

function joined(known: readonly Conflict[], pulled: readonly Conflict[]): readonly Conflict[] {
  const isKnown = (conflict: Conflict) =>
    known.some((k) => k.at === conflict.at && k.field === conflict.field);
  return [...known, ...pulled.filter((conflict) => !isKnown(conflict))].slice(-CONFLICTS_KEPT_MAX);
}
