// Who is logged in, and the tokens that prove it (SPEC 9). An access token that has expired is renewed once, whichever
// tab notices first: the others find the new one.
import { isAnswer, SyncError } from '../domain/errors';
import type { Tokens } from '../domain/protocol';
import type { LocalStore, SavedSession } from '../store/local-store';
import type { SyncTransport } from '../transport/sync-transport';
import { type Locks, within } from './locks';

// A refresh, and the wait for another's.
const REFRESH_TIMEOUT_MS = 15_000;
const LOCK_PATIENCE_MS = 30_000;

/** An access token, and how it came. */
export interface Renewed {
  readonly access_token: string;
  /** False: it was there already, put there by another. */
  readonly byRefresh: boolean;
}

/** Nobody is logged in (any more): the person has to, and no repetition helps. */
export function isSignInNeeded(error: unknown): boolean {
  return error instanceof SyncError && error.status === 401;
}

/** The access token was refused. */
export function isTokenRefused(error: unknown): boolean {
  const codes = ['expired_token', 'invalid_token', 'missing_token'];
  return error instanceof SyncError && isAnswer(error) && codes.includes(error.code);
}

export function logInFirst(): SyncError {
  return new SyncError('missing_token', 'Please log in.', { status: 401 });
}

export class Session {
  constructor(
    private readonly transport: SyncTransport,
    private readonly store: LocalStore,
    private readonly locks: Locks,
    private readonly lockName: string,
    private readonly now: () => number,
  ) {}

  load(): Promise<SavedSession | null> {
    return this.store.loadSession();
  }

  put(session: SavedSession): Promise<void> {
    return this.store.saveSession(session);
  }

  /**
   * The access token to use; renewed, if it has expired by this device's clock: that spares a request that would be
   * refused.
   */
  async token(signal: AbortSignal): Promise<Renewed> {
    const saved = await this.load();
    if (!saved) throw logInFirst();
    const { access_token, access_expires_at } = saved;
    if (this.now() < access_expires_at) return { access_token, byRefresh: false };
    return this.renew(access_token, signal);
  }

  /** One instead of `refused`. */
  renew(refused: string, signal: AbortSignal): Promise<Renewed> {
    return this.locked(signal, async () => {
      const saved = await this.load();
      if (!saved) throw logInFirst();
      if (saved.access_token !== refused) return { access_token: saved.access_token, byRefresh: false };
      // Killed here? The spent token is good for a while longer (SPEC 9), and gives the same successor. For that
      // reason it is not given up with the run that wants it, either.
      try {
        const tokens = await this.transport.refresh({ timeout: REFRESH_TIMEOUT_MS }, saved.refresh_token);
        await this.keep(tokens, saved.email);
        return { access_token: tokens.access_token, byRefresh: true };
      } catch (error) {
        if (isSignInNeeded(error)) await this.store.saveSession(null);
        throw error;
      }
    });
  }

  enter(tokens: Tokens, email: string, signal: AbortSignal): Promise<void> {
    return this.locked(signal, () => this.keep(tokens, email));
  }

  /** Nobody is logged in; the refresh token of who was, for the service to be told. */
  leave(signal: AbortSignal): Promise<string | null> {
    return this.locked(signal, async () => {
      const saved = await this.load();
      await this.store.saveSession(null);
      return saved?.refresh_token ?? null;
    });
  }

  private async locked<T>(signal: AbortSignal, step: () => Promise<T>): Promise<T> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(LOCK_PATIENCE_MS)]);
    return within(await this.locks.hold(this.lockName, patience), step);
  }

  private keep({ user_id, access_token, refresh_token, expires_in }: Tokens, email: string): Promise<void> {
    const access_expires_at = this.now() + expires_in * 1_000;
    return this.store.saveSession({ user_id, email, access_token, access_expires_at, refresh_token });
  }
}
