// What every LocalStore keeps. Each adapter runs it:
//
//   localStoreContract(async () => new MemoryFixture());
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Conflict } from '../domain/protocol';
import { newReplica, type Rejection, type Replica } from '../domain/replica';
import type { Field } from '../domain/task';
import { applyDeletion } from '../domain/task-answers';
import { createTask, editTask, freeze, restoreTask, type TaskState, unknownTask } from '../domain/task-state';
import { alive, numberedAs } from '../domain/testing';
import { CONFLICTS_KEPT_MAX, type LocalStore, type SavedSession, type Transaction } from './local-store';

/** A store, and what it stands on. */
export interface StoreFixture {
  store: LocalStore;
  /** The tab was closed, and another opens the store. */
  reopen(): Promise<void>;
}

const NOW = 1_000_000;

// Every member unlike its default.
const FULL_REPLICA: Replica = {
  device_id: 'phone',
  last_mutation_id: 12,
  acked: 11,
  epoch: 'e1',
  cursor: 100,
  etag: '"1-100-3"',
  synced_at: 5,
  series: { page: 'p2', last_sync: 90, resync: 'rewound', tasks_before: 7, whole_state: 4 },
  held: { removes: 30, of: 40, since: 6, cursor: 110, etag: '"2-110-4"', whole_state: 2 },
  whole_state: 3,
  live_count: 1,
  version_sum: 3,
  healed_at: 8,
};

const SESSION: SavedSession = {
  user_id: 'u',
  email: 'ada@example.org',
  access_token: 'a',
  access_expires_at: 7,
  refresh_token: 'r',
};

function named(id: string, task: TaskState): TaskState {
  const row = task.row && { ...task.row, id };
  const sent = task.sent && { ...task.sent, change: { ...task.sent.change, id } };
  return { ...task, id, row, sent };
}

function fullTask(id: string): TaskState {
  const task = alive(3);
  editTask(task, { content: 'bread', completed: true, pinned: false, deleted_at: null }, NOW);
  freeze(task, numberedAs(12));
  if (task.sent) {
    task.sent = { ...task.sent, overlapped: true, restated: true };
    task.sent.verdict = { outcome: 'rejected', code: 'validation', detail: 'no' };
    task.sent.change.created_at = 50;
  }
  editTask(task, { deleted_at: NOW + 1 }, NOW + 1);
  const fields = { content: '' };
  const times = { created_at: 60, updated_at: 70, since: 80 };
  task.restated = { base: 1, ...times, fields, overlapped: false, was_sent: true };
  task.doomed = true;
  task.named_in = 4;
  return named(id, task);
}

function pending(id: string, since: number): TaskState {
  return createTask(id, 'milk', since);
}

function sentAs(id: string, number: number): TaskState {
  const task = pending(id, 1);
  freeze(task, numberedAs(number));
  return task;
}

function conflictAt(at: number, field: Field = 'content'): Conflict {
  const side = { value: field === 'content' ? 'milk' : 77, updated_at: 1, device_id: 'phone' };
  return { id: 't', field, winner: 'client', kept: side, discarded: { ...side, device_id: 'web' }, at };
}

function rejectionOf(number: number): Rejection {
  const change = sentAs('t', number).sent?.change;
  if (!change) throw new Error('nothing is frozen');
  return { change, code: 'validation', detail: 'no', at: NOW };
}

const idsOf = (tasks: readonly TaskState[]) => tasks.map(({ id }) => id);

export function localStoreContract(make: () => Promise<StoreFixture>): void {
  let fixture: StoreFixture;
  const read = <T>(body: (tx: Transaction) => Promise<T>) => fixture.store.read(body);
  const write = (body: (tx: Transaction) => unknown) =>
    fixture.store.write(async (tx) => void (await body(tx)));
  const put = (...tasks: TaskState[]) => write((tx) => tasks.forEach((task) => void tx.put(task)));
  const get = async (id: string) => (await read((tx) => tx.getMany([id])))[0];

  beforeEach(async () => {
    fixture = await make();
  });
  afterEach(() => fixture.store.close());

  test('a new store is empty', async () => {
    expect(await read((tx) => tx.getReplica())).toEqual(newReplica());
    expect(await get('t')).toEqual(unknownTask('t'));
    expect(await read((tx) => tx.getNote('schedule'))).toBeUndefined();
    expect(await read((tx) => tx.getSession())).toBeNull();
  });

  test('keeps the whole replica', async () => {
    await write((tx) => tx.putReplica(FULL_REPLICA));
    await fixture.reopen();
    expect(await read((tx) => tx.getReplica())).toEqual(FULL_REPLICA);
    await write((tx) => tx.putReplica({ ...FULL_REPLICA, series: null, held: null }));
    expect(await read((tx) => tx.getReplica())).toEqual({ ...FULL_REPLICA, series: null, held: null });
  });

  test('keeps notes by name', async () => {
    await write((tx) => tx.putNote('schedule', { seen: 1 }));
    await write((tx) => tx.putNote('schedule', { seen: 2 }));
    await fixture.reopen();
    expect(await read((tx) => tx.getNote('schedule'))).toEqual({ seen: 2 });
    expect(await read((tx) => tx.getNote('owner'))).toBeUndefined();
  });

  test('keeps every part of a task', async () => {
    await put(fullTask('t'));
    await fixture.reopen();
    expect(await get('t')).toEqual(fullTask('t'));
  });

  test('a put replaces all of a task', async () => {
    await put(fullTask('t'));
    await put(alive());
    expect(await get('t')).toEqual(alive());
    expect(await read((tx) => tx.countPending())).toBe(0);
    expect(await read((tx) => tx.listDoomed())).toEqual([]);
  });

  test('an unknown task is removed', async () => {
    await put(fullTask('t'));
    await put(unknownTask('t'));
    expect(await read((tx) => tx.list('', 10))).toEqual([]);
  });

  test('reads many tasks in the order in which they are named', async () => {
    await put(named('a', alive()), named('b', alive()));
    expect(await read((tx) => tx.getMany(['b', 'x', 'a']))).toEqual([
      named('b', alive()),
      unknownTask('x'),
      named('a', alive()),
    ]);
  });

  test('a failed transaction leaves no trace', async () => {
    await put(alive());
    await write(async (tx) => {
      tx.putReplica(FULL_REPLICA);
      tx.putNote('n', 1);
      await tx.addConflict(conflictAt(1));
    });
    const failed = write(async (tx) => {
      tx.put(fullTask('t'));
      tx.put(pending('new', 1));
      tx.putReplica(newReplica());
      tx.putNote('n', 2);
      tx.putAside(alive().row ?? raise());
      await tx.addConflict(conflictAt(2));
      await tx.dismissConflict(1, 'content');
      tx.addRejection(rejectionOf(1));
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await read((tx) => tx.list('', 10))).toEqual([alive()]);
    expect(await read((tx) => tx.getReplica())).toEqual(FULL_REPLICA);
    expect(await read((tx) => tx.getNote('n'))).toBe(1);
    expect(await read((tx) => tx.listAside())).toEqual([]);
    expect(await read((tx) => tx.listConflicts())).toEqual([conflictAt(1)]);
    expect(await read((tx) => tx.listRejections())).toEqual([]);
  });

  test('a transaction sees what it has written, and says what that was', async () => {
    await fixture.store.write(async (tx) => {
      expect(tx.touched).toMatchObject({ lists: false });
      tx.put(pending('a', 1));
      expect(await tx.countPending()).toBe(1);
      expect(idsOf(await tx.listEdited(10))).toEqual(['a']);
      expect([...tx.touched.tasks.values()]).toEqual([pending('a', 1)]);
      await tx.addConflict(conflictAt(1));
      expect(tx.touched.lists).toBe(true);
    });
  });

  test('writes follow one another: none sees half of another', async () => {
    const increase = () =>
      fixture.store.write(async (tx) => tx.putNote('n', (((await tx.getNote('n')) as number) ?? 0) + 1));
    await Promise.all([increase(), increase(), increase()]);
    expect(await read((tx) => tx.getNote('n'))).toBe(3);
  });

  test('lists tasks by id in parts', async () => {
    await put(named('c', alive()), named('a', alive()), named('b', alive()));
    expect(idsOf(await read((tx) => tx.list('', 2)))).toEqual(['a', 'b']);
    expect(idsOf(await read((tx) => tx.list('b', 2)))).toEqual(['c']);
  });

  test('lists living tasks that a whole state did not name', async () => {
    const namedIn = (id: string, named_in: number) => ({ ...named(id, alive()), named_in });
    const dead = namedIn('dead', 1);
    applyDeletion(dead, NOW);
    await put(namedIn('old', 1), namedIn('now', 2), dead, pending('mine', 1));
    expect(await read((tx) => tx.listUnnamed(2))).toEqual(['old']);
  });

  test('lists doomed tasks', async () => {
    await put({ ...named('doomed', alive()), doomed: true }, named('fine', alive()));
    expect(await read((tx) => tx.listDoomed())).toEqual(['doomed']);
  });

  test('lists what is long dead and has nothing pending', async () => {
    const dead = (id: string, at: number) => {
      const task = named(id, alive());
      applyDeletion(task, at);
      return task;
    };
    const edited = dead('edited', 10);
    restoreTask(edited, NOW);
    await put(dead('long', 10), dead('lately', 20), edited, named('alive', alive()));
    expect(await read((tx) => tx.listDeadBefore(20, 10))).toEqual(['long']);
  });

  test('queues the oldest first and what was sent by number', async () => {
    await put(pending('young', 30), pending('b', 20), pending('a', 20));
    await put(sentAs('s10', 10), sentAs('s9', 9), named('told', alive()));
    expect(idsOf(await read((tx) => tx.listSent()))).toEqual(['s9', 's10']);
    expect(idsOf(await read((tx) => tx.listEdited(10)))).toEqual(['a', 'b', 'young']);
    expect(idsOf(await read((tx) => tx.listEdited(1)))).toEqual(['a']);
    expect(await read((tx) => tx.listEdited(0))).toEqual([]);
    expect(idsOf(await read((tx) => tx.listPending()))).toEqual(['a', 'b', 's10', 's9', 'young']);
    expect(await read((tx) => tx.countPending())).toBe(5);
    expect(await read((tx) => tx.oldestPending())).toBe(1);
  });

  test('with nothing pending there is no oldest', async () => {
    await put(alive());
    expect(await read((tx) => tx.oldestPending())).toBeNull();
  });

  test('keeps rows of a restored server apart', async () => {
    const row = alive().row ?? raise();
    await write((tx) => tx.putAside(row));
    await write((tx) => tx.putAside({ ...row, content: 'bread' }));
    expect(await read((tx) => tx.getAside(['x', 't']))).toEqual([null, { ...row, content: 'bread' }]);
    expect(await get('t')).toEqual(unknownTask('t'));
    expect(await read((tx) => tx.listAside())).toEqual(['t']);
    await write((tx) => tx.removeAside('t'));
    expect(await read((tx) => tx.listAside())).toEqual([]);
    await write((tx) => {
      tx.putAside(row);
      tx.clearAside();
    });
    expect(await read((tx) => tx.listAside())).toEqual([]);
  });

  test('knows a conflict by its stamp and field', async () => {
    await write(async (tx) => {
      expect(await tx.addConflict(conflictAt(2))).toBe(true);
      expect(await tx.addConflict(conflictAt(1, 'deleted_at'))).toBe(true);
      expect(await tx.addConflict(conflictAt(2, 'pinned'))).toBe(true);
      expect(await tx.addConflict(conflictAt(2))).toBe(false);
    });
    await fixture.reopen();
    expect(await read((tx) => tx.listConflicts())).toEqual([
      conflictAt(1, 'deleted_at'),
      conflictAt(2),
      conflictAt(2, 'pinned'),
    ]);
  });

  test('a dismissed conflict does not come back', async () => {
    await write(async (tx) => {
      await tx.addConflict(conflictAt(1));
      await tx.dismissConflict(1, 'content');
      await tx.dismissConflict(9, 'content');
      expect(await tx.addConflict(conflictAt(1))).toBe(false);
    });
    expect(await read((tx) => tx.listConflicts())).toEqual([]);
  });

  test('keeps the newest conflicts', async () => {
    await write(async (tx) => {
      for (let at = 1; at <= CONFLICTS_KEPT_MAX + 2; ++at) await tx.addConflict(conflictAt(at));
    });
    const kept = await read((tx) => tx.listConflicts());
    expect(kept).toHaveLength(CONFLICTS_KEPT_MAX);
    expect(kept[0]?.at).toBe(3);
  });

  test('keeps rejections until they are dismissed', async () => {
    await write((tx) => {
      tx.addRejection(rejectionOf(13));
      tx.addRejection(rejectionOf(12));
    });
    await fixture.reopen();
    expect(await read((tx) => tx.listRejections())).toEqual([rejectionOf(13), rejectionOf(12)]);
    await write((tx) => tx.dismissRejection('phone', 13));
    await write((tx) => tx.dismissRejection('web', 12));
    expect(await read((tx) => tx.listRejections())).toEqual([rejectionOf(12)]);
  });

  test('keeps a session until it is taken away', async () => {
    await write((tx) => tx.putSession(SESSION));
    await fixture.reopen();
    expect(await read((tx) => tx.getSession())).toEqual(SESSION);
    await write((tx) => tx.putSession(null));
    expect(await read((tx) => tx.getSession())).toBeNull();
  });

  test('a session is stored together with the rest, or not at all', async () => {
    const failed = write((tx) => {
      tx.putSession(SESSION);
      tx.putNote('owner', 'u');
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await read((tx) => tx.getSession())).toBeNull();
  });

  test('says that it has failed when it was closed', async () => {
    fixture.store.close();
    await expect(read((tx) => tx.getReplica())).rejects.toMatchObject({ code: 'storage_failed' });
    await expect(write((tx) => tx.putNote('n', 1))).rejects.toMatchObject({ code: 'storage_failed' });
  });

  test('is empty when it is cleared', async () => {
    await put(fullTask('t'), alive());
    await write(async (tx) => {
      tx.putReplica(FULL_REPLICA);
      tx.putNote('n', 1);
      tx.putAside(alive().row ?? raise());
      await tx.addConflict(conflictAt(1));
      tx.addRejection(rejectionOf(1));
      tx.putSession(SESSION);
    });
    await write((tx) => {
      tx.put(alive());
      tx.clear();
      expect(tx.touched).toMatchObject({ cleared: true, lists: true, tasks: new Map() });
    });
    expect(await read((tx) => tx.getSession())).toBeNull();
    expect(await read((tx) => tx.list('', 10))).toEqual([]);
    expect(await read((tx) => tx.getReplica())).toEqual(newReplica());
    expect(await read((tx) => tx.getNote('n'))).toBeUndefined();
    expect(await read((tx) => tx.listAside())).toEqual([]);
    expect(await read((tx) => tx.listConflicts())).toEqual([]);
    expect(await read((tx) => tx.listRejections())).toEqual([]);
    expect(await read((tx) => tx.countPending())).toBe(0);
  });
}

function raise(): never {
  throw new Error('the task has no row');
}
