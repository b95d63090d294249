import { SyncError } from '../domain/errors';
import type {
  Answer,
  Ask,
  CheckAsk,
  Credentials,
  DeviceStatus,
  HistoryEntry,
  SessionInfo,
  SyncAsk,
  Tokens,
  Usage,
  V1Ask,
} from '../domain/protocol';
import type { LimitTold } from '../domain/schedule/event';
import type { Change } from '../domain/task';
import { decodeList, decodeMembers, decodePage, decodeTokens, decodeV1Page } from './decode';
import { EventParser } from './event-stream';
import { type Fetch, Http, jsonOf, type Request } from './http';
import { parseRateLimit } from './rate-limit';
import type { Call, Reply, SyncTransport } from './sync-transport';

// The service sends a comment every 25 s.
const STREAM_SILENCE_MS = 60_000;

/** The gateway, by fetch. */
export class HttpTransport implements SyncTransport {
  private readonly http: Http;

  constructor(fetch: Fetch, baseUrl: string) {
    this.http = new Http(fetch, baseUrl);
  }

  async ask(call: Call, ask: Ask): Promise<Reply> {
    let limit: LimitTold | null = null;
    const heard = (headers: Headers) => {
      limit = parseRateLimit(headers.get('RateLimit'), headers.get('RateLimit-Policy'));
    };
    try {
      const answer = await this.answered(call, ask, heard);
      return { answer, limit };
    } catch (error) {
      if (!(error instanceof SyncError) || error.code === 'cancelled') throw error;
      return { answer: error, limit };
    }
  }

  watch(call: Call, onHead: (etag: string) => void): Promise<void> {
    return this.http.follow(call, { method: 'GET', path: '/sync/stream' }, async (response) => {
      if (!response.body) throw new SyncError('bad_answer', 'The live stream has no body.');
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      const parser = new EventParser();
      try {
        for (;;) {
          const { done, value } = await inTime(reader.read());
          if (done) return;
          for (const { event, data } of parser.take(value)) {
            if (event === 'expired')
              throw new SyncError(expiredCode(data), 'The token has ended.', { status: 401 });
            if (event === 'head') onHead(data);
          }
        }
      } finally {
        reader.cancel().catch(() => {});
      }
    });
  }

  history(call: Call, id: string): Promise<readonly HistoryEntry[]> {
    return this.list(call, `/tasks/${encodeURIComponent(id)}/history`, 'history');
  }

  devices(call: Call): Promise<readonly DeviceStatus[]> {
    return this.list(call, '/devices', 'devices');
  }

  usage(call: Call): Promise<Usage> {
    return this.http.send(call, { method: 'GET', path: '/usage' }, async (response) =>
      decodeMembers<Usage>(await jsonOf(response)),
    );
  }

  export(call: Call): Promise<Blob> {
    return this.http.follow(call, { method: 'GET', path: '/export' }, (response) => response.blob());
  }

  register(call: Call, who: Credentials, deviceId: string): Promise<Tokens> {
    return this.tokens(call, '/auth/register', credentialsOf(who, deviceId));
  }

  login(call: Call, who: Credentials, deviceId: string): Promise<Tokens> {
    return this.tokens(call, '/auth/login', credentialsOf(who, deviceId));
  }

  refresh(call: Call, refresh_token: string): Promise<Tokens> {
    return this.tokens(call, '/auth/refresh', { refresh_token });
  }

  logout(call: Call, refresh_token: string): Promise<void> {
    return this.done(call, { method: 'POST', path: '/auth/logout', body: { refresh_token } });
  }

  changePassword(call: Call, current_password: string, new_password: string): Promise<void> {
    return this.done(call, {
      method: 'POST',
      path: '/auth/password',
      body: { current_password, new_password },
    });
  }

  async sessions(call: Call): Promise<readonly SessionInfo[]> {
    const sessions = await this.list<Partial<SessionInfo>>(call, '/auth/sessions', 'sessions');
    return sessions.map((session) => ({ device_id: null, ...session }) as SessionInfo);
  }

  revokeSession(call: Call, id: string): Promise<void> {
    return this.done(call, { method: 'DELETE', path: `/auth/sessions/${encodeURIComponent(id)}` });
  }

  deleteAccount(call: Call, password: string): Promise<void> {
    return this.done(call, { method: 'DELETE', path: '/auth/account', body: { password } });
  }

  private answered(call: Call, ask: Ask, heard: (headers: Headers) => void): Promise<Answer> {
    const { http } = this;
    switch (ask.kind) {
      case 'check':
        return http.send(call, { ...checkRequest(ask), heard }, async ({ status, headers }) => ({
          kind: 'check' as const,
          not_modified: status === 304,
          etag: headers.get('ETag') ?? '',
          next_sync_in: null,
        }));
      case 'sync':
        return http.send(call, { ...syncRequest(ask), heard }, async (response) =>
          decodePage(await jsonOf(response)),
        );
      case 'v1':
        return http.send(call, { ...v1Request(ask), heard }, async (response) =>
          decodeV1Page(await jsonOf(response)),
        );
    }
  }

  private tokens(call: Call, path: string, body: object): Promise<Tokens> {
    const request = { method: 'POST', path, body } as const;
    return this.http.send(call, request, async (response) => decodeTokens(await jsonOf(response)));
  }

  private list<T>(call: Call, path: string, name: string): Promise<readonly T[]> {
    return this.http.send(call, { method: 'GET', path }, async (response) =>
      decodeList<T>(await jsonOf(response), name),
    );
  }

  private done(call: Call, request: Request): Promise<void> {
    return this.http.send(call, request, async ({ status }) => {
      // A portal's page is no proof that the service did it.
      if (status !== 204) throw new SyncError('bad_answer', 'Something other than Tidemark answered.');
    });
  }
}

function checkRequest({ device_id, etag }: CheckAsk): Request {
  const path = `/sync/check?device_id=${encodeURIComponent(device_id)}`;
  return { method: 'GET', path, headers: { 'If-None-Match': etag } };
}

function syncRequest({ kind: _, if_none_match, changes, ...rest }: SyncAsk): Request {
  return {
    method: 'POST',
    path: '/sync',
    headers: if_none_match === undefined ? {} : { 'If-None-Match': if_none_match },
    body: { ...rest, ...(changes.length > 0 && { changes: changes.map(encodeChange) }) },
  };
}

function v1Request({ last_sync, changes }: V1Ask): Request {
  const objects = changes.map(({ mutation_id: _, ...change }) => encodeChange(change));
  return { method: 'POST', path: '/v1/sync', body: { last_sync, changes: objects } };
}

function encodeChange({ fields, ...rest }: Omit<Change, 'mutation_id'>): object {
  return { ...rest, ...fields };
}

function credentialsOf({ email, password }: Credentials, device_id: string): object {
  return { email, password, device_id };
}

function expiredCode(data: string): string {
  return data.replaceAll('"', '') || 'expired_token';
}

// A connection that broke without a word would be followed for good.
async function inTime<T>(read: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    const ends = () => reject(new SyncError('no_answer', 'The live stream is silent.'));
    timer = setTimeout(ends, STREAM_SILENCE_MS);
  });
  try {
    return await Promise.race([read, silence]);
  } finally {
    clearTimeout(timer);
  }
}
