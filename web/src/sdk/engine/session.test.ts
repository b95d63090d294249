import { expect, test } from 'vitest';
import { memoryStore } from '../testing/memory-store';
import type { AuthApi, Tokens } from '../transport/auth-api';
import { ApiError, OfflineError } from '../transport/errors';
import { Session, SessionEndedError } from './session';

const ada = { email: 'ada@example.org', password: 'correct horse', device_id: 'web' };

/** Hands out tokens a1, a2, …; takes only the newest. */
class FakeAuth implements AuthApi {
  count = 0;
  refreshes = 0;
  fault: Error | null = null;

  register = () => this.issue();
  login = () => this.issue();

  async refresh(): Promise<Tokens> {
    ++this.refreshes;
    return this.issue();
  }

  async logout(): Promise<void> {
    if (this.fault) throw this.fault;
  }

  async serve(access_token: string): Promise<string> {
    if (access_token === `a${this.count}`) return 'served';
    throw new ApiError(401, 'expired_token', 'The access token has expired.', null);
  }

  expireToken(): void {
    ++this.count;
  }

  private async issue(): Promise<Tokens> {
    if (this.fault) throw this.fault;
    ++this.count;
    return { user_id: 'u1', access_token: `a${this.count}`, refresh_token: `r${this.count}` };
  }
}

async function loggedIn() {
  const auth = new FakeAuth();
  const store = memoryStore();
  const session = new Session(auth, store);
  await session.login(ada);
  const call = (access_token: string) => auth.serve(access_token);
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
