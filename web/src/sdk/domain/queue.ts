import { type Edit, type Pending, type Replica, withEntry } from './replica';
import { type Change, type Fields, fieldsOf } from './task';

export const CHANGES_PER_REQUEST_MAX = 1_000;
/** The server takes 1 MiB of changes; the rest of the request must fit in as well. */
export const CHANGES_BYTES_MAX = 1_000_000;

/** Queues an edit of a task that is there. */
export function editTask(replica: Replica, id: string, fields: Partial<Fields>, now: number): Replica {
  const pending = replica.pending.get(id) ?? { sent: null, edit: null };
  const edit: Edit = {
    base: pending.edit?.base ?? baseOf(replica, id, pending),
    created_at: pending.edit?.created_at ?? null,
    updated_at: now,
    fields: { ...pending.edit?.fields, ...fields },
  };
  return { ...replica, pending: withEntry(replica.pending, id, { ...pending, edit }) };
}

/** Queues a new task. */
export function createTask(replica: Replica, id: string, content: string, now: number): Replica {
  const edit: Edit = { base: 0, created_at: now, updated_at: now, fields: { content } };
  return { ...replica, pending: withEntry(replica.pending, id, { sent: null, edit }) };
}

/** Queues a deletion. A task that the server cannot know yet is forgotten instead. */
export function deleteTask(replica: Replica, id: string, now: number): Replica {
  const neverSent = !replica.rows.has(id) && !replica.pending.get(id)?.sent;
  if (neverSent) return { ...replica, pending: withEntry(replica.pending, id, null) };
  return editTask(replica, id, { deleted_at: now }, now);
}

/** The fields that wait, the newest value of each. */
export function pendingFields(pending: Pending): Partial<Fields> {
  return { ...(pending.sent && fieldsOf(pending.sent)), ...pending.edit?.fields };
}

/** What waits as one edit without a number. The newest edit time and the oldest base hold for all of it. */
export function thawed(pending: Pending): Edit {
  const { sent, edit } = pending;
  if (!sent) {
    if (!edit) throw new Error('A pending entry holds neither a sent change nor an edit');
    return edit;
  }
  return {
    base: sent.version - 1,
    created_at: sent.created_at ?? null,
    updated_at: edit?.updated_at ?? sent.updated_at,
    fields: pendingFields(pending),
  };
}

/**
 * Numbers and freezes as many pending edits as one request takes. Changes that were sent before without an answer
 * come first and unaltered, unless the task was edited since: then a new number replaces the old.
 */
export function freezeBatch(replica: Replica): { replica: Replica; changes: readonly Change[] } {
  const pending = new Map(replica.pending);
  const changes: Change[] = [];
  let last_mutation_id = replica.last_mutation_id;
  let bytes = 0;
  for (const [id, entry] of inSendingOrder(replica)) {
    const change =
      entry.sent && !entry.edit ? entry.sent : numbered(replica, id, entry, last_mutation_id + 1);
    bytes += byteLength(change);
    if (changes.length === CHANGES_PER_REQUEST_MAX || bytes > CHANGES_BYTES_MAX) break;
    last_mutation_id = Math.max(last_mutation_id, change.mutation_id);
    pending.set(id, { sent: change, edit: null });
    changes.push(change);
  }
  return { replica: { ...replica, last_mutation_id, pending }, changes };
}

/** Becomes another device: the numbers of this one belong to a copy of it as well. */
export function asNewDevice(replica: Replica, device_id: string): Replica {
  const pending = new Map<string, Pending>();
  for (const [id, entry] of replica.pending) pending.set(id, { sent: null, edit: thawed(entry) });
  return { ...replica, device_id, last_mutation_id: 0, acked: 0, pending };
}

// An edit made on top of an unanswered change has seen no more than that change had.
function baseOf(replica: Replica, id: string, pending: Pending): number {
  return pending.sent ? pending.sent.version - 1 : (replica.rows.get(id)?.version ?? 0);
}

function inSendingOrder(replica: Replica): [string, Pending][] {
  const order = ({ sent, edit }: Pending) => (sent && !edit ? sent.mutation_id : Number.MAX_SAFE_INTEGER);
  return [...replica.pending].sort(([, a], [, b]) => order(a) - order(b));
}

function numbered(replica: Replica, id: string, entry: Pending, mutation_id: number): Change {
  const { base, created_at, updated_at, fields } = thawed(entry);
  return {
    id,
    mutation_id,
    version: base + 1,
    ...(created_at !== null && { created_at }),
    updated_at,
    device_id: replica.device_id,
    ...fields,
  };
}

function byteLength(change: Change): number {
  return new TextEncoder().encode(JSON.stringify(change)).length;
}
