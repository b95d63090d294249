import { expect, test, vi } from 'vitest';
import { createTask } from '../domain/task-state';
import { MemoryDisk, MemoryStore } from '../store/memory-store';
import { KeptStore } from './kept-store';
import type { Tabs } from './tabs';

const ALONE: Tabs = { tell: () => {}, listen: () => {}, close: () => {} };
const UNHEARD = { tasks: () => {}, parts: () => {} };

test('what is told while everything is read is read once', async () => {
  const disk = new MemoryDisk();
  const store = new MemoryStore(disk);
  const other = new KeptStore(new MemoryStore(disk), ALONE, UNHEARD);
  const kept = new KeptStore(store, ALONE, UNHEARD);
  const [reloaded, written] = [kept.reload(), other.write(async (tx) => tx.put(createTask('t', 'milk', 1)))];
  const heard = kept.heard({ is: 'wrote', revision: 1, ids: ['t'] });
  await Promise.all([reloaded, written, heard]);
  expect([...kept.snapshot.tasks.keys()]).toEqual(['t']);
  const read = vi.spyOn(store, 'read');
  await kept.catchUp();
  expect(read).toHaveBeenCalledTimes(1);
});
