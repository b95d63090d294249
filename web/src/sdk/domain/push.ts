import type { Rejected } from './answer';
import { withoutSent } from './pull';
import { asNewDevice } from './queue';
import { type Edit, type Replica, withEntry } from './replica';
import { type Change, fieldsOf, laidOver } from './task';

/** What a complete answer said about the changes of its request. */
export interface Verdict {
  readonly changes: readonly Change[];
  /** Ids that the answer told about, in `updates` or `deleted`: what it said of them holds. */
  readonly told: ReadonlySet<string>;
  readonly rejected: readonly Rejected[];
}

/** Takes answered changes out of the queue. What was not stored is listed, or queued again where that can help. */
export function settle(replica: Replica, verdict: Verdict, newDeviceId: () => string): Replica {
  const rejected = new Map(verdict.rejected.map((r) => [r.mutation_id, r]));
  const isForked = verdict.rejected.some((r) => r.code === 'device_forked');
  let next = replica;
  for (const change of verdict.changes) {
    const rejection = rejected.get(change.mutation_id);
    if (rejection) next = refused(next, change, rejection);
    else next = stored(next, change, verdict.told.has(change.id));
  }
  const acked = Math.max(next.acked, ...verdict.changes.map((change) => change.mutation_id));
  next = { ...next, acked };
  return isForked ? asNewDevice(next, newDeviceId()) : next;
}

function stored(replica: Replica, change: Change, isTold: boolean): Replica {
  if (isTold) return withoutSent(replica, change.id);
  // Not told about: stored exactly as sent, with the version sent.
  const rows = withEntry(replica.rows, change.id, laidOver(replica.rows.get(change.id), change));
  const next = withoutSent({ ...replica, rows }, change.id);
  const entry = next.pending.get(change.id);
  if (!entry?.edit) return next;
  const edit: Edit = { ...entry.edit, base: change.version };
  return { ...next, pending: withEntry(next.pending, change.id, { ...entry, edit }) };
}

function refused(replica: Replica, change: Change, rejected: Rejected): Replica {
  switch (rejected.code) {
    case 'device_forked':
      // Stays pending: asNewDevice() sends it under another number.
      return replica;
    case 'unknown_task':
      return purgedMeanwhile(replica, change);
    default:
      return listed(withoutSent(replica, change.id), change, rejected);
  }
}

// An edit of the text outlives the purge of its task: the whole task is sent again. Any other edit goes with it.
function purgedMeanwhile(replica: Replica, change: Change): Replica {
  const { id } = change;
  const row = replica.rows.get(id);
  const later = replica.pending.get(id)?.edit;
  const fields = { ...fieldsOf(change), ...later?.fields };
  const edit: Edit = {
    base: 0,
    created_at: row?.created_at ?? null,
    updated_at: later?.updated_at ?? change.updated_at,
    fields: { ...(row && { completed: row.completed, pinned: row.pinned }), ...fields },
  };
  const entry = fields.content === undefined ? null : { sent: null, edit };
  return {
    ...replica,
    rows: withEntry(replica.rows, id, null),
    pending: withEntry(replica.pending, id, entry),
  };
}

function listed(replica: Replica, change: Change, { code, detail }: Rejected): Replica {
  return { ...replica, rejections: [...replica.rejections, { change, code, detail }] };
}
