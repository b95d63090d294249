import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, test, vi } from 'vitest';
import { createTask } from '../domain/task-state';
import { IdbStore } from './idb-store';
import { localStoreContract, type StoreFixture } from './local-store.contract';

let names = 0;
const newName = () => `store ${++names}`;

localStoreContract(async () => {
  const name = newName();
  const fixture: StoreFixture = {
    store: await IdbStore.open(name),
    async reopen() {
      this.store.close();
      this.store = await IdbStore.open(name);
    },
  };
  return fixture;
});

describe('IndexedDB', () => {
  test('keeps each task as a record of its own, so that an edit touches no other', async () => {
    const name = newName();
    const store = await IdbStore.open(name);
    await store.write(async (tx) => {
      for (let i = 0; i < 50; ++i) tx.put(createTask(`t${i}`, 'milk', 1));
    });
    store.close();
    const database = await openDB(name);
    expect(await database.count('tasks')).toBe(50);
    expect(await database.get('tasks', 't7')).toMatchObject({ id: 't7', pending: 1, edited: 1 });
    database.close();
  });

  test('makes way for a newer version of the page, and says so', async () => {
    const name = newName();
    const store = await IdbStore.open(name);
    const newer = await openDB(name, 99);
    await expect(store.read((tx) => tx.getReplica())).rejects.toMatchObject({ code: 'storage_newer' });
    newer.close();
    await expect(IdbStore.open(name)).rejects.toMatchObject({ code: 'storage_newer' });
  });

  test('whose connection the browser has closed is opened again, once for all who ask', async () => {
    const opened = vi.spyOn(indexedDB, 'open');
    const store = await IdbStore.open(newName());
    await store.write(async (tx) => tx.put(createTask('t', 'milk', 1)));
    opened.mock.results[0]?.value.result.close();
    const [, tasks] = await Promise.all([
      store.write(async (tx) => tx.put(createTask('u', 'bread', 1))),
      store.read((tx) => tx.list('', 10)),
    ]);
    expect(tasks.map(({ id }) => id)).toEqual(['t', 'u']);
    expect(opened).toHaveBeenCalledTimes(2);
    opened.mockRestore();
    store.close();
  });

  test('whose connection the browser has closed is opened again, once for all who ask', async () => {
    const opened = vi.spyOn(indexedDB, 'open');
    const store = await IdbStore.open(newName());
    await store.write(async (tx) => tx.put(createTask('t', 'milk', 1)));
    opened.mock.results[0]?.value.result.close();
    const [, tasks] = await Promise.all([
      store.write(async (tx) => tx.put(createTask('u', 'bread', 1))),
      store.read((tx) => tx.list('', 10)),
    ]);
    expect(tasks.map(({ id }) => id)).toEqual(['t', 'u']);
    expect(opened).toHaveBeenCalledTimes(2);
    opened.mockRestore();
    store.close();
  });

  test('that is full stores nothing, and says so', async () => {
    const store = await IdbStore.open(newName());
    await expect(
      store.write(async (tx) => {
        tx.put(createTask('t', 'milk', 1));
        throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      }),
    ).rejects.toMatchObject({ code: 'storage_full' });
    expect(await store.read((tx) => tx.list('', 10))).toEqual([]);
  });

  test('that cannot take a value stores nothing of the transaction', async () => {
    const store = await IdbStore.open(newName());
    const failed = store.write(async (tx) => {
      tx.put(createTask('t', 'milk', 1));
      tx.putNote('n', () => {});
    });
    await expect(failed).rejects.toMatchObject({ code: 'storage_failed' });
    expect(await store.read((tx) => tx.list('', 10))).toEqual([]);
  });
});
