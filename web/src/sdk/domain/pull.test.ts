import { expect, test } from 'vitest';
import { anUpdate, aPage, aRow, replicaWith } from '../testing/builders';
import type { Conflict } from './answer';
import { applyPage, CONFLICTS_KEPT_MAX } from './pull';
import { deleteTask, editTask, freezeBatch } from './queue';
import { visibleTasks } from './view';

function aConflict(at: number): Conflict {
  const edit = { value: 'A', updated_at: 1, device_id: 'phone' };
  return { id: 't1', field: 'content', winner: 'server', kept: edit, discarded: edit, at };
}

test('a pulled update changes the fields it carries and no other', () => {
  const replica = applyPage(
    replicaWith(aRow({ content: 'Buy milk' })),
    aPage({ updates: [anUpdate({ completed: true })] }),
  );

  expect(replica.rows.get('t1')).toEqual(
    aRow({ content: 'Buy milk', completed: true, version: 4, updated_at: 300, device_id: 'phone' }),
  );
});

test('a pulled field never shows over a pending edit of the same field', () => {
  const edited = editTask(replicaWith(aRow()), 't1', { content: 'Mine' }, 900);
  const replica = applyPage(edited, aPage({ updates: [anUpdate({ content: 'Theirs' })] }));

  expect(visibleTasks(replica)[0]?.content).toBe('Mine');
});

test.each([
  { pulled: { content: 'Theirs' }, edited: { content: 'Mine' }, base: 3, name: 'the same field' },
  { pulled: { completed: true }, edited: { content: 'Mine' }, base: 4, name: 'another field' },
  {
    pulled: { content: 'Theirs' },
    edited: { deleted_at: 900 },
    base: 3,
    name: 'the text of a task being deleted',
  },
  {
    pulled: { completed: true },
    edited: { deleted_at: 900 },
    base: 4,
    name: 'the check mark of a task being deleted',
  },
])('a pull of $name sends a pending edit on base $base', ({ pulled, edited, base }) => {
  const before = editTask(replicaWith(aRow({ version: 3 })), 't1', edited, 900);
  const after = applyPage(before, aPage({ updates: [anUpdate({ version: 4, ...pulled })] }));

  expect(freezeBatch(after).changes[0]?.version).toBe(base + 1);
});

test('a pending edit that overlaps a pull keeps its base when the person edits on', () => {
  const before = editTask(replicaWith(aRow({ version: 3 })), 't1', { content: 'Mine' }, 900);
  const pulled = applyPage(before, aPage({ updates: [anUpdate({ version: 4, content: 'Theirs' })] }));
  const after = editTask(pulled, 't1', { completed: true }, 950);

  expect(freezeBatch(after).changes[0]).toMatchObject({ version: 4, content: 'Mine', completed: true });
});

test('what replaces an unanswered change has the base of that change, whatever was pulled since', () => {
  const sent = freezeBatch(
    editTask(replicaWith(aRow({ version: 3 })), 't1', { content: 'Mine' }, 900),
  ).replica;
  const edited = editTask(sent, 't1', { completed: true }, 950);
  const pulled = applyPage(
    edited,
    aPage({ updates: [anUpdate({ version: 9, content: 'Theirs' })], page: 'p2' }),
  );

  expect(freezeBatch(pulled).changes[0]).toMatchObject({ version: 4, content: 'Mine', completed: true });
});

test('a task deleted elsewhere is gone', () => {
  const replica = applyPage(replicaWith(aRow()), aPage({ deleted: ['t1'] }));

  expect(replica.rows.size).toBe(0);
});

test('an id deleted elsewhere that was never here is passed over', () => {
  const replica = applyPage(replicaWith(aRow()), aPage({ deleted: ['never-seen'] }));

  expect(visibleTasks(replica)).toHaveLength(1);
});

test('a task deleted elsewhere lives on under a pending edit of its text', () => {
  const edited = editTask(replicaWith(aRow({ pinned: true })), 't1', { content: 'Mine' }, 900);
  const replica = applyPage(edited, aPage({ deleted: ['t1'] }));

  expect(visibleTasks(replica)).toEqual([
    { id: 't1', content: 'Mine', completed: false, pinned: true, created_at: 100, isWaiting: true },
  ]);
});

test('a task deleted elsewhere goes in spite of a pending check mark, which is still sent', () => {
  const edited = editTask(replicaWith(aRow({ version: 3 })), 't1', { completed: true }, 900);
  const replica = applyPage(edited, aPage({ deleted: ['t1'] }));

  expect(visibleTasks(replica)).toEqual([]);
  expect(freezeBatch(replica).changes).toEqual([expect.objectContaining({ version: 4, completed: true })]);
});

test('a task being deleted here stays away when a pull brings a change of it', () => {
  const edited = deleteTask(replicaWith(aRow()), 't1', 900);
  const replica = applyPage(edited, aPage({ updates: [anUpdate({ completed: true })] }));

  expect(visibleTasks(replica)).toEqual([]);
});

test('a task id may be any word of the alphabet, also one that JavaScript has a meaning for', () => {
  const replica = applyPage(
    replicaWith(),
    aPage({ updates: [aRow({ id: '__proto__' }), aRow({ id: 'constructor' })] }),
  );

  expect(visibleTasks(replica).map((task) => task.id)).toEqual(['__proto__', 'constructor']);
});

test('a conflict pulled twice is shown once, and only the newest are kept', () => {
  const conflicts = Array.from({ length: CONFLICTS_KEPT_MAX + 1 }, (_, at) => aConflict(at));
  const replica = applyPage(
    applyPage(replicaWith(), aPage({ conflicts })),
    aPage({ conflicts: conflicts.slice(-1) }),
  );

  expect(replica.conflicts.map((conflict) => conflict.at)).toEqual(
    conflicts.slice(1).map((conflict) => conflict.at),
  );
});
