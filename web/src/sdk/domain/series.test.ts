import { expect, test } from 'vitest';
import { anUpdate, aPage, aRow, replicaWith } from '../testing/builders';
import type { Page } from './answer';
import { applyPage } from './pull';
import { createTask, deleteTask, editTask, freezeBatch } from './queue';
import type { Replica } from './replica';
import { Series } from './series';
import { visibleTasks } from './view';

const sources = { now: 7_000, newDeviceId: () => 'web-2' };

/** Sends what is pending; `later` is done by the person while the request is under way. */
function answered(
  replica: Replica,
  page: Page,
  later: (replica: Replica) => Replica = (same) => same,
): Replica {
  const batch = freezeBatch(replica);
  return new Series({ last_sync: replica.cursor, changes: batch.changes }).finish(
    later(batch.replica),
    page,
    sources,
  );
}

function rejection(code: string, mutation_id = 1): Page {
  return aPage({ rejected: [{ id: 't1', mutation_id, code, detail: 'No.' }] });
}

test('a change that is not told about was stored as sent, with the version sent', () => {
  const replica = answered(
    editTask(replicaWith(aRow({ version: 3 })), 't1', { completed: true }, 900),
    aPage(),
  );

  expect(replica.pending.size).toBe(0);
  expect(replica.rows.get('t1')).toEqual(
    aRow({ version: 4, completed: true, updated_at: 900, device_id: 'web' }),
  );
});

test('a change that is told about is what the server says, not what was sent', () => {
  const edited = editTask(replicaWith(aRow({ version: 3 })), 't1', { content: 'Mine' }, 900);
  const replica = answered(edited, aPage({ updates: [aRow({ version: 6, content: 'Theirs' })] }));

  expect(replica.pending.size).toBe(0);
  expect(replica.rows.get('t1')).toEqual(aRow({ version: 6, content: 'Theirs' }));
});

test('an edit whose task turns out deleted leaves nothing behind', () => {
  const edited = editTask(replicaWith(aRow()), 't1', { completed: true }, 900);
  const replica = answered(edited, aPage({ deleted: ['t1'] }));

  expect([replica.rows.size, replica.pending.size]).toEqual([0, 0]);
});

test('a deletion that was stored as sent leaves nothing behind', () => {
  const replica = answered(deleteTask(replicaWith(aRow()), 't1', 900), aPage());

  expect([replica.rows.size, replica.pending.size]).toEqual([0, 0]);
});

test('the answer moves cursor, epoch, etag and acked together', () => {
  const replica = answered(editTask(replicaWith(aRow()), 't1', { completed: true }, 900), aPage());

  expect(replica).toMatchObject({ cursor: 5_000, epoch: 'e1', etag: '1-5000-3', acked: 1, synced_at: 7_000 });
});

test('an edit made during the request stays pending, on top of what was stored', () => {
  const edited = editTask(replicaWith(aRow({ version: 3 })), 't1', { content: 'A' }, 900);
  const replica = answered(edited, aPage(), (r) => editTask(r, 't1', { completed: true }, 950));

  expect(freezeBatch(replica).changes).toEqual([
    { id: 't1', mutation_id: 2, version: 5, updated_at: 950, device_id: 'web', completed: true },
  ]);
});

test('an edit made during the request keeps its base when the answer brings that field', () => {
  const edited = editTask(replicaWith(aRow({ version: 3 })), 't1', { content: 'A' }, 900);
  const page = aPage({ updates: [anUpdate({ version: 8, content: 'Theirs' })] });
  const replica = answered(edited, page, (r) => editTask(r, 't1', { content: 'B' }, 950));

  expect(freezeBatch(replica).changes[0]).toMatchObject({ content: 'B', version: 4 });
  expect(visibleTasks(replica)[0]?.content).toBe('B');
});

test('before the last page rows are stored, but neither does the cursor move nor a change leave the queue', () => {
  const batch = freezeBatch(editTask(replicaWith(aRow()), 't1', { completed: true }, 900));
  const series = new Series({ last_sync: 1_000, changes: batch.changes });
  const replica = series.store(
    batch.replica,
    aPage({ updates: [aRow({ id: 't2' })], server_time: 1_000, page: 'p2' }),
  );

  expect(replica.rows.has('t2')).toBe(true);
  expect(replica.cursor).toBe(1_000);
  expect(replica.pending.get('t1')?.sent).toEqual(batch.changes[0]);
});

test('what an earlier page told of a change holds at the end', () => {
  const batch = freezeBatch(editTask(replicaWith(aRow({ version: 3 })), 't1', { content: 'Mine' }, 900));
  const series = new Series({ last_sync: 1_000, changes: batch.changes });
  const told = aPage({ updates: [aRow({ version: 6, content: 'Theirs' })], page: 'p2' });
  const replica = series.finish(series.store(batch.replica, told), aPage(), sources);

  expect(replica.rows.get('t1')).toMatchObject({ version: 6, content: 'Theirs' });
});

test('a rejected change is listed with what it said and blocks nothing', () => {
  const edited = editTask(replicaWith(aRow(), aRow({ id: 't2' })), 't1', { content: 'Too long' }, 900);
  const replica = answered(editTask(edited, 't2', { completed: true }, 900), rejection('content_too_long'));

  expect(replica.pending.size).toBe(0);
  expect(replica.rejections).toEqual([
    { code: 'content_too_long', detail: 'No.', change: expect.objectContaining({ content: 'Too long' }) },
  ]);
  expect(replica.rows.get('t1')?.content).toBe('Buy milk');
  expect(replica.rows.get('t2')?.completed).toBe(true);
});

test('an edit of the text of a purged task sends the whole task again', () => {
  const edited = editTask(replicaWith(aRow({ pinned: true })), 't1', { content: 'Mine' }, 900);
  const replica = answered(edited, rejection('unknown_task'));

  expect(freezeBatch(replica).changes).toEqual([
    expect.objectContaining({ version: 1, content: 'Mine', pinned: true, completed: false, created_at: 100 }),
  ]);
});

test('a check mark on a purged task goes with the task', () => {
  const edited = editTask(replicaWith(aRow()), 't1', { completed: true }, 900);
  const replica = answered(edited, rejection('unknown_task'));

  expect([replica.rows.size, replica.pending.size]).toEqual([0, 0]);
});

test('a device that was cloned becomes another one and keeps its edits', () => {
  const edited = editTask(replicaWith(aRow({ version: 3 })), 't1', { content: 'Mine' }, 900);
  const replica = answered(edited, rejection('device_forked'));

  expect(replica).toMatchObject({ device_id: 'web-2', acked: 0, rejections: [] });
  expect(freezeBatch(replica).changes).toEqual([
    { id: 't1', mutation_id: 1, version: 4, updated_at: 900, device_id: 'web-2', content: 'Mine' },
  ]);
});

test('a deferred pull stores the push and does not pass for a sync', () => {
  const edited = editTask(replicaWith(aRow()), 't1', { completed: true }, 900);
  const replica = answered(edited, aPage({ server_time: 1_000, etag: null, deferred_for: 60 }));

  expect(replica).toMatchObject({ cursor: 1_000, etag: null, synced_at: null });
  expect(replica.pending.size).toBe(0);
});

test('after a purge, what the server did not name is dropped unless it is pending', () => {
  const rows = [
    aRow({ id: 'named' }),
    aRow({ id: 'purged' }),
    aRow({ id: 'edited-meanwhile' }),
    aRow({ id: 'pushed' }),
  ];
  const edited = editTask(replicaWith(...rows), 'pushed', { completed: true }, 900);
  const page = aPage({ full_resync_reason: 'purged', updates: [aRow({ id: 'named' })] });
  const replica = answered(edited, page, (r) => editTask(r, 'edited-meanwhile', { content: 'Mine' }, 950));

  expect([...replica.rows.keys()].sort()).toEqual(['edited-meanwhile', 'named', 'pushed']);
});

test('to a rewound server every difference is offered as version 1 with its own edit time', () => {
  const mine = [
    aRow({ id: 'same' }),
    aRow({ id: 'differs', content: 'Newer' }),
    aRow({ id: 'missing', updated_at: 250 }),
  ];
  const page = aPage({
    full_resync_reason: 'rewound',
    updates: [aRow({ id: 'same' }), aRow({ id: 'differs' })],
  });
  const replica = answered(replicaWith(...mine), page);

  expect(freezeBatch(replica).changes).toEqual([
    expect.objectContaining({ id: 'differs', version: 1, updated_at: 200, content: 'Newer' }),
    {
      ...{
        id: 'missing',
        mutation_id: 1 + 1,
        version: 1,
        created_at: 100,
        updated_at: 250,
        device_id: 'web',
      },
      ...{ content: 'Buy milk', completed: false, pinned: false },
    },
  ]);
  expect(replica.pending.get('differs')?.edit?.fields).toEqual({ content: 'Newer' });
});

test('a rewound server is not told that another device deleted a task', () => {
  const edited = editTask(replicaWith(aRow()), 't1', { completed: true }, 900);
  const deletedElsewhere = applyPage(edited, aPage({ deleted: ['t1'] }));
  const replica = answered(deletedElsewhere, aPage({ full_resync_reason: 'rewound', updates: [aRow()] }));

  expect(replica.pending.get('t1')?.edit?.fields).toEqual({ completed: true });
});

test('a rewound server stores nothing, so its answer settles nothing', () => {
  const edited = createTask(replicaWith(aRow()), 't9', 'New', 900);
  const page = aPage({ full_resync_reason: 'rewound', updates: [aRow()], epoch: 'e2' });
  const replica = answered(edited, page);

  expect(replica.epoch).toBe('e2');
  expect(freezeBatch(replica).changes).toEqual([
    expect.objectContaining({ id: 't9', content: 'New', version: 1 }),
  ]);
});

test('nothing the person sees changes when a rewound server is found out', () => {
  const before = replicaWith(
    aRow({ id: 'differs', content: 'Newer', completed: true }),
    aRow({ id: 'missing' }),
  );
  const page = aPage({ full_resync_reason: 'rewound', updates: [aRow({ id: 'differs' })] });
  const seen = (replica: Replica) => visibleTasks(replica).map(({ isWaiting: _, ...task }) => task);

  expect(seen(answered(before, page))).toEqual(seen(before));
});

test('a first sync that was cut short and repeated drops what was deleted in between', () => {
  const cutShort = { ...replicaWith(aRow({ id: 'named' }), aRow({ id: 'deleted-since' })), cursor: 0 };
  const replica = answered(cutShort, aPage({ updates: [aRow({ id: 'named' })] }));

  expect([...replica.rows.keys()]).toEqual(['named']);
});
