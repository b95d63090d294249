import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Session } from '../sdk/engine/session';
import type { Store } from '../sdk/store/store';
import { FakeAuth } from '../sdk/testing/fake-auth';
import { FakeServer } from '../sdk/testing/fake-server';
import { memoryStore } from '../sdk/testing/memory-store';
import { ApiError, OfflineError } from '../sdk/transport/errors';
import type { SyncApi } from '../sdk/transport/sync-api';
import { Model } from './model';

const email = 'ada@example.org';
const password = 'correct horse battery';
const offline = new OfflineError('The server cannot be reached.');

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const auth = new FakeAuth();
  const server = new FakeServer();
  const store = memoryStore();
  const model = openPage(auth, server, store);
  return { auth, server, store, model };
}

/** Loads the page, in the browser that the store is. */
function openPage(auth: FakeAuth, server: FakeServer, store: Store): Model {
  let lastId = 0;
  const session = new Session(auth, store);
  const checked = <T>(call: () => Promise<T>) =>
    session.withToken(async (token) => {
      auth.check(token);
      return call();
    });
  const api: SyncApi = {
    isCurrent: (etag) => checked(() => server.isCurrent(etag)),
    sync: (request) => checked(() => server.sync(request)),
  };
  return new Model(store, session, api, { now: Date.now, newId: () => `id-${++lastId}-${auth.count}` });
}

const texts = (model: Model) => model.tasks.value.map((task) => task.content);

test('an edit syncs by itself after five quiet seconds, not before', async () => {
  const { server, model } = setUp();
  await model.login(email, password);
  await model.sync();
  model.add('Buy milk');
  await vi.advanceTimersByTimeAsync(4_000);
  model.add('Buy bread');
  await vi.advanceTimersByTimeAsync(4_999);
  expect(server.tasks().size).toBe(0);

  await vi.advanceTimersByTimeAsync(1);
  expect(server.tasks().size).toBe(2);
});

test('who asks for a sync while one is running gets that one', async () => {
  const { server, model } = setUp();
  await model.login(email, password);
  await Promise.all([model.sync(), model.sync()]);

  expect(server.requests).toHaveLength(1);
});

test('a failed sync says so until one succeeds', async () => {
  const { server, model } = setUp();
  await model.login(email, password);
  await model.sync();
  model.add('Buy milk');
  server.refuseNext(offline);
  await model.sync();
  expect(model.trouble.value).toContain('cannot be reached');
  expect(model.waiting.value).toBe(1);

  await model.sync();
  expect([model.trouble.value, model.waiting.value]).toEqual([null, 0]);
});

test('a log-out with nothing waiting leaves nothing in the browser', async () => {
  const { store, model } = setUp();
  await model.login(email, password);
  model.add('Buy milk');
  await model.logout();

  expect(store.loadAccount()).toBeNull();
  expect(store.loadReplica('u1')).toBeNull();
  expect(texts(model)).toEqual([]);
});

test('a log-out takes waiting edits to the server first', async () => {
  const { server, model } = setUp();
  await model.login(email, password);
  model.add('Buy milk');
  await model.logout();

  expect(server.tasks().size).toBe(1);
});

test('edits that could not leave before a log-out come back with the next login of the same person', async () => {
  const { auth, server, store, model } = setUp();
  await model.login(email, password);
  await model.sync();
  model.add('Typed offline');
  server.refuseNext(offline);
  await model.logout();
  expect(model.isLoggedIn.value).toBe(false);

  const later = openPage(auth, server, store);
  await later.start();
  await later.login('Ada@Example.org', password);
  await later.sync();
  expect([...server.tasks().values()].map((row) => row.content)).toEqual(['Typed offline']);
});

test('an edit that the server refuses during a log-out is shown at the next login of the same person', async () => {
  const { auth, server, store, model } = setUp();
  await model.login(email, password);
  await model.sync();
  model.add('x'.repeat(20_000));
  await model.logout();
  expect(model.isLoggedIn.value).toBe(false);

  const later = openPage(auth, server, store);
  await later.start();
  await later.login(email, password);
  expect(later.replica.value?.rejections.map(({ code }) => code)).toEqual(['content_too_long']);
});

test('a session that ended asks to log in and keeps every edit', async () => {
  const { auth, server, model } = setUp();
  await model.login(email, password);
  await model.sync();
  const device_id = model.replica.value?.device_id;
  model.add('Buy milk');
  auth.expireToken();
  auth.fault = new ApiError(401, 'token_reused', 'This refresh token was used before.', null);
  await model.sync();
  expect(model.isLoggedIn.value).toBe(false);
  expect(model.trouble.value).toContain('log in again');

  auth.fault = null;
  await model.login(email, password);
  await model.sync();
  expect(model.replica.value?.device_id).toBe(device_id);
  expect(server.tasks().size).toBe(1);
});

test('a person who comes back is the same device, however they write their address', async () => {
  const { auth, server, model } = setUp();
  await model.login(email, password);
  await model.sync();
  model.add('Typed offline');
  server.refuseNext(offline);
  await model.logout();
  await model.login('Ada@Example.org', password);

  expect(new Set(auth.devices).size).toBe(1);
});

test('a reload shows the tasks before any answer comes', async () => {
  const { auth, server, store, model } = setUp();
  await model.login(email, password);
  model.add('Buy milk');
  await model.sync();

  const reloaded = openPage(auth, server, store);
  const started = reloaded.start();
  expect(texts(reloaded)).toEqual(['Buy milk']);
  await started;
});
