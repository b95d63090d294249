import { expect, test } from 'vitest';
import { createTask, editTask, freezeBatch } from '../domain/queue';
import { aRow, replicaWith } from '../testing/builders';
import { memoryStore } from '../testing/memory-store';
import { LiveReplica } from './live-replica';
import { StorageFullError } from './store';
import { WebStore } from './web-store';

test('a replica comes back as it was stored, whatever its ids and texts', () => {
  const store = memoryStore();
  let replica = replicaWith(aRow({ id: '__proto__', content: 'a "quoted" \u2028 text 👩‍👩‍👧' }), aRow());
  replica = freezeBatch(editTask(replica, '__proto__', { completed: true }, 900)).replica;
  replica = createTask(replica, 'constructor', '', 950);
  store.saveReplica(replica);

  expect(store.loadReplica('u1')).toEqual(replica);
});

test('two people in one browser do not see each other', () => {
  const store = memoryStore();
  store.saveReplica(replicaWith(aRow()));

  expect(store.loadReplica('u2')).toBeNull();
});

test('an edit that cannot be stored is not shown either', () => {
  const full = new WebStore({
    getItem: () => null,
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
    removeItem: () => {},
  });
  const before = replicaWith(aRow());
  const live = new LiveReplica(full, before);

  expect(() => live.update((replica) => createTask(replica, 't9', 'New', 900))).toThrow(StorageFullError);
  expect(live.current).toBe(before);
});

test('whoever hears of a change finds it stored', () => {
  const store = memoryStore();
  let storedWhenHeard = 0;
  const live = new LiveReplica(store, replicaWith(), () => {
    storedWhenHeard = store.loadReplica('u1')?.pending.size ?? 0;
  });
  live.update((replica) => createTask(replica, 't9', 'New', 900));

  expect(storedWhenHeard).toBe(1);
});
