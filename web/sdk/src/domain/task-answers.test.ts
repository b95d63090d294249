import { describe, expect, test } from 'vitest';
import {
  applyDeletion,
  applyUpdate,
  doom,
  reviveInstead,
  settle,
  takeRestoredRow,
  wouldVanish,
} from './task-answers';
import { createTask, deleteTask, editTask, freeze, restoreTask, type TaskState, thaw } from './task-state';
import { alive, NOW, numberedAs, told } from './testing';
import { findVisible } from './view';

function edited(fields: Parameters<typeof editTask>[1]): TaskState {
  const task = alive(4);
  editTask(task, fields, NOW);
  return task;
}

function sent(fields: Parameters<typeof editTask>[1]): TaskState {
  const task = edited(fields);
  freeze(task, numberedAs(7));
  return task;
}

describe('a pull', () => {
  test('never overwrites a pending edit of the same field', () => {
    const task = edited({ content: 'bread' });
    applyUpdate(task, told(5, { content: 'oats', completed: true }));
    expect(findVisible(task)).toMatchObject({ content: 'bread', completed: true });
  });

  test('of other fields raises the base', () => {
    const task = edited({ content: 'bread' });
    applyUpdate(task, told(6, { completed: true }));
    expect(task.edit?.base).toBe(6);
  });

  test('of a pending field leaves the base for good', () => {
    const task = edited({ content: 'bread' });
    applyUpdate(task, told(5, { content: 'oats' }));
    applyUpdate(task, told(6, { completed: true }));
    expect(task.edit?.base).toBe(4);
  });

  test('of a text overlaps a pending deletion; of a flag it does not', () => {
    const [text, flag] = [alive(4), alive(4)];
    deleteTask(text, NOW);
    deleteTask(flag, NOW);
    applyUpdate(text, told(5, { content: 'oats' }));
    applyUpdate(flag, told(5, { completed: true }));
    expect([text.edit?.base, flag.edit?.base]).toEqual([4, 5]);
  });

  test('that overlapped a replaced change overlaps its successor', () => {
    const task = sent({ content: 'bread' });
    applyUpdate(task, told(5, { content: 'oats' }));
    editTask(task, { pinned: false }, NOW);
    applyUpdate(task, told(6, { completed: true }));
    expect(freeze(task, numberedAs(8)).version).toBe(5);
  });

  test('of fields of a task that is not here is refused', () => {
    const task = createTask('t', 'milk', NOW);
    const before = structuredClone(task);
    expect(applyUpdate(task, told(5, { completed: true }))).toBe(false);
    expect(task).toEqual(before);
  });

  test('of a whole task makes it new, and takes its doom away', () => {
    const task = alive(4);
    applyDeletion(task, NOW);
    expect(applyUpdate(task, told(9, { content: 'oats' }, 5))).toBe(true);
    expect(task.row).toMatchObject({
      version: 9,
      content: 'oats',
      pinned: false,
      created_at: 5,
      deleted_at: null,
    });
    doom(task);
    applyUpdate(task, told(10, { completed: true }));
    expect(task.doomed).toBe(false);
  });

  test('of a deletion takes the base of a pending edit', () => {
    const task = edited({ content: 'bread' });
    applyDeletion(task, NOW);
    expect(task.edit).toMatchObject({ base: 0, overlapped: true });
  });

  test('of a deletion takes the base of an unanswered change', () => {
    const task = sent({ content: 'bread' });
    applyDeletion(task, NOW);
    expect(task.sent?.change.version).toBe(1);
    thaw(task);
    expect(task.edit).toMatchObject({ base: 0, overlapped: true });
  });

  test('of a task that was deleted and made anew takes the base of a pending edit', () => {
    const task = edited({ completed: true });
    doom(task);
    applyUpdate(task, told(1, { content: 'bread' }, 5));
    expect(freeze(task, numberedAs(7)).version).toBe(1);
  });
});

describe('a verdict', () => {
  test('that a change was stored as sent makes it the row', () => {
    const task = sent({ content: 'bread' });
    expect(settle(task, 'as_sent', NOW)).toBe(true);
    expect(task).toMatchObject({ sent: null, row: { content: 'bread', version: 5, device_id: 'phone' } });
  });

  test('raises the base of what was edited meanwhile', () => {
    const task = sent({ content: 'bread' });
    editTask(task, { completed: true }, NOW + 1);
    settle(task, 'as_sent', NOW);
    expect(task.edit).toMatchObject({ base: 5, fields: { completed: true } });
  });

  test('that a deletion was stored leaves a dead copy', () => {
    const task = alive(4);
    deleteTask(task, NOW);
    freeze(task, numberedAs(7));
    settle(task, 'as_sent', NOW + 1);
    expect(task).toMatchObject({ sent: null, row: { content: 'milk', deleted_at: NOW } });
  });

  test('of what is told leaves what the answer told', () => {
    const task = sent({ content: 'bread' });
    applyUpdate(task, told(6, { content: 'oats' }));
    settle(task, 'told', NOW);
    expect(findVisible(task)).toMatchObject({ content: 'oats', pending: false });
  });

  test('of an earlier page gives way to what a later page tells', () => {
    const task = sent({ content: 'bread' });
    if (task.sent) task.sent.verdict = { outcome: 'as_sent', code: '', detail: '' };
    applyUpdate(task, told(6, { content: 'oats' }));
    expect(task.sent?.verdict?.outcome).toBe('told');
  });

  test('that rejects a change is for the person to see, and leaves the row', () => {
    const task = sent({ content: 'bread' });
    expect(settle(task, 'rejected', NOW)).toBe(false);
    expect(task).toEqual(alive(4));
  });

  test('that a task is unknown queues its text again, whole', () => {
    const task = sent({ content: 'bread' });
    expect(settle(task, 'unknown_task', NOW)).toBe(true);
    expect(task.edit).toMatchObject({
      base: 0,
      fields: { content: 'bread', completed: false, pinned: true },
    });
  });

  test('that a task is unknown queues a wish to have it back, whole', () => {
    const task = alive(4);
    applyDeletion(task, NOW);
    restoreTask(task, NOW);
    freeze(task, numberedAs(7));
    expect(settle(task, 'unknown_task', NOW)).toBe(true);
    expect(task.edit?.fields).toEqual({ content: 'milk', completed: false, pinned: true });
  });

  test('that a task is unknown drops a flag', () => {
    const task = sent({ completed: true });
    expect(settle(task, 'unknown_task', NOW)).toBe(false);
    expect(task.edit).toBeNull();
  });
});

describe('the guard', () => {
  test('counts no deletion of the person’s own', () => {
    const task = alive();
    expect(wouldVanish(task)).toBe(true);
    deleteTask(task, NOW);
    expect(wouldVanish(task)).toBe(false);
  });

  test('counts no task whose text was edited', () => {
    expect(wouldVanish(edited({ content: 'bread' }))).toBe(false);
    expect(wouldVanish(edited({ completed: true }))).toBe(true);
  });

  test('sends the whole task again when the person refuses', () => {
    const task = edited({ completed: true });
    reviveInstead(task, NOW + 1);
    expect(freeze(task, numberedAs(7))).toMatchObject({
      created_at: 10,
      fields: { content: 'milk', completed: true, pinned: true, deleted_at: null },
    });
  });
});

describe('a restored server', () => {
  test('is offered what it lost, with the task’s own time', () => {
    const task = alive(4);
    takeRestoredRow(task, { ...(alive(2).row ?? raise()), content: 'old' }, NOW);
    expect(task.restated).toMatchObject({ base: 0, updated_at: 20, since: NOW, fields: { content: 'milk' } });
    expect(findVisible(task)?.content).toBe('milk');
  });

  test('is offered a missing task whole, and nothing that is equal', () => {
    const [missing, equal] = [alive(4), alive(4)];
    takeRestoredRow(missing, null, NOW);
    expect(missing.restated?.fields).toEqual({ content: 'milk', completed: false, pinned: true });
    takeRestoredRow(equal, alive(2).row, NOW);
    expect(equal.restated).toBeNull();
  });

  test('is told a pending edit after what is offered, each with its own time', () => {
    const task = edited({ completed: true });
    takeRestoredRow(task, null, NOW + 9);
    expect(freeze(task, numberedAs(7))).toMatchObject({
      version: 1,
      updated_at: 20,
      fields: { content: 'milk' },
    });
    expect(task.edit).toMatchObject({ updated_at: NOW, fields: { completed: true } });
    thaw(task);
    expect(task.restated?.fields.content).toBe('milk');
    expect(task.edit?.fields).toEqual({ completed: true });
  });

  test('is offered once what the lost state had stored', () => {
    const task = sent({ content: 'bread' });
    if (task.sent) task.sent.verdict = { outcome: 'as_sent', code: '', detail: '' };
    takeRestoredRow(task, alive(2).row, NOW);
    expect(task).toMatchObject({ sent: null, edit: null, restated: { fields: { content: 'bread' } } });
  });

  test('is offered what an earlier restore lost, too', () => {
    const task = alive(4);
    takeRestoredRow(task, { ...(alive(2).row ?? raise()), content: 'old' }, NOW);
    freeze(task, numberedAs(7));
    takeRestoredRow(task, null, NOW + 9);
    expect(findVisible(task)?.content).toBe('milk');
    expect(task.restated).toMatchObject({ updated_at: 20, since: NOW });
    expect(freeze(task, numberedAs(8)).fields).toEqual({ content: 'milk', completed: false, pinned: true });
  });

  test('is not offered what the person has deleted', () => {
    const task = alive(4);
    deleteTask(task, NOW);
    takeRestoredRow(task, null, NOW);
    expect(task.restated).toBeNull();
    expect(findVisible(task)).toBeNull();
  });
});

function raise(): never {
  throw new Error('the task has no row');
}
