import { expect, test } from 'vitest';
import { aRow, replicaWith } from '../testing/builders';
import {
  asNewDevice,
  CHANGES_BYTES_MAX,
  CHANGES_PER_REQUEST_MAX,
  createTask,
  deleteTask,
  editTask,
  freezeBatch,
} from './queue';
import type { Replica } from './replica';

function frozen(replica: Replica): Replica {
  return freezeBatch(replica).replica;
}

test('an edit is sent with the version of its row plus one and the edited field alone', () => {
  const replica = editTask(replicaWith(aRow({ version: 3 })), 't1', { completed: true }, 900);

  expect(freezeBatch(replica).changes).toEqual([
    { id: 't1', mutation_id: 1, version: 4, updated_at: 900, device_id: 'web', completed: true },
  ]);
});

test('a new task is sent as version 1 with the time it was made', () => {
  const replica = createTask(replicaWith(), 't9', 'Call Ada', 900);

  expect(freezeBatch(replica).changes).toEqual([
    {
      id: 't9',
      mutation_id: 1,
      version: 1,
      created_at: 900,
      updated_at: 900,
      device_id: 'web',
      content: 'Call Ada',
    },
  ]);
});

test('many edits of one task are one change of one version', () => {
  let replica = editTask(replicaWith(aRow({ version: 3 })), 't1', { completed: true }, 900);
  replica = editTask(replica, 't1', { content: 'Buy oat milk' }, 950);

  expect(freezeBatch(replica).changes).toEqual([
    expect.objectContaining({ version: 4, updated_at: 950, completed: true, content: 'Buy oat milk' }),
  ]);
});

test('an unanswered change is sent again unaltered', () => {
  const first = freezeBatch(editTask(replicaWith(aRow()), 't1', { completed: true }, 900));
  const again = freezeBatch(first.replica);

  expect(again.changes).toEqual(first.changes);
});

test('an edit on top of an unanswered change replaces it under a new number with the same base', () => {
  let replica = frozen(editTask(replicaWith(aRow({ version: 3 })), 't1', { content: 'A' }, 900));
  replica = editTask(replica, 't1', { completed: true }, 950);

  expect(freezeBatch(replica).changes).toEqual([
    {
      id: 't1',
      mutation_id: 2,
      version: 4,
      updated_at: 950,
      device_id: 'web',
      content: 'A',
      completed: true,
    },
  ]);
});

test('an edit on top of an unanswered change leaves that change frozen until the next request', () => {
  const before = frozen(editTask(replicaWith(aRow()), 't1', { content: 'A' }, 900));
  const after = editTask(before, 't1', { content: 'B' }, 950);

  expect(after.pending.get('t1')?.sent).toEqual(before.pending.get('t1')?.sent);
});

test('numbers rise within a request, retries first', () => {
  let replica = replicaWith(aRow({ id: 'a' }), aRow({ id: 'b' }), aRow({ id: 'c' }));
  replica = editTask(replica, 'b', { completed: true }, 900);
  replica = editTask(replica, 'c', { completed: true }, 900);
  replica = frozen(replica);
  replica = editTask(replica, 'b', { completed: false }, 910);
  replica = editTask(replica, 'a', { completed: true }, 920);

  expect(freezeBatch(replica).changes.map(({ id, mutation_id }) => [id, mutation_id])).toEqual([
    ['c', 2],
    ['b', 3],
    ['a', 4],
  ]);
});

test('a request takes the documented number of changes and leaves the rest unnumbered', () => {
  let replica = replicaWith();
  for (let i = 0; i <= CHANGES_PER_REQUEST_MAX; ++i) replica = createTask(replica, `t${i}`, 'x', 900);
  const batch = freezeBatch(replica);

  expect(batch.changes).toHaveLength(CHANGES_PER_REQUEST_MAX);
  expect(batch.replica.last_mutation_id).toBe(CHANGES_PER_REQUEST_MAX);
  expect(batch.replica.pending.get(`t${CHANGES_PER_REQUEST_MAX}`)?.sent).toBeNull();
});

test('a request stays below the documented number of bytes, counted in UTF-8', () => {
  let replica = replicaWith();
  for (let i = 0; i < 100; ++i) replica = createTask(replica, `t${i}`, '語'.repeat(5_000), 900);
  const { changes } = freezeBatch(replica);
  const bytes = new TextEncoder().encode(JSON.stringify(changes)).length;

  expect(bytes).toBeLessThanOrEqual(CHANGES_BYTES_MAX);
  expect(bytes).toBeGreaterThan(CHANGES_BYTES_MAX - 20_000);
});

test('a task deleted before it was ever sent is forgotten', () => {
  const replica = deleteTask(createTask(replicaWith(), 't9', 'Typo', 900), 't9', 950);

  expect(replica.pending.size).toBe(0);
});

test('a task deleted while its creation is unanswered is still deleted at the server', () => {
  const replica = deleteTask(frozen(createTask(replicaWith(), 't9', 'Typo', 900)), 't9', 950);

  expect(freezeBatch(replica).changes).toEqual([
    expect.objectContaining({ id: 't9', mutation_id: 2, version: 1, content: 'Typo', deleted_at: 950 }),
  ]);
});

test('a new device counts from one again and sends all that is pending under its own name', () => {
  const sent = frozen(editTask(replicaWith(aRow({ version: 3 })), 't1', { content: 'A' }, 900));
  const replica = asNewDevice({ ...sent, acked: 7, last_mutation_id: 9 }, 'web-2');

  expect(replica.acked).toBe(0);
  expect(freezeBatch(replica).changes).toEqual([
    { id: 't1', mutation_id: 1, version: 4, updated_at: 900, device_id: 'web-2', content: 'A' },
  ]);
});
