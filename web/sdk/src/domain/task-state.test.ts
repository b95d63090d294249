import { expect, test } from 'vitest';
import { applyDeletion } from './task-answers';
import {
  createTask,
  deleteTask,
  editTask,
  freeze,
  goesAgainUnaltered,
  isPending,
  pendingChange,
  pendingSince,
  restoreTask,
  thaw,
} from './task-state';
import { alive, NOW, numberedAs } from './testing';
import { findDeleted, findVisible } from './view';

test('a new task is sent with its text and version one', () => {
  const task = createTask('t', 'milk', NOW);
  expect(freeze(task, numberedAs(7))).toEqual({
    id: 't',
    mutation_id: 7,
    version: 1,
    created_at: NOW,
    updated_at: NOW,
    device_id: 'phone',
    fields: { content: 'milk' },
  });
});

test('only what was edited is sent, on the version that was seen', () => {
  const task = alive(4);
  editTask(task, { completed: true }, NOW);
  expect(freeze(task, numberedAs(7))).toMatchObject({ version: 5, fields: { completed: true } });
});

test('the newest value of a field counts, and the oldest edit’s age', () => {
  const task = alive();
  editTask(task, { content: 'bread' }, NOW);
  editTask(task, { content: 'rye' }, NOW + 5);
  expect(pendingSince(task)).toBe(NOW);
  expect(pendingChange(task)).toMatchObject({ updated_at: NOW + 5, fields: { content: 'rye' } });
});

test('an edit on top of an unanswered change has seen no more than that', () => {
  const task = alive(4);
  editTask(task, { content: 'bread' }, NOW);
  freeze(task, numberedAs(7));
  if (task.row) task.row.version = 9;
  editTask(task, { completed: true }, NOW + 1);
  expect(task.edit).toMatchObject({ base: 4, fields: { completed: true } });
});

test('a later edit replaces an unanswered change under a new number, with all of it', () => {
  const task = alive(4);
  editTask(task, { content: 'bread' }, NOW);
  freeze(task, numberedAs(7));
  expect(goesAgainUnaltered(task)).toBe(true);
  editTask(task, { completed: true }, NOW + 1);
  expect(goesAgainUnaltered(task)).toBe(false);
  expect(freeze(task, numberedAs(8))).toMatchObject({
    mutation_id: 8,
    version: 5,
    updated_at: NOW + 1,
    fields: { content: 'bread', completed: true },
  });
});

test('before the first complete pull no base is trusted', () => {
  const task = alive(4);
  editTask(task, { completed: true }, NOW);
  expect(freeze(task, numberedAs(7, false)).version).toBe(1);
});

test('thawed edits are one edit without a number', () => {
  const task = alive(4);
  editTask(task, { content: 'bread' }, NOW);
  freeze(task, numberedAs(7));
  editTask(task, { completed: true }, NOW + 1);
  thaw(task);
  expect(task.sent).toBeNull();
  expect(task.edit).toMatchObject({ base: 4, was_sent: true, fields: { content: 'bread', completed: true } });
});

test('a deleted task that no server knows is not sent at all, and can be restored', () => {
  const task = createTask('t', 'milk', NOW);
  deleteTask(task, NOW + 1);
  expect(isPending(task)).toBe(false);
  expect(findDeleted(task)).toMatchObject({ content: 'milk', deleted_at: NOW + 1 });
  restoreTask(task, NOW + 2);
  expect(findVisible(task)).toMatchObject({ content: 'milk', created_at: NOW });
  expect(freeze(task, numberedAs(7))).toMatchObject({ version: 1, created_at: NOW });
});

test('a task whose making is unanswered is deleted by a change', () => {
  const task = createTask('t', 'milk', NOW);
  freeze(task, numberedAs(7));
  deleteTask(task, NOW + 1);
  expect(task.edit?.fields).toEqual({ deleted_at: NOW + 1 });
});

test('a task that once was sent is deleted by a change', () => {
  const task = createTask('t', 'milk', NOW);
  freeze(task, numberedAs(7));
  thaw(task);
  deleteTask(task, NOW + 1);
  expect(task.edit?.fields).toEqual({ content: 'milk', deleted_at: NOW + 1 });
});

test('restoring what was not sent yet costs nothing and keeps the other edits', () => {
  const task = alive();
  deleteTask(task, NOW);
  restoreTask(task, NOW);
  expect(task).toEqual(alive());
  editTask(task, { completed: true }, NOW);
  deleteTask(task, NOW);
  restoreTask(task, NOW);
  expect(task.edit?.fields).toEqual({ completed: true });
});

test('a deleted task is restored by an explicit change', () => {
  const task = alive(4);
  applyDeletion(task, NOW);
  restoreTask(task, NOW + 1);
  expect(freeze(task, numberedAs(7))).toMatchObject({ version: 1, fields: { deleted_at: null } });
});

test('a new text of a dead task is sent with all the rest of it', () => {
  const task = alive(4);
  editTask(task, { content: 'bread' }, NOW);
  applyDeletion(task, NOW);
  expect(freeze(task, numberedAs(7)).fields).toEqual({ content: 'bread', completed: false, pinned: true });
});
