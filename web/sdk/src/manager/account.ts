// Who uses the store: logging in and out, and what only the service knows.
import { isAnswer, SyncError } from '../domain/errors';
import type { Credentials, Tokens } from '../domain/protocol';
import type { Transaction } from '../store/local-store';
import type { Call, SyncTransport } from '../transport/sync-transport';
import type { FirstVersion } from './first-version';
import type { KeptStore } from './kept-store';
import { NOTES, type Owner } from './notes';
import type { ScheduleKeeper } from './schedule-keeper';
import { isSignInNeeded, isTokenRefused, type Renewed, type Session } from './session';
import { codeNameOf } from './sync-run';

const FAREWELL_TIMEOUT_MS = 5_000;

/** For a run the schedule has to know why there is no token, so that it says when to try again. */
export type Purpose = 'run' | 'other';

export class Account {
  constructor(
    private readonly kept: KeptStore,
    private readonly transport: SyncTransport,
    private readonly session: Session,
    private readonly schedule: ScheduleKeeper,
    private readonly first: FirstVersion,
    private readonly newDeviceId: () => string,
    private readonly signal: () => AbortSignal,
  ) {}

  /** Brings in step what is kept in two places: a tab may have been killed between the two. */
  async prepare(): Promise<void> {
    const saved = await this.session.load();
    if ((saved === null) === this.schedule.isLoggedOut) return;
    if (!saved) return this.schedule.tell({ is: 'logged_out' });
    await this.kept.write(async (tx) => {
      const { user_id, email } = saved;
      if (!(await ownerOf(tx))) tx.putNote(NOTES.owner, { user_id, email } satisfies Owner);
      await this.schedule.tellWithin(tx, { is: 'logged_in' });
    });
  }

  /** Takes over what the first version kept. Nobody else changes it meanwhile. */
  async takeOverFirst(): Promise<void> {
    const account = this.first.readAccount();
    if (account && !this.kept.parts.owner) await this.own(account.owner);
    const isTheirs = account?.owner.user_id === this.kept.parts.owner?.user_id;
    if (account && isTheirs) {
      // A tab that was killed here comes here again.
      if (account.session && !(await this.session.load())) await this.session.put(account.session);
      this.first.forget(account.owner.user_id);
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
    const refreshToken = await this.session.leave(this.signal());
    await this.schedule.tell({ is: 'logged_out' });
    if (refreshToken) this.sayFarewell(refreshToken);
  }

  async erase(evenUnsent: boolean): Promise<void> {
    const { pending, rejections } = this.kept.parts;
    if (!evenUnsent && (pending > 0 || rejections.length > 0)) {
      throw new SyncError('unsent_edits', 'Some edits are not at the service, and would be lost.');
    }
    const refreshToken = await this.session.leave(this.signal());
    await this.kept.erase();
    await this.schedule.tell({ is: 'logged_out' });
    if (refreshToken) this.sayFarewell(refreshToken);
  }

  async deleteAccount(password: string): Promise<void> {
    await this.asked((call) => this.transport.deleteAccount(call, password));
    await this.session.leave(this.signal());
    await this.schedule.tell({ is: 'logged_out' });
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

  // So that every tab on the store knows.
  private async told(purpose: Purpose, get: () => Promise<Renewed>): Promise<Renewed> {
    try {
      const renewed = await get();
      // A run may be under way with the old token, and be refused yet: that says nothing against this one. Only what a
      // run itself has renewed is a token that the next refusal is about.
      if (renewed.byRefresh) await this.schedule.tell({ is: 'token_renewed', by_refresh: purpose === 'run' });
      return renewed;
    } catch (error) {
      if (error instanceof SyncError && (isSignInNeeded(error) || (purpose === 'run' && isNews(error)))) {
        const { retry_after } = error;
        await this.schedule.tell({ is: 'renewal_failed', code: codeNameOf(error), retry_after });
      }
      throw error;
    }
  }

  private async enter(tokens: Tokens, email: string): Promise<void> {
    const { user_id } = tokens;
    try {
      await this.kept.read((tx) => mayOwn(tx, user_id));
      await this.session.enter(tokens, email, this.signal());
      // Last: a store is nobody's whose session could not be kept.
      await this.own({ user_id, email });
      await this.schedule.tell({ is: 'logged_in' });
      this.first.forget(user_id);
    } catch (error) {
      // Nobody has this session.
      this.sayFarewell(tokens.refresh_token);
      throw error;
    }
  }

  private async own(owner: Owner): Promise<void> {
    await this.kept.write(async (tx) => {
      await mayOwn(tx, owner.user_id);
      if (!(await ownerOf(tx))) await this.first.takeOver(tx, owner.user_id);
      tx.putNote(NOTES.owner, owner);
    });
  }

  // Out of reach, the service forgets the session when its token ends.
  private sayFarewell(refreshToken: string): void {
    this.transport.logout({ timeout: FAREWELL_TIMEOUT_MS }, refreshToken).catch(() => {});
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

async function mayOwn(tx: Transaction, user_id: string): Promise<void> {
  const owner = await ownerOf(tx);
  if (owner && owner.user_id !== user_id) throw otherAccount();
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
