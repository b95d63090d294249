// Who uses the store: logging in and out, and what only the service knows.
import { isAnswer, SyncError } from '../domain/errors';
import type { Credentials, Tokens } from '../domain/protocol';
import type { SavedSession, Transaction } from '../store/local-store';
import type { Call, SyncTransport } from '../transport/sync-transport';
import type { FirstReplica, FirstVersion } from './first-version';
import type { KeptStore } from './kept-store';
import { NOTES, type Owner } from './notes';
import type { ScheduleKeeper } from './schedule-keeper';
import { isSignInNeeded, isTokenRefused, logInFirst, type Renewed, type Session, sessionOf } from './session';
import { codeNameOf } from './sync-run';

const FAREWELL_TIMEOUT_MS = 5_000;

/** For a run the schedule has to know why there is no token, so that it says when to try again. */
export type Purpose = 'run' | 'other';

export class Account {
  private readonly renewals = new Set<Promise<unknown>>();

  constructor(
    private readonly kept: KeptStore,
    private readonly transport: SyncTransport,
    private readonly session: Session,
    private readonly schedule: ScheduleKeeper,
    private readonly first: FirstVersion,
    private readonly newDeviceId: () => string,
    private readonly now: () => number,
    private readonly signal: () => AbortSignal,
  ) {}

  /** A new store takes somebody to be logged in; and a tab may have been killed when it had just given up a session. */
  async prepare(): Promise<void> {
    if ((await this.session.load()) || this.schedule.isLoggedOut) return;
    await this.schedule.tell({ is: 'logged_out' });
  }

  /** Takes over what the first version kept. Nobody else changes it meanwhile. */
  async takeOverFirst(): Promise<void> {
    const account = this.first.readAccount();
    if (account) {
      const { owner, session } = account;
      const old = await this.first.readReplica(owner.user_id);
      const isTheirs = await this.kept.write(async (tx) => {
        if (await isOfAnother(tx, owner.user_id)) return false;
        await this.own(tx, owner, old);
        if (session && !(await tx.getSession())) {
          tx.putSession(session);
          await this.schedule.tellWithin(tx, { is: 'logged_in' });
        }
        return true;
      });
      // A tab that was killed here comes here again, and takes nothing twice.
      if (isTheirs) this.first.forget(old);
    }
    this.first.forgetAccount();
  }

  async register(who: Credentials): Promise<void> {
    // Before there is an account that could not be used here.
    if (this.kept.parts.owner) throw otherAccount();
    const deviceId = await this.deviceId();
    await this.enter(await this.transport.register(this.call(), who, deviceId), who.email);
  }

  async login(who: Credentials): Promise<void> {
    const deviceId = await this.deviceId();
    await this.enter(await this.transport.login(this.call(), who, deviceId), who.email);
  }

  async logout(): Promise<void> {
    this.sayFarewell(await this.kept.write((tx) => this.leave(tx)));
  }

  async erase(evenUnsent: boolean): Promise<void> {
    const refreshToken = await this.kept.write(async (tx) => {
      // Here, because any tab may have stored an edit by now.
      if (!evenUnsent && (await holdsUnsent(tx))) {
        throw new SyncError('unsent_edits', 'Some edits are not at the service, and would be lost.');
      }
      const left = await tx.getSession();
      tx.clear();
      await this.schedule.tellWithin(tx, { is: 'logged_out' });
      return left?.refresh_token ?? null;
    });
    this.sayFarewell(refreshToken);
  }

  async deleteAccount(password: string): Promise<void> {
    const userId = (await this.session.load())?.user_id;
    await this.asked((call) => this.transport.deleteAccount(call, password));
    await this.kept.write(async (tx) => {
      if ((await tx.getSession())?.user_id === userId) await this.leave(tx);
    });
  }

  /** The session, if it is that of whom the tasks belong to; missing_token. */
  async ownSession(tx: Transaction): Promise<SavedSession> {
    const [session, owner] = [await tx.getSession(), await ownerOf(tx)];
    if (!session || owner?.user_id !== session.user_id) throw logInFirst();
    return session;
  }

  /** No token is being renewed any more: one that is spent is lost if its successor cannot be stored. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.renewals);
  }

  /** Asks with an access token, and once more with a new one where it was refused. */
  async asked<T>(ask: (call: Call) => Promise<T>): Promise<T> {
    const signal = this.signal();
    const { access_token } = await this.token('other', signal);
    try {
      return await ask({ token: access_token, signal });
    } catch (error) {
      if (!isTokenRefused(error)) throw error;
    }
    const renewed = await this.renew('other', access_token, signal);
    return ask({ token: renewed.access_token, signal });
  }

  async token(purpose: Purpose, signal: AbortSignal): Promise<Renewed> {
    return this.told(purpose, () => this.session.token(signal));
  }

  async renew(purpose: Purpose, refused: string, signal: AbortSignal): Promise<Renewed> {
    const renewed = await this.told(purpose, () => this.session.renew(refused, signal));
    // Another had it already: whoever was refused is let in again.
    if (!renewed.byRefresh) await this.schedule.tell({ is: 'token_renewed', by_refresh: false });
    return renewed;
  }

  private async told(purpose: Purpose, get: () => Promise<Renewed>): Promise<Renewed> {
    const renewal = this.renewalTold(purpose, get);
    this.renewals.add(renewal);
    try {
      return await renewal;
    } finally {
      this.renewals.delete(renewal);
    }
  }

  // So that every tab on the store knows.
  private async renewalTold(purpose: Purpose, get: () => Promise<Renewed>): Promise<Renewed> {
    try {
      const renewed = await get();
      // A run may be under way with the old token, and be refused yet: that says nothing against this one. Only what a
      // run itself has renewed is a token that the next refusal is about.
      if (renewed.byRefresh) await this.schedule.tell({ is: 'token_renewed', by_refresh: purpose === 'run' });
      return renewed;
    } catch (error) {
      if (error instanceof SyncError && (isSignInNeeded(error) || (purpose === 'run' && isNews(error)))) {
        const { retry_after } = error;
        await this.kept.write(async (tx) => {
          // Whoever has logged in since is not meant.
          if (isSignInNeeded(error) && (await tx.getSession())) return;
          await this.schedule.tellWithin(tx, {
            is: 'renewal_failed',
            code: codeNameOf(error),
            retry_after,
          });
        });
      }
      throw error;
    }
  }

  // One transaction: of two tabs that log in at the same time, the second finds whose the store is by then.
  private async enter(tokens: Tokens, email: string): Promise<void> {
    const { user_id } = tokens;
    const old = await this.first.readReplica(user_id);
    try {
      await this.kept.write(async (tx) => {
        if (await isOfAnother(tx, user_id)) throw otherAccount();
        await this.own(tx, { user_id, email }, old);
        tx.putSession(sessionOf(tokens, email, this.now()));
        await this.schedule.tellWithin(tx, { is: 'logged_in' });
      });
    } catch (error) {
      // Nobody has this session.
      this.sayFarewell(tokens.refresh_token);
      throw error;
    }
    this.first.forget(old);
  }

  private async own(tx: Transaction, owner: Owner, old: FirstReplica | null): Promise<void> {
    const isNew = !(await ownerOf(tx));
    tx.putNote(NOTES.owner, owner);
    if (old && (await this.first.takeOver(tx, old, isNew)))
      await this.schedule.tellWithin(tx, { is: 'edited' });
  }

  // The refresh token of who was logged in, for the service to be told.
  private async leave(tx: Transaction): Promise<string | null> {
    const left = await tx.getSession();
    tx.putSession(null);
    await this.schedule.tellWithin(tx, { is: 'logged_out' });
    return left?.refresh_token ?? null;
  }

  // Out of reach, the service forgets the session when its token ends. A page that is closed right afterwards still
  // says it.
  private sayFarewell(refreshToken: string | null): void {
    if (refreshToken === null) return;
    const call = { timeout: FAREWELL_TIMEOUT_MS, keepalive: true };
    this.transport.logout(call, refreshToken).catch(() => {});
  }

  private call(): Call {
    return { signal: this.signal() };
  }

  // By it a person knows the session in the list of theirs.
  private async deviceId(): Promise<string> {
    const { device_id } = this.kept.parts.replica;
    if (device_id !== '') return device_id;
    return this.kept.write(async (tx) => {
      const replica = await tx.getReplica();
      replica.device_id ||= this.newDeviceId();
      tx.putReplica(replica);
      return replica.device_id;
    });
  }
}

async function ownerOf(tx: Transaction): Promise<Owner | undefined> {
  return (await tx.getNote(NOTES.owner)) as Owner | undefined;
}

async function isOfAnother(tx: Transaction, user_id: string): Promise<boolean> {
  const owner = await ownerOf(tx);
  return owner !== undefined && owner.user_id !== user_id;
}

async function holdsUnsent(tx: Transaction): Promise<boolean> {
  return (await tx.countPending()) > 0 || (await tx.listRejections()).length > 0;
}

// Nobody answered, or it was too much: not that we gave up.
function isNews(error: SyncError): boolean {
  return (
    error.code === 'no_answer' || error.code === 'bad_answer' || (isAnswer(error) && error.status !== 401)
  );
}

function otherAccount(): SyncError {
  return new SyncError('other_account', 'The tasks in this browser belong to another account.');
}
