import { expect, test } from 'vitest';
import { aRow, replicaWith } from '../testing/builders';
import { createTask, editTask } from './queue';
import { visibleTasks } from './view';

test('open tasks come before completed ones, pinned first, the newest first', () => {
  const replica = replicaWith(
    aRow({ id: 'done', completed: true, pinned: true, created_at: 9 }),
    aRow({ id: 'old', created_at: 1 }),
    aRow({ id: 'new', created_at: 2 }),
    aRow({ id: 'pinned', pinned: true, created_at: 0 }),
  );

  expect(visibleTasks(replica).map((task) => task.id)).toEqual(['pinned', 'new', 'old', 'done']);
});

test('a task shows what was done to it before the server knows', () => {
  const replica = editTask(replicaWith(aRow()), 't1', { completed: true }, 900);

  expect(visibleTasks(replica)).toEqual([
    { id: 't1', content: 'Buy milk', completed: true, pinned: false, created_at: 100, isWaiting: true },
  ]);
});

test('a task that was just typed is there', () => {
  const replica = createTask(replicaWith(), 't9', 'Call Ada', 900);

  expect(visibleTasks(replica)).toEqual([
    { id: 't9', content: 'Call Ada', completed: false, pinned: false, created_at: 900, isWaiting: true },
  ]);
});

test('a deleted task does not show', () => {
  expect(visibleTasks(replicaWith(aRow({ deleted_at: 900 })))).toEqual([]);
});
