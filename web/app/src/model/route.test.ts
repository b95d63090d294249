import { describe, expect, it } from 'vitest';
import { hashOf, routeOf } from './route';

describe('the address', () => {
  it.each([
    { name: 'list' },
    { name: 'sync' },
    { name: 'account' },
    { name: 'keys' },
    { name: 'task', id: 'a:b.c-_D' },
  ] as const)('of $name leads there', (route) => {
    expect(routeOf(hashOf(route))).toEqual(route);
  });

  it.each(['', '#', '#/', '#/nowhere', '#/task', '#/task/', '#/task/%', '#/sync/more', '#new-task'])(
    '%s is the list',
    (hash) => {
      expect(routeOf(hash)).toEqual({ name: 'list' });
    },
  );
});
