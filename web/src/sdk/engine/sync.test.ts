import { expect, test } from 'vitest';
import { createTask, deleteTask, editTask } from '../domain/queue';
import { newReplica } from '../domain/replica';
import type { Fields } from '../domain/task';
import { visibleTasks } from '../domain/view';
import { LiveReplica } from '../store/live-replica';
import type { Store } from '../store/store';
import { FakeServer } from '../testing/fake-server';
import { memoryStore } from '../testing/memory-store';
import { ApiError, OfflineError } from '../transport/errors';
import { ROUNDS_MAX, Sync } from './sync';

let lastId = 0;
const newId = () => `id-${++lastId}`;

/** A browser of one person. What survives `crash()` is what was stored. */
class Browser {
  private readonly store: Store = memoryStore();
  private live: LiveReplica;
  private now = 10_000;

  constructor(
    private readonly server: FakeServer,
    device_id: string,
  ) {
    this.live = new LiveReplica(this.store, newReplica('u1', device_id));
    this.live.update((replica) => replica);
  }

  get replica() {
    return this.live.current;
  }

  contents(): string[] {
    return visibleTasks(this.replica).map((task) => (task.completed ? `[x] ${task.content}` : task.content));
  }

  add(content: string): string {
    const id = newId();
    this.live.update((replica) => createTask(replica, id, content, ++this.now));
    return id;
  }

  edit(id: string, fields: Partial<Fields>): void {
    this.live.update((replica) => editTask(replica, id, fields, ++this.now));
  }

  delete(id: string): void {
    this.live.update((replica) => deleteTask(replica, id, ++this.now));
  }

  sync() {
    return new Sync(this.server, this.live, { now: () => ++this.now, newId }).run();
  }

  crash(): void {
    const stored = this.store.loadReplica('u1');
    if (!stored) throw new Error('nothing was stored');
    this.live = new LiveReplica(this.store, stored);
  }
}

function setUp() {
  const server = new FakeServer();
  return { server, laptop: new Browser(server, 'laptop'), phone: new Browser(server, 'phone') };
}

test('a task typed on one device appears on another', async () => {
  const { laptop, phone } = setUp();
  laptop.add('Buy milk');
  await laptop.sync();
  await phone.sync();

  expect(phone.contents()).toEqual(['Buy milk']);
});

test('a completed task is completed, and a deleted one gone, on the other device', async () => {
  const { laptop, phone } = setUp();
  const milk = laptop.add('Buy milk');
  const bread = laptop.add('Buy bread');
  await laptop.sync();
  await phone.sync();
  phone.edit(milk, { completed: true });
  phone.delete(bread);
  await phone.sync();
  await laptop.sync();

  expect(laptop.contents()).toEqual(['[x] Buy milk']);
});

test('a device with nothing to say only asks whether anything changed', async () => {
  const { server, laptop } = setUp();
  laptop.add('Buy milk');
  await laptop.sync();
  const before = server.requests.length;
  await laptop.sync();

  expect([server.requests.length, server.checks]).toEqual([before, 1]);
});

test('a device with pending edits pushes without asking first', async () => {
  const { server, laptop } = setUp();
  const id = laptop.add('Buy milk');
  await laptop.sync();
  laptop.edit(id, { completed: true });
  await laptop.sync();

  expect(server.checks).toBe(0);
});

test('a lost answer is asked for again with the very same changes', async () => {
  const { server, laptop } = setUp();
  laptop.add('Buy milk');
  server.loseNextAnswer();
  await expect(laptop.sync()).rejects.toBeInstanceOf(OfflineError);
  laptop.crash();
  await laptop.sync();

  expect(server.requests[1]?.changes).toEqual(server.requests[0]?.changes);
  expect(laptop.contents()).toEqual(['Buy milk']);
  expect(laptop.replica.pending.size).toBe(0);
});

test('offline, edits stay pending and visible', async () => {
  const { server, laptop } = setUp();
  laptop.add('Buy milk');
  server.refuseNext(new OfflineError('The server cannot be reached.'));
  await expect(laptop.sync()).rejects.toBeInstanceOf(OfflineError);
  laptop.crash();

  expect(laptop.contents()).toEqual(['Buy milk']);
  expect(laptop.replica.pending.size).toBe(1);
});

test('an edit made while the request is under way is not lost', async () => {
  const { server, laptop } = setUp();
  const id = laptop.add('Buy milk');
  server.atNextRequest(() => laptop.edit(id, { content: 'Buy oat milk' }));
  await laptop.sync();

  expect(server.tasks().get(id)?.content).toBe('Buy oat milk');
});

test('pages are fetched to the last with the cursor of the first', async () => {
  const { server, laptop, phone } = setUp();
  for (const name of ['a', 'b', 'c', 'd', 'e']) laptop.add(name);
  await laptop.sync();
  server.pageLength = 2;
  await phone.sync();

  const asked = server.requests.slice(-3);
  expect(asked.map((request) => request.last_sync)).toEqual([0, 0, 0]);
  expect(asked.map((request) => request.page !== null)).toEqual([false, true, true]);
  expect(phone.contents()).toHaveLength(5);
});

test('later pages are asked for without changes', async () => {
  const { server, laptop, phone } = setUp();
  for (const name of ['a', 'b', 'c']) laptop.add(name);
  await laptop.sync();
  server.pageLength = 2;
  phone.add('d');
  await phone.sync();

  expect(server.requests.slice(-2).map((request) => request.changes.length)).toEqual([1, 0]);
  expect(phone.contents()).toHaveLength(4);
});

test('a device that dies between two pages starts over and ends complete', async () => {
  const { server, laptop, phone } = setUp();
  for (const name of ['a', 'b', 'c']) laptop.add(name);
  await laptop.sync();
  server.pageLength = 2;
  phone.add('d');
  server.atNextRequest(() => {});
  server.refuseNext(new OfflineError('The server cannot be reached.'));
  await expect(phone.sync()).rejects.toBeInstanceOf(OfflineError);
  phone.crash();
  await phone.sync();

  expect(phone.contents().sort()).toEqual(['a', 'b', 'c', 'd']);
  expect(server.tasks().size).toBe(4);
});

test('a series whose pages have expired is started over', async () => {
  const { server, laptop, phone } = setUp();
  for (const name of ['a', 'b', 'c']) laptop.add(name);
  await laptop.sync();
  server.pageLength = 2;
  server.atNextRequest(() => {});
  server.refuseNext(new ApiError(410, 'page_expired', 'The page has expired.', null));
  await phone.sync();

  expect(phone.contents()).toHaveLength(3);
});

test('edits that keep coming during a run do not make it run for ever', async () => {
  const { server, laptop } = setUp();
  laptop.add('Buy milk');
  const typeOn = () => {
    laptop.add('One more');
    server.atNextRequest(typeOn);
  };
  server.atNextRequest(typeOn);
  await laptop.sync();

  expect(server.requests).toHaveLength(ROUNDS_MAX);
});

test('after a purge a device that was away long drops what is gone and keeps what it has edited', async () => {
  const { server, laptop, phone } = setUp();
  const milk = laptop.add('Buy milk');
  const bread = laptop.add('Buy bread');
  await laptop.sync();
  await phone.sync();
  laptop.delete(milk);
  laptop.delete(bread);
  await laptop.sync();
  server.purge();
  phone.edit(bread, { content: 'Buy rye bread' });
  await phone.sync();

  expect(phone.contents()).toEqual(['Buy rye bread']);
  expect([...server.tasks().values()].map((row) => row.content)).toEqual(['Buy rye bread']);
});

test('what a server lost in a restore comes back from the device that has it', async () => {
  const { server, laptop } = setUp();
  const milk = laptop.add('Buy milk');
  await laptop.sync();
  const backup = server.backup();
  laptop.edit(milk, { content: 'Buy oat milk' });
  laptop.add('Buy bread');
  await laptop.sync();
  server.restore(backup);
  laptop.add('Buy eggs');
  await laptop.sync();

  const atServer = [...server.tasks().values()].map((row) => row.content);
  expect(atServer.sort()).toEqual(['Buy bread', 'Buy eggs', 'Buy oat milk']);
  expect(laptop.contents().sort()).toEqual(atServer.sort());
});

// A seeded generator (mulberry32), so that a failure can be repeated from the test's name.
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  };
}

function actAtRandom(browser: Browser, roll: (sides: number) => number, name: string): void {
  const tasks = visibleTasks(browser.replica);
  const task = tasks[roll(Math.max(tasks.length, 1))];
  const action = roll(5);
  if (!task || action === 0) browser.add(name);
  else if (action === 1) browser.edit(task.id, { content: name });
  else if (action === 2) browser.edit(task.id, { completed: !task.completed });
  else if (action === 3) browser.edit(task.id, { pinned: !task.pinned });
  else browser.delete(task.id);
}

function failAtRandom(
  server: FakeServer,
  browser: Browser,
  roll: (sides: number) => number,
  name: string,
): void {
  const incident = roll(5);
  if (incident === 0) server.refuseNext(new OfflineError('down'));
  else if (incident === 1) server.loseNextAnswer();
  else if (incident === 2) server.atNextRequest(() => actAtRandom(browser, roll, name));
  else server.atNextRequest(() => {});
}

test.each(Array.from({ length: 60 }, (_, seed) => ({ seed })))(
  'devices that fail and die at random converge (seed $seed)',
  async ({ seed }) => {
    const { server, laptop, phone } = setUp();
    server.pageLength = 3;
    const roll = dice(seed);
    for (let step = 0; step < 60; ++step) {
      const browser = roll(2) === 0 ? laptop : phone;
      actAtRandom(browser, roll, `text ${step}`);
      if (roll(2) === 0) failAtRandom(server, browser, roll, `meanwhile ${step}`);
      if (roll(3) === 0) await browser.sync().catch(() => {});
      if (roll(4) === 0) browser.crash();
    }
    server.heal();
    for (const browser of [laptop, phone, laptop]) await browser.sync();

    expect(laptop.replica.pending.size + phone.replica.pending.size).toBe(0);
    expect(laptop.replica.rows).toEqual(phone.replica.rows);
    expect(new Map([...laptop.replica.rows].sort())).toEqual(new Map([...server.tasks()].sort()));
  },
);
