// Who is logged in, and the tokens that prove it (SPEC 9). An access token that has expired is renewed once, whichever
// tab notices first: the others find the new one.
import { isAnswer, SyncError } from '../domain/errors';
import type { Tokens } from '../domain/protocol';
import type { SavedSession } from '../store/local-store';
import type { SyncTransport } from '../transport/sync-transport';
import { rest } from './alarm';
import type { KeptStore } from './kept-store';
import { holdFor, type Locks, within } from './locks';

const REFRESH_TIMEOUT_MS = 10_000;
// The answer to a refresh may be lost on its way. The spent token gives the same successor again, but for a minute
// only: it is asked again at once, not when the schedule comes to it.
const PAUSES_MS = [1_000, 5_000];
// Longer than a refresh takes with all its repetitions: whoever has held the lock for as long is asleep. And shorter
// than the minute, in which its token can still be spent again.
const LOCK_PATIENCE_MS = 40_000;

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

/** Tokens as they are kept, at `now`. */
export function sessionOf(tokens: Tokens, email: string, now: number): SavedSession {
  const { user_id, access_token, refresh_token, expires_in } = tokens;
  return { user_id, email, access_token, access_expires_at: now + expires_in * 1_000, refresh_token };
}

export class Session {
  constructor(
    private readonly transport: SyncTransport,
    private readonly kept: KeptStore,
    private readonly locks: Locks,
    private readonly lockName: string,
    private readonly now: () => number,
  ) {}

  load(): Promise<SavedSession | null> {
    return this.kept.read((tx) => tx.getSession());
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
  async renew(refused: string, signal: AbortSignal): Promise<Renewed> {
    let held = await holdFor(this.locks, this.lockName, LOCK_PATIENCE_MS, signal);
    if (signal.aborted) {
      held?.release();
      throw new SyncError('cancelled', 'It was given up.');
    }
    held ??= await this.locks.steal(this.lockName);
    const wanted = AbortSignal.any([signal, held.stolen]);
    return within(held, () => this.renewed(refused, wanted));
  }

  // With the lock held; or, in a tab that was asleep, with the lock lost: whatever has been stored by another since
  // stays.
  private async renewed(refused: string, signal: AbortSignal): Promise<Renewed> {
    const saved = await this.load();
    if (!saved) throw logInFirst();
    if (saved.access_token !== refused) return { access_token: saved.access_token, byRefresh: false };
    let successor: SavedSession | null = null;
    let refusal: unknown = null;
    try {
      const tokens = await this.refresh(saved.refresh_token, signal);
      successor = sessionOf(tokens, saved.email, this.now());
    } catch (error) {
      if (!isSignInNeeded(error)) throw error;
      refusal = error;
    }
    const stored = await this.kept.write(async (tx) => {
      const found = await tx.getSession();
      if (found?.refresh_token !== saved.refresh_token) return found;
      tx.putSession(successor);
      return successor;
    });
    if (!stored) throw refusal ?? logInFirst();
    if (stored.user_id !== saved.user_id) throw new SyncError('cancelled', 'Somebody else has logged in.');
    return { access_token: stored.access_token, byRefresh: stored === successor };
  }

  // Not given up with the run that wants it: what answers is a token that nobody else has. `signal` ends the repetitions.
  private async refresh(refreshToken: string, signal: AbortSignal): Promise<Tokens> {
    for (const pause of PAUSES_MS) {
      try {
        return await this.transport.refresh({ timeout: REFRESH_TIMEOUT_MS }, refreshToken);
      } catch (error) {
        if (!(error instanceof SyncError) || isAnswer(error) || signal.aborted) throw error;
        await rest(pause, signal);
        if (signal.aborted) throw error;
      }
    }
    return this.transport.refresh({ timeout: REFRESH_TIMEOUT_MS }, refreshToken);
  }
}
