import { BadAnswerError } from './errors';
import type { Send } from './http';

export interface Credentials {
  readonly email: string;
  readonly password: string;
  readonly device_id: string;
}

export interface Tokens {
  readonly user_id: string;
  readonly access_token: string;
  readonly refresh_token: string;
}

/** Throws OfflineError, ApiError, BadAnswerError. */
export interface AuthApi {
  register(credentials: Credentials): Promise<Tokens>;
  login(credentials: Credentials): Promise<Tokens>;
  /** Spends the token. Safe to ask again within a minute when the answer was lost. */
  refresh(refresh_token: string): Promise<Tokens>;
  logout(refresh_token: string): Promise<void>;
}

export class HttpAuthApi implements AuthApi {
  constructor(private readonly send: Send) {}

  register(credentials: Credentials): Promise<Tokens> {
    return this.tokens('/auth/register', credentials);
  }

  login(credentials: Credentials): Promise<Tokens> {
    return this.tokens('/auth/login', credentials);
  }

  refresh(refresh_token: string): Promise<Tokens> {
    return this.tokens('/auth/refresh', { refresh_token });
  }

  async logout(refresh_token: string): Promise<void> {
    await this.send({ method: 'POST', path: '/auth/logout', body: { refresh_token } });
  }

  private async tokens(path: string, body: object): Promise<Tokens> {
    const answer = await this.send({ method: 'POST', path, body });
    const { user_id, access_token, refresh_token } = (answer.body ?? {}) as Partial<Tokens>;
    if (user_id && access_token && refresh_token) return { user_id, access_token, refresh_token };
    throw new BadAnswerError('The server gave an answer that this page cannot read (tokens).');
  }
}
