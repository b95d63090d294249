import type { Account, Store } from '../store/store';
import type { AuthApi, Credentials, Tokens } from '../transport/auth-api';
import { ApiError } from '../transport/errors';

/** Nobody is logged in any more. What is stored here stays. */
export class SessionEndedError extends Error {}

/** Who is logged in. Tokens are stored before they are used: a refresh token is good for one use only. */
export class Session {
  private refreshing: Promise<Account> | null = null;

  constructor(
    private readonly api: AuthApi,
    private readonly store: Store,
  ) {}

  get account(): Account | null {
    return this.store.loadAccount();
  }

  async register(credentials: Credentials): Promise<Account> {
    return this.enter(credentials.email, await this.api.register(credentials));
  }

  async login(credentials: Credentials): Promise<Account> {
    return this.enter(credentials.email, await this.api.login(credentials));
  }

  /** Ends the session here at once, and at the server if it can be reached. Who it was is kept if asked for. */
  async logout({ keepAccount }: { readonly keepAccount: boolean }): Promise<void> {
    const account = this.account;
    if (!account) return;
    if (keepAccount) this.save({ ...account, tokens: null });
    else this.store.removeAccount();
    // Out of reach, the server forgets the session when its token ends.
    if (account.tokens) await this.api.logout(account.tokens.refresh_token).catch(() => {});
  }

  /** Runs a call with the access token; once more with a new one if the server no longer takes the first. */
  async withToken<T>(call: (access_token: string) => Promise<T>): Promise<T> {
    const used = this.accessToken();
    try {
      return await call(used);
    } catch (error) {
      if (!isUnauthorized(error)) throw error;
    }
    if (this.accessToken() === used) await this.refresh();
    try {
      return await call(this.accessToken());
    } catch (error) {
      throw isUnauthorized(error) ? this.ended() : error;
    }
  }

  private accessToken(): string {
    const tokens = this.account?.tokens;
    if (!tokens) throw new SessionEndedError('Please log in.');
    return tokens.access_token;
  }

  // Two calls that meet the same expired token share one refresh.
  private async refresh(): Promise<void> {
    this.refreshing ??= this.spendRefreshToken().finally(() => {
      this.refreshing = null;
    });
    await this.refreshing;
  }

  private async spendRefreshToken(): Promise<Account> {
    const account = this.account;
    if (!account?.tokens) throw new SessionEndedError('Please log in.');
    try {
      return this.enter(account.email, await this.api.refresh(account.tokens.refresh_token));
    } catch (error) {
      throw isUnauthorized(error) ? this.ended() : error;
    }
  }

  private enter(email: string, { user_id, access_token, refresh_token }: Tokens): Account {
    return this.save({ email, user_id, tokens: { access_token, refresh_token } });
  }

  private ended(): SessionEndedError {
    const account = this.account;
    if (account) this.save({ ...account, tokens: null });
    return new SessionEndedError('Your session has ended. Please log in again: your edits are kept.');
  }

  private save(account: Account): Account {
    this.store.saveAccount(account);
    return account;
  }
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}
