import type { Page } from '../domain/answer';
import { newReplica, type Replica } from '../domain/replica';
import type { Row, Update } from '../domain/task';

export function aRow(given: Partial<Row> = {}): Row {
  return {
    id: 't1',
    version: 3,
    content: 'Buy milk',
    completed: false,
    pinned: false,
    deleted_at: null,
    created_at: 100,
    updated_at: 200,
    device_id: 'phone',
    ...given,
  };
}

export function anUpdate(given: Partial<Update> = {}): Update {
  return { id: 't1', version: 4, updated_at: 300, device_id: 'phone', ...given };
}

export function aPage(given: Partial<Page> = {}): Page {
  return {
    updates: [],
    deleted: [],
    conflicts: [],
    rejected: [],
    server_time: 5_000,
    epoch: 'e1',
    etag: '1-5000-3',
    page: null,
    full_resync_reason: null,
    deferred_for: null,
    ...given,
  };
}

export function replicaWith(...rows: Row[]): Replica {
  return { ...newReplica('u1', 'web'), cursor: 1_000, rows: new Map(rows.map((row) => [row.id, row])) };
}
