import { expect, test } from 'vitest';
import { SyncError } from '../domain/errors';
import type { Page, SyncAsk } from '../domain/protocol';
import type { Update } from '../domain/task';
import { MemoryStore } from '../store/memory-store';
import { Exchange, type Next } from './exchange';
import { addTask, changeTask, removeTask } from './local-tasks';

const DAY_MS = 24 * 3_600_000;

// A device with its store, and answers as a server would give them.
class Device {
  readonly store = new MemoryStore();
  now = 1_000_000_000;
  private names = 0;
  exchange = new Exchange(this.store, () => `name${++this.names}`);

  add(id: string, content: string) {
    return this.store.write((tx) => addTask(tx, id, content, this.now));
  }

  async asks(next: Promise<Next>): Promise<SyncAsk> {
    const { ask } = await next;
    if (ask?.kind !== 'sync') throw new Error(`asks ${JSON.stringify(ask)}`);
    return ask;
  }

  begin(options = { mayCheck: false }): Promise<SyncAsk> {
    return this.asks(this.exchange.begin(options, this.now));
  }

  takes(answer: Page | SyncError): Promise<SyncAsk> {
    return this.asks(this.exchange.take(answer, this.now));
  }

  async ends(answer: Page | SyncError) {
    const { end } = await this.exchange.take(answer, this.now);
    if (!end) throw new Error('asks on');
    return end;
  }

  async pulled(updates: Update[], cursor: number) {
    await this.begin();
    await this.ends({ ...answerAt(cursor), updates });
  }

  replica() {
    return this.store.read((tx) => tx.getReplica());
  }

  async state(id: string) {
    const [state] = await this.store.read((tx) => tx.getMany([id]));
    if (!state) throw new Error('nothing was read');
    return state;
  }
}

function answerAt(server_time: number): Page {
  return {
    kind: 'page',
    updates: [],
    deleted: [],
    conflicts: [],
    rejected: [],
    server_time,
    epoch: 'e1',
    etag: '"?"',
    page: null,
    full_resync: null,
    pull_deferred: null,
    next_sync_in: null,
  };
}

function pageOf(updates: Update[], page: string): Page {
  return { ...answerAt(0), etag: '', updates, page };
}

function whole(id: string, version = 1): Update {
  const fields = { content: 'milk', completed: false, pinned: false, deleted_at: null };
  return { id, version, updated_at: 5, created_at: 5, device_id: 'web', fields };
}

test('changes leave the queue with the last page of their answer', async () => {
  const device = new Device();
  await device.add('t', 'milk');
  await device.begin();
  expect(await device.takes(pageOf([whole('a')], 'p2'))).toMatchObject({ page: 'p2', changes: [] });
  expect(await device.replica()).toMatchObject({ acked: 0, cursor: 0 });
  expect(await device.ends(answerAt(50))).toMatchObject({ how: 'complete', pushed: 1, requests: 2 });
  expect(await device.replica()).toMatchObject({ acked: 1, cursor: 50, live_count: 2 });
  expect((await device.state('t')).sent).toBeNull();
});

test('the answer moves cursor, epoch, etag and acked together', async () => {
  const device = new Device();
  await device.add('t', 'milk');
  expect(await device.begin()).not.toHaveProperty('epoch');
  await device.ends({ ...answerAt(50), etag: '"1-50-1"' });
  expect(await device.replica()).toMatchObject({ cursor: 50, epoch: 'e1', etag: '"1-50-1"', acked: 1 });
  expect(await device.begin()).toMatchObject({
    last_sync: 50,
    epoch: 'e1',
    if_none_match: '"1-50-1"',
    acked: 1,
  });
});

test('an etag is forgotten once more is here than it names', async () => {
  const device = new Device();
  await device.pulled([], 90);
  await device.add('t', 'milk');
  await device.begin();
  await device.ends({ ...answerAt(90), etag: '', pull_deferred: 240_000 });
  // A service that lost the push would say that nothing has changed.
  expect(await device.begin({ mayCheck: true })).not.toHaveProperty('if_none_match');
  await device.takes(pageOf([whole('u')], 'p2'));
  expect((await device.replica()).etag).toBe('');
  await device.ends(answerAt(100));
  expect((await device.replica()).etag).toBe('"?"');
});

test('a page that is not the last forgets the etag', async () => {
  const device = new Device();
  await device.pulled([], 90);
  expect(await device.begin()).toHaveProperty('if_none_match');
  expect(await device.takes(pageOf([whole('u')], 'p2'))).not.toHaveProperty('if_none_match');
});

test('what became of changes is known also when the series was cut and another tab goes on', async () => {
  const device = new Device();
  await device.add('t', 'milk');
  await device.begin();
  await device.takes(pageOf([whole('a')], 'p2'));
  device.exchange = new Exchange(device.store, () => 'other');
  expect(await device.begin()).toMatchObject({ page: 'p2', changes: [] });
  expect(await device.ends(answerAt(50))).toMatchObject({ how: 'complete', pushed: 1 });
});

test('after a whole state no base is trusted any more', async () => {
  const device = new Device();
  await device.pulled([whole('t', 4)], 50);
  await device.store.write((tx) => changeTask(tx, 't', { completed: true }, device.now + 1));
  // The run pushed nothing yet of what was edited after it began.
  await device.begin();
  await device.store.write((tx) => changeTask(tx, 't', { pinned: true }, device.now + 1));
  await device.ends({ ...answerAt(90), full_resync: 'purged', updates: [whole('t', 2)], rejected: [] });
  expect((await device.state('t')).edit).toMatchObject({ base: 0, overlapped: true });
});

test('edits made after a rewound state are not of this run', async () => {
  const device = new Device();
  await device.pulled([whole('t', 4)], 50);
  await device.begin();
  device.now += 1_000;
  const rewound: Page = { ...answerAt(20), full_resync: 'rewound', epoch: 'e2' };
  expect(await device.takes(rewound)).toMatchObject({
    epoch: 'e2',
    changes: [{ id: 't', version: 1, updated_at: 5, fields: { content: 'milk' } }],
  });
});

test('a request holds no more bytes than the server takes', async () => {
  const device = new Device();
  for (let i = 0; i < 80; ++i) await device.add(`t${i}`, 'é'.repeat(8_000));
  const { changes } = await device.begin();
  const bytes = new TextEncoder().encode(JSON.stringify(changes)).length;
  expect(bytes).toBeLessThan(1_048_576);
  expect(changes.length).toBeGreaterThan(50);
});

test('an answer that would be too large is asked for in halves', async () => {
  const device = new Device();
  for (const id of ['a', 'b', 'c', 'd']) await device.add(id, 'milk');
  await device.begin();
  const tooMany = new SyncError('too_many_changes', 'too many', { status: 413 });
  expect((await device.takes(tooMany)).changes).toHaveLength(2);
});

test('pages that expire again and again end the run', async () => {
  const device = new Device();
  await device.begin();
  const expired = new SyncError('page_expired', 'too old', { status: 410 });
  for (let i = 0; i < 3; ++i) {
    await device.takes(pageOf([], 'p2'));
    expect((await device.takes(expired)).page).toBeUndefined();
  }
  await device.takes(pageOf([], 'p2'));
  expect(await device.ends(expired)).toMatchObject({ how: 'failed', error: { code: 'page_expired' } });
});

test('a server that calls every name forked ends the run', async () => {
  const device = new Device();
  await device.add('t', 'milk');
  let { changes, device_id } = await device.begin();
  const names = new Set([device_id]);
  for (let i = 0; ; ++i) {
    expect(i).toBeLessThan(5);
    const { mutation_id } = changes[0] ?? { mutation_id: 0 };
    const rejected = [{ id: 't', mutation_id, code: 'device_forked', detail: '' }];
    const next = await device.exchange.take({ ...answerAt(50 + i), rejected }, device.now);
    if (next.end) {
      expect(next.end).toMatchObject({ how: 'failed', error: { code: 'bad_answer' } });
      break;
    }
    ({ changes, device_id } = await device.asks(Promise.resolve(next)));
    names.add(device_id);
  }
  expect(names.size).toBe(4);
});

test('long dead tasks are forgotten', async () => {
  const device = new Device();
  await device.pulled([whole('t')], 50);
  await device.store.write((tx) => removeTask(tx, 't', device.now));
  await device.begin();
  await device.ends(answerAt(51));
  device.now += 31 * DAY_MS;
  await device.pulled([], 52);
  expect((await device.state('t')).row).toBeNull();
});

test('nothing is asked that could not be frozen, and an answer that could not be stored has not come', async () => {
  const device = new Device();
  await device.add('t', 'milk');
  const { write } = device.store;
  const full = () => Promise.reject(new SyncError('storage_full', 'full'));
  device.store.write = full;
  await expect(device.begin()).rejects.toMatchObject({ code: 'storage_full' });
  device.store.write = write;
  const asked = await device.begin();
  device.store.write = full;
  await expect(device.takes(answerAt(50))).rejects.toMatchObject({ code: 'storage_full' });
  device.store.write = write;
  expect((await device.begin()).changes).toEqual(asked.changes);
});

test('an answer to another question is not taken', async () => {
  const device = new Device();
  await device.begin();
  const { end } = await device.exchange.take(
    { kind: 'check', not_modified: true, etag: '"1-2-3"', next_sync_in: null },
    device.now,
  );
  expect(end).toMatchObject({ how: 'failed', error: { code: 'bad_answer' } });
});
