import type { Page, Request } from '../domain/answer';
import { decodePage } from './decode';
import type { Send } from './http';

/** Throws OfflineError, ApiError, BadAnswerError. */
export interface SyncApi {
  /** True: the server's state is the one this ETag names. Confirms the device's state. */
  isCurrent(etag: string, device_id: string): Promise<boolean>;
  sync(request: Request): Promise<Page>;
}

/** Runs a call with an access token that is valid. */
export type WithToken = <T>(call: (access_token: string) => Promise<T>) => Promise<T>;

export class HttpSyncApi implements SyncApi {
  constructor(
    private readonly send: Send,
    private readonly withToken: WithToken,
  ) {}

  async isCurrent(etag: string, device_id: string): Promise<boolean> {
    const path = `/sync/check?device_id=${encodeURIComponent(device_id)}`;
    const answer = await this.withToken((token) =>
      this.send({ method: 'GET', path, token, ifNoneMatch: etag }),
    );
    return answer.status === 304;
  }

  async sync({ etag, epoch, page, changes, ...rest }: Request): Promise<Page> {
    const body = {
      ...rest,
      ...(epoch !== null && { epoch }),
      ...(page !== null && { page }),
      ...(changes.length > 0 && { changes }),
    };
    const answer = await this.withToken((token) =>
      this.send({ method: 'POST', path: '/sync', token, ifNoneMatch: etag, body }),
    );
    return decodePage(answer.body);
  }
}
