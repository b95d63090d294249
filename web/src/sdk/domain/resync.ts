import { pendingFields, thawed } from './queue';
import type { Edit, Pending, Replica } from './replica';
import { differingFields, fieldsOf, type Row } from './task';

/** After an answer that was the whole state: what it did not name is deleted at the server, and goes here too. */
export function dropUnnamed(replica: Replica, named: ReadonlySet<string>): Replica {
  const rows = [...replica.rows].filter(([id]) => named.has(id) || replica.pending.has(id));
  return { ...replica, rows: new Map(rows) };
}

/**
 * After the whole state of a server that lost something (it was restored from a backup): whatever this device has
 * and the server has not is queued as an edit of version 1, so that the merge decides by edit time. A task deleted
 * since the backup was made comes back: no tombstones are kept here.
 */
export function offerDifferences(replica: Replica, serverRows: ReadonlyMap<string, Row>): Replica {
  const pending = new Map<string, Pending>();
  for (const id of new Set([...replica.rows.keys(), ...replica.pending.keys()])) {
    const edit = difference(replica.rows.get(id), replica.pending.get(id), serverRows.get(id));
    if (edit) pending.set(id, { sent: null, edit });
  }
  return { ...replica, rows: serverRows, pending };
}

function difference(
  mine: Row | undefined,
  waiting: Pending | undefined,
  theirs: Row | undefined,
): Edit | null {
  const edit = waiting && thawed(waiting);
  const fields = { ...(mine && missingAtServer(mine, theirs)), ...(waiting && pendingFields(waiting)) };
  if (Object.keys(fields).length === 0) return null;
  return {
    base: 0,
    created_at: edit?.created_at ?? mine?.created_at ?? null,
    updated_at: edit?.updated_at ?? mine?.updated_at ?? 0,
    fields,
  };
}

function missingAtServer(mine: Row, theirs: Row | undefined): Partial<Row> {
  if (mine.deleted_at !== null) return {};
  if (theirs) return differingFields(mine, theirs);
  const { deleted_at: _, ...whole } = fieldsOf(mine);
  return whole;
}
