import type { Pending, Replica } from '../domain/replica';
import type { Row } from '../domain/task';

const FORMAT = 1;

// Maps become lists: an id such as "__proto__" is a valid id and no good as the name of a property.
interface StoredReplica extends Omit<Replica, 'rows' | 'pending'> {
  readonly format: typeof FORMAT;
  readonly rows: readonly Row[];
  readonly pending: readonly (readonly [string, Pending])[];
}

export function encodeReplica(replica: Replica): string {
  const stored: StoredReplica = {
    format: FORMAT,
    ...replica,
    rows: [...replica.rows.values()],
    pending: [...replica.pending],
  };
  return JSON.stringify(stored);
}

export function decodeReplica(text: string): Replica {
  const { format, rows, pending, ...rest } = JSON.parse(text) as StoredReplica;
  if (format !== FORMAT) throw new Error(`Stored tasks have format ${format}; this page reads ${FORMAT}`);
  return { ...rest, rows: new Map(rows.map((row) => [row.id, row])), pending: new Map(pending) };
}
