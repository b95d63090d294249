import type { AuthApi, Credentials, Tokens } from '../transport/auth-api';
import { ApiError } from '../transport/errors';

/** Knows one person. Hands out tokens a1, a2, …; takes only the newest. */
export class FakeAuth implements AuthApi {
  count = 0;
  refreshes = 0;
  /** Of each login. */
  readonly devices: string[] = [];
  fault: Error | null = null;

  register(credentials: Credentials): Promise<Tokens> {
    return this.login(credentials);
  }

  login({ device_id }: Credentials): Promise<Tokens> {
    this.devices.push(device_id);
    return this.issue();
  }

  async refresh(): Promise<Tokens> {
    ++this.refreshes;
    return this.issue();
  }

  async logout(): Promise<void> {
    if (this.fault) throw this.fault;
  }

  /** What every other service does with a token. */
  check(access_token: string): void {
    if (access_token === `a${this.count}`) return;
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
