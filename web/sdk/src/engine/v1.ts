// V1 (SPEC 4) in terms of the Final protocol: whole objects, no numbers, no epoch, answers that are always complete.
import type { Page, SyncAsk, V1Ask, V1Page } from '../domain/protocol';
import { type Change, laidOver } from '../domain/task';
import type { TaskState } from '../domain/task-state';
import { freezeBatch } from './batch';
import type { TaskBook } from './task-book';

/** As freezeBatch, each change with every field and a version counted on from the row's. */
export async function freezeObjects(book: TaskBook, changesMax: number): Promise<Change[]> {
  const changes = await freezeBatch(book, changesMax);
  const ids = changes.map(({ id }) => id);
  const objects: Change[] = [];
  await book.change(ids, (task) => {
    makeObject(task);
    if (task.sent) objects.push(structuredClone(task.sent.change));
  });
  return objects;
}

export function asSyncAsk({ last_sync, changes }: V1Ask): SyncAsk {
  return { kind: 'sync', last_sync, changes, device_id: '', acked: 0, limit: 1_000 };
}

export function asPage({ updates, conflicts, server_time, full_resync }: V1Page): Page {
  return {
    kind: 'page',
    updates,
    deleted: [],
    conflicts,
    rejected: [],
    server_time,
    epoch: '',
    etag: '',
    page: null,
    full_resync: full_resync ? 'purged' : null,
    pull_deferred: null,
    next_sync_in: null,
  };
}

function makeObject({ sent, row }: TaskState): void {
  if (!sent) return;
  const { change } = sent;
  const { content, completed, pinned, deleted_at } = change.fields;
  if (![content, completed, pinned, deleted_at].includes(undefined)) return;
  const { content: text = '', completed: isDone = false, pinned: isPinned = false } = row ?? {};
  const object = { content: text, completed: isDone, pinned: isPinned, deleted_at: null };
  change.fields = laidOver(object, change.fields);
  change.version = (row?.version ?? 0) + 1;
}
