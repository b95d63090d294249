import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeBrowser, FakeService, type FakeTasks } from '../testing';
import { failSteps } from './manager.fixture';

const ADA = { email: 'ada@example.org', password: 'correct horse' };
const USER = 'user-1';
const ACCOUNT = 'tidemark.account';
const REPLICA = `tidemark.replica.${USER}`;

// As the first version wrote it.
const TOKENS = { access_token: 'access-2', refresh_token: 'refresh-3' };
const MILK = {
  id: 'milk',
  version: 1,
  created_at: 1,
  updated_at: 1,
  deleted_at: null,
  content: 'milk',
  completed: false,
  pinned: true,
  device_id: 'web-old',
};
const OLD = {
  format: 1,
  user_id: USER,
  device_id: 'web-old',
  last_mutation_id: 7,
  acked: 6,
  epoch: 'e1',
  cursor: 1_001,
  etag: '1-1001-1',
  synced_at: 5,
  rows: [MILK],
  pending: [
    ['milk', { sent: null, edit: { base: 1, created_at: null, updated_at: 9, fields: { completed: true } } }],
    [
      'bread',
      {
        sent: {
          id: 'bread',
          mutation_id: 7,
          version: 1,
          created_at: 8,
          updated_at: 8,
          device_id: 'web-old',
          content: 'bread',
        },
        edit: null,
      },
    ],
  ],
  rejections: [
    {
      change: { id: 'x', mutation_id: 3, version: 1, updated_at: 2, device_id: 'web-old', content: 'long' },
      code: 'content_too_long',
      detail: 'too long',
    },
  ],
  conflicts: [
    {
      id: 'milk',
      field: 'content',
      winner: 'server',
      kept: { value: 'milk', updated_at: 1, device_id: 'phone' },
      discarded: { value: 'oats', updated_at: 1, device_id: 'web-old' },
      at: 900,
    },
  ],
};

class OldStorage {
  readonly items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  removeItem = (key: string) => void this.items.delete(key);

  put(key: string, value: unknown): this {
    this.items.set(key, JSON.stringify(value));
    return this;
  }
}

let service: FakeService;
let tasks: FakeTasks;
let browser: FakeBrowser;

beforeEach(async () => {
  service = new FakeService();
  tasks = service.addPerson(ADA.email, ADA.password);
  browser = new FakeBrowser();
  tasks.elsewhere(MILK);
});

afterEach(() => void vi.useRealTimers());

function oldStorage(tokens: object | null = TOKENS): OldStorage {
  return new OldStorage().put(ACCOUNT, { email: ADA.email, user_id: USER, tokens }).put(REPLICA, OLD);
}

test('what the first version kept is taken over, unsent edits included, and sent', async () => {
  // The session that the tokens belong to.
  await service.fetch('/auth/login', { method: 'POST', body: JSON.stringify(ADA) });
  const firstVersion = oldStorage();
  const manager = await browser.openTab({ service, firstVersion });
  expect(manager.status()).toMatchObject({
    loggedIn: true,
    email: ADA.email,
    deviceId: 'web-old',
    pending: 2,
  });
  expect(manager.tasks().get('milk')).toMatchObject({ content: 'milk', completed: true, pinned: true });
  expect(manager.tasks().get('bread')).toMatchObject({ content: 'bread', pending: true, created_at: 8 });
  expect(manager.rejected()).toMatchObject([
    { code: 'content_too_long', change: { fields: { content: 'long' } } },
  ]);
  expect(manager.conflicts()).toEqual(OLD.conflicts);
  expect([...firstVersion.items.keys()]).toEqual([]);

  expect(await manager.syncNow()).toMatchObject({ how: 'complete', difference: null, pushed: 2 });
  const [sync] = service.requests.filter(({ path }) => path === '/sync');
  expect(sync?.body).toMatchObject({ device_id: 'web-old', acked: 6, last_sync: 1_001 });
  // What was sent before goes again under its number.
  expect(sync?.body.changes).toMatchObject([
    { id: 'bread', mutation_id: 7, version: 1, content: 'bread' },
    { id: 'milk', mutation_id: 8, version: 2, completed: true },
  ]);
  expect([...tasks.living.keys()].sort()).toEqual(['bread', 'milk']);
});

test('it is taken over once', async () => {
  const firstVersion = oldStorage(null);
  const first = await browser.openTab({ service, firstVersion });
  await first.delete('bread');
  const second = await browser.openTab({ service, firstVersion });
  expect([...second.tasks().keys()]).toEqual(['milk']);
});

test('a tab that was killed between storing and forgetting takes nothing over twice', async () => {
  const killed = oldStorage();
  killed.removeItem = () => {
    throw new Error('killed');
  };
  await expect(browser.openTab({ service, firstVersion: killed })).rejects.toThrow('killed');
  const manager = await browser.openTab({ service, firstVersion: oldStorage() });
  expect(manager.status()).toMatchObject({ loggedIn: true, pending: 2, rejected: 1 });
});

test('of somebody who is logged out the edits wait for their log-in', async () => {
  const manager = await browser.openTab({ service, firstVersion: oldStorage(null) });
  expect(manager.status()).toMatchObject({ loggedIn: false, email: ADA.email, pending: 2 });
  await manager.login(ADA);
  await manager.syncNow();
  expect(tasks.living.size).toBe(2);
});

test('what was left of a person who is not the last one waits until they log in', async () => {
  const firstVersion = new OldStorage().put(REPLICA, OLD);
  const manager = await browser.openTab({ service, firstVersion });
  expect(manager.list()).toEqual([]);
  await manager.login(ADA);
  expect([...manager.tasks().keys()].sort()).toEqual(['bread', 'milk']);
  expect(firstVersion.items.size).toBe(0);
});

test('nothing is taken over while the first version is open in another tab', async () => {
  const firstVersion = oldStorage();
  const old = await browser.locks.tryHold('tidemark');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const refused = expect(browser.openTab({ service, firstVersion })).rejects.toMatchObject({
    code: 'first_version_open',
  });
  await vi.advanceTimersByTimeAsync(5_000);
  await refused;
  old?.release();
  const manager = await browser.openTab({ service, firstVersion });
  expect(manager.status().pending).toBe(2);
});

test('what cannot be read stands in nobody’s way', async () => {
  const firstVersion = new OldStorage().put(REPLICA, { format: 9 });
  firstVersion.items.set(ACCOUNT, '{');
  const manager = await browser.openTab({ service, firstVersion });
  await manager.login(ADA);
  expect(manager.status()).toMatchObject({ loggedIn: true, pending: 0 });
  // Another page may be able to.
  expect([...firstVersion.items.keys()]).toEqual([REPLICA]);
});

test('two tabs that the browser opens at the same time both open', async () => {
  const firstVersion = oldStorage(null);
  const tabs = await Promise.all([
    browser.openTab({ service, firstVersion }),
    browser.openTab({ service, firstVersion }),
  ]);
  expect(tabs.map((one) => one.status().pending)).toEqual([2, 2]);
});

test('what was edited while the older page had come back for a while is added to what is here', async () => {
  const firstVersion = oldStorage(null);
  const before = await browser.openTab({ service, firstVersion });
  await before.login(ADA);
  await before.syncNow();
  await before.close();
  const edit = { base: 1, created_at: null, updated_at: 9, fields: { content: 'oat milk' } };
  const eggs = { base: 0, created_at: 9, updated_at: 9, fields: { content: 'eggs' } };
  const replica = {
    ...OLD,
    device_id: 'web-again',
    rows: [MILK],
    pending: [
      ['milk', { sent: null, edit }],
      ['eggs', { sent: null, edit: eggs }],
    ],
  };
  firstVersion.put(ACCOUNT, { email: ADA.email, user_id: USER, tokens: null }).put(REPLICA, replica);
  const manager = await browser.openTab({ service, firstVersion });
  expect(manager.status()).toMatchObject({ loggedIn: true, pending: 2, deviceId: 'web-old' });
  expect(manager.tasks().get('milk')).toMatchObject({ content: 'oat milk', completed: true });
  await manager.syncNow();
  expect([...tasks.living.values()].map(({ content }) => content).sort()).toEqual([
    'bread',
    'eggs',
    'oat milk',
  ]);
  // Made on an older version than this browser has meanwhile: the service is to notice.
  const sent = service.requests.filter(({ path }) => path === '/sync').at(-1)?.body.changes;
  expect(sent).toMatchObject([{ id: 'eggs' }, { id: 'milk', version: 2 }]);
  expect([...firstVersion.items.keys()]).toEqual([]);
});

test('of two edits of a task, here and in the older page that had come back, the later holds for each field', async () => {
  const firstVersion = oldStorage(null);
  const before = await browser.openTab({ service, firstVersion });
  await before.edit('bread', 'rye bread');
  await before.close();
  const edit = { base: 0, created_at: null, updated_at: 9, fields: { content: 'white bread', pinned: true } };
  const pending = [['bread', { sent: null, edit }]];
  firstVersion
    .put(ACCOUNT, { email: ADA.email, user_id: USER, tokens: null })
    .put(REPLICA, { ...OLD, pending });
  const manager = await browser.openTab({ service, firstVersion });
  expect(manager.tasks().get('bread')).toMatchObject({ content: 'rye bread', pinned: true });
});

test('a log-in that could not be stored has taken nothing over, and forgets nothing', async () => {
  const firstVersion = new OldStorage().put(REPLICA, OLD);
  const manager = await browser.openTab({ service, firstVersion });
  let hasFailed = false;
  failSteps(browser, (before, after) => {
    const isOwned = !hasFailed && !before.notes.has('owner') && after.notes.has('owner');
    hasFailed ||= isOwned;
    return isOwned;
  });
  await expect(manager.login(ADA)).rejects.toMatchObject({ code: 'storage_full' });
  const later = await browser.openTab({ service, firstVersion });
  expect(later.status().loggedIn).toBe(false);
  await later.login(ADA);
  expect(later.status()).toMatchObject({ loggedIn: true, pending: 2 });
});

test('an edit that an earlier pull had overlapped keeps its base, one of a dead task has none', async () => {
  const dead = { ...MILK, id: 'dead', deleted_at: 5 };
  const edit = { base: 1, created_at: null, updated_at: 9, fields: { content: 'mine' } };
  const replica = {
    ...OLD,
    rows: [{ ...MILK, version: 3 }, dead],
    pending: [
      ['milk', { sent: null, edit }],
      ['dead', { sent: null, edit }],
    ],
  };
  const firstVersion = oldStorage(null).put(REPLICA, replica);
  const manager = await browser.openTab({ service, firstVersion });
  await manager.login(ADA);
  await manager.syncNow();
  const [sync] = service.requests.filter(({ path }) => path === '/sync');
  expect(sync?.body.changes).toMatchObject([
    { id: 'dead', version: 1, content: 'mine', completed: false, pinned: true },
    { id: 'milk', version: 2, content: 'mine' },
  ]);
});
