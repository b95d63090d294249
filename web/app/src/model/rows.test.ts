import { describe, expect, it } from 'vitest';
import { taskWith } from '../testing/fake-manager';
import { rowsOf, taskRowAway, taskRowBeside, taskRowNear } from './rows';

const sorted = [
  taskWith({ id: 'p', pinned: true }),
  taskWith({ id: 'a' }),
  taskWith({ id: 'b' }),
  taskWith({ id: 'dp', completed: true, pinned: true }),
  taskWith({ id: 'd', completed: true }),
];
const keys = (filter: 'all' | 'open' | 'done' | 'deleted', tasks = sorted) =>
  rowsOf(tasks, filter).rows.map(({ key }) => key);

describe('the rows of the list', () => {
  it('are the pinned, the open and the done ones, each under its heading', () => {
    expect(keys('all')).toEqual(['heading pinned', 'p', 'heading open', 'a', 'b', 'heading done', 'dp', 'd']);
  });

  it('are what the filter leaves', () => {
    expect(keys('open')).toEqual(['heading pinned', 'p', 'heading open', 'a', 'b']);
    expect(keys('done')).toEqual(['heading done', 'dp', 'd']);
    expect(keys('deleted')).toEqual(['p', 'a', 'b', 'dp', 'd']);
  });

  it('have no heading above nothing', () => {
    expect(keys('all', [])).toEqual([]);
    expect(keys('all', sorted.slice(3))).toEqual(['heading done', 'dp', 'd']);
  });

  it('count the tasks alone', () => {
    const { rows, tasks } = rowsOf(sorted, 'all');
    expect(tasks).toBe(5);
    expect(rows.map((row) => (row.kind === 'task' ? row.position : row.count))).toEqual([
      1, 1, 2, 2, 3, 2, 4, 5,
    ]);
  });
});

describe('the way through the rows', () => {
  const { rows } = rowsOf(sorted, 'all');

  it.each([
    [1, 1, 'a'],
    [3, -1, 'p'],
    [4, 1, 'dp'],
    [1, 3, 'dp'],
    [1, 100, 'd'],
    [6, -100, 'p'],
  ])('from %d by %d passes over headings to %s', (from, steps, key) => {
    expect(taskRowAway(rows, from, steps)?.key).toBe(key);
  });

  it('ends at the ends', () => {
    expect(taskRowAway(rows, 7, 1)).toBeNull();
    expect(taskRowAway(rows, 1, -1)).toBeNull();
  });

  it.each([
    [3, 'b'],
    [4, 'a'],
    [7, 'dp'],
    [1, 'a'],
  ])('from %d stays below the heading if it can, and leads to %s', (index, key) => {
    expect(taskRowBeside(rows, index)?.key).toBe(key);
  });

  it('begins at the nearest task', () => {
    expect(taskRowNear(rows, 0)?.key).toBe('p');
    expect(taskRowNear(rows, 5)?.key).toBe('dp');
    expect(taskRowNear(rows, 99)?.key).toBe('d');
    expect(taskRowNear([], 0)).toBeNull();
  });
});
