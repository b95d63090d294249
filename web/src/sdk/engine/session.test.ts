import { expect, test } from 'vitest';
import { FakeAuth } from '../testing/fake-auth';
import { memoryStore } from '../testing/memory-store';
import { ApiError, OfflineError } from '../transport/errors';
import { Session, SessionEndedError } from './session';

const ada = { email: 'ada@example.org', password: 'correct horse', device_id: 'web' };

async function loggedIn() {
  const auth = new FakeAuth();
  const store = memoryStore();
  const session = new Session(auth, store);
  await session.login(ada);
  const call = async (access_token: string) => {
    auth.check(access_token);
    return 'served';
  };
  return { auth, store, session, call };
}

test('an expired token is renewed without anyone noticing', async () => {
  const { auth, session, call } = await loggedIn();
  auth.expireToken();

  expect(await session.withToken(call)).toBe('served');
});

test('the new tokens are stored, since the old refresh token is spent', async () => {
  const { auth, store, session, call } = await loggedIn();
  auth.expireToken();
  await session.withToken(call);

  expect(store.loadAccount()?.tokens).toEqual({ access_token: 'a3', refresh_token: 'r3' });
});

test('two calls that meet an expired token share one refresh', async () => {
  const { auth, session, call } = await loggedIn();
  auth.expireToken();
  await Promise.all([session.withToken(call), session.withToken(call)]);

  expect(auth.refreshes).toBe(1);
});

test('a call that was overtaken by a refresh uses the new token instead of asking for another', async () => {
  const { auth, session, call } = await loggedIn();
  auth.expireToken();
  const overtaken = async (access_token: string) => {
    if (access_token === 'a1') await session.withToken(call);
    return call(access_token);
  };

  expect(await session.withToken(overtaken)).toBe('served');
  expect(auth.refreshes).toBe(1);
});

test('a refresh token that is refused ends the session and keeps the account', async () => {
  const { auth, store, session, call } = await loggedIn();
  auth.expireToken();
  auth.fault = new ApiError(401, 'token_reused', 'This refresh token was used before.', null);

  await expect(session.withToken(call)).rejects.toBeInstanceOf(SessionEndedError);
  expect(store.loadAccount()).toEqual({ email: ada.email, user_id: 'u1', tokens: null });
});

test('a token that is refused even when new ends the session instead of asking for ever', async () => {
  const { auth, session } = await loggedIn();
  const refuse = async () => {
    throw new ApiError(401, 'invalid_token', 'The access token is not valid.', null);
  };

  await expect(session.withToken(refuse)).rejects.toBeInstanceOf(SessionEndedError);
  expect(auth.refreshes).toBe(1);
});

test('a network that fails during the refresh keeps the session', async () => {
  const { auth, store, session, call } = await loggedIn();
  auth.expireToken();
  auth.fault = new OfflineError('The server cannot be reached.');

  await expect(session.withToken(call)).rejects.toBeInstanceOf(OfflineError);
  expect(store.loadAccount()?.tokens).toEqual({ access_token: 'a1', refresh_token: 'r1' });
});

test('a log-out works without a network', async () => {
  const { auth, store, session } = await loggedIn();
  auth.fault = new OfflineError('The server cannot be reached.');
  await session.logout({ keepAccount: false });

  expect(store.loadAccount()).toBeNull();
});

test('a log-out that leaves edits behind remembers whose they are, but no token', async () => {
  const { store, session } = await loggedIn();
  await session.logout({ keepAccount: true });

  expect(store.loadAccount()).toEqual({ email: ada.email, user_id: 'u1', tokens: null });
});
