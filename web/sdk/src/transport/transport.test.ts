import { describe, expect, test, vi } from 'vitest';
import type { SyncAsk } from '../domain/protocol';
import { decodePage } from './decode';
import { EVENT_CHARS_MAX, EventParser } from './event-stream';
import { HttpTransport } from './http-transport';
import { parseRateLimit } from './rate-limit';

const ASK: SyncAsk = {
  kind: 'sync',
  last_sync: 5,
  epoch: 'e1',
  device_id: 'phone',
  acked: 3,
  client_time: 9,
  if_none_match: '"1-2-3"',
  limit: 1_000,
  changes: [
    {
      id: 't',
      mutation_id: 4,
      version: 2,
      updated_at: 8,
      device_id: 'phone',
      fields: { completed: true, deleted_at: null },
    },
  ],
};
const ANSWER = { server_time: 7, epoch: 'e1', etag: '1-7-3' };
const UPDATE = { id: 't', version: 1, updated_at: 1, device_id: 'd' };

type Answering = (url: string, init: RequestInit) => Response | Promise<Response>;

function transportTo(answering: Answering) {
  const fetch = vi.fn(async (input: unknown, init: RequestInit = {}) => answering(String(input), init));
  return { fetch, transport: new HttpTransport(fetch as typeof globalThis.fetch, 'https://tasks.example') };
}

function json(body: unknown, init: ResponseInit = {}): Response {
  return new Response(JSON.stringify(body), init);
}

describe('a request', () => {
  test('says what the contract says, and nothing else', async () => {
    const { fetch, transport } = transportTo(() => json(ANSWER));
    await transport.ask({ token: 'secret' }, ASK);
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect(url).toBe('https://tasks.example/sync');
    expect(init).toMatchObject({
      method: 'POST',
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      keepalive: false,
      headers: {
        Authorization: 'Bearer secret',
        'If-None-Match': '"1-2-3"',
        'Content-Type': 'application/json',
      },
    });
    expect(JSON.parse(String(init?.body))).toEqual({
      last_sync: 5,
      epoch: 'e1',
      device_id: 'phone',
      acked: 3,
      client_time: 9,
      limit: 1_000,
      changes: [
        {
          id: 't',
          mutation_id: 4,
          version: 2,
          updated_at: 8,
          device_id: 'phone',
          completed: true,
          deleted_at: null,
        },
      ],
    });
  });

  test('that ends a session is sent even if the page is closed meanwhile', async () => {
    const { fetch, transport } = transportTo(() => new Response(null, { status: 204 }));
    await transport.logout({ keepalive: true }, 'refresh');
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({ keepalive: true });
  });

  test('of V1 has whole objects without numbers', async () => {
    const { fetch, transport } = transportTo(() => json({ updates: [], conflicts: [], server_time: 9 }));
    const { answer } = await transport.ask({}, { kind: 'v1', last_sync: 5, changes: ASK.changes });
    expect(answer).toMatchObject({ kind: 'v1', server_time: 9, full_resync: false });
    expect(fetch.mock.calls[0]?.[0]).toBe('https://tasks.example/v1/sync');
    expect(JSON.parse(String(fetch.mock.calls[0]?.[1]?.body)).changes[0]).not.toHaveProperty('mutation_id');
  });

  test.each([
    [304, true],
    [200, false],
  ])('that checks takes a %i for what it says', async (status, not_modified) => {
    const { fetch, transport } = transportTo(
      () => new Response(null, { status, headers: { ETag: '"9-9-9"' } }),
    );
    const { answer } = await transport.ask({}, { kind: 'check', device_id: 'a b', etag: '"1-2-3"' });
    expect(answer).toMatchObject({ kind: 'check', not_modified, etag: '"9-9-9"' });
    expect(fetch.mock.calls[0]?.[0]).toBe('https://tasks.example/sync/check?device_id=a%20b');
  });
});

describe('an answer', () => {
  test('tells what the bucket holds, a refusal as well', async () => {
    const headers = { RateLimit: '"sync";r=9;t=14400', 'RateLimit-Policy': '"sync";q=10;w=144000' };
    const limit = { policy: 'sync', remaining: 9, reset: 14_400, limit: 10, window: 144_000 };
    const { transport } = transportTo(() => json(ANSWER, { headers }));
    expect(await transport.ask({}, ASK)).toMatchObject({ answer: { kind: 'page' }, limit });
    const { transport: refusing } = transportTo(() =>
      json({ code: 'rate_limited' }, { status: 429, headers }),
    );
    expect(await refusing.ask({}, ASK)).toMatchObject({ answer: { code: 'rate_limited' }, limit });
  });

  test('that says no is an error with all that the problem tells', async () => {
    const told = { code: 'validation', pointer: '/changes/0', request_id: 'r1', retry_after: 7 };
    const problem = { ...told, detail: 'too long', title: 'Not acceptable' };
    const { transport } = transportTo(() => json(problem, { status: 422 }));
    await expect(transport.devices({})).rejects.toMatchObject({ ...told, message: 'too long', status: 422 });
  });

  test.each([
    [
      'a proxy’s page',
      () => new Response('<html>', { status: 502, headers: { 'Retry-After': '9' } }),
      'bad_answer',
      9,
    ],
    ['a portal’s page', () => new Response('<html>'), 'bad_answer', null],
    ['of another kind', () => json({ server_time: 'soon' }), 'bad_answer', null],
    ['none', () => Promise.reject(new TypeError('Failed to fetch')), 'no_answer', null],
  ])('that is %s is known for it', async (_, answering, code, retry_after) => {
    const { transport } = transportTo(answering);
    expect((await transport.ask({}, ASK)).answer).toMatchObject({ code, retry_after, status: null });
  });

  test.each([
    ['Wed, 01 Jan 2025 00:01:30 GMT', 'Wed, 01 Jan 2025 00:00:00 GMT', 90],
    ['Wed, 01 Jan 2025 00:00:00 GMT', 'Wed, 01 Jan 2025 00:01:30 GMT', 0],
    ['soon', 'Wed, 01 Jan 2025 00:00:00 GMT', null],
  ])('that says until %s at %s asks for %j seconds', async (until, date, retry_after) => {
    const { transport } = transportTo(
      () => new Response('<html>', { status: 503, headers: { 'Retry-After': until, Date: date } }),
    );
    expect((await transport.ask({}, ASK)).answer).toMatchObject({ code: 'bad_answer', retry_after });
  });

  test('that something is done is a 204, and no portal’s page', async () => {
    const { transport: done } = transportTo(() => new Response(null, { status: 204 }));
    await expect(done.deleteAccount({}, 'secret')).resolves.toBeUndefined();
    const { transport } = transportTo(() => new Response('<html>'));
    await expect(transport.deleteAccount({}, 'secret')).rejects.toMatchObject({ code: 'bad_answer' });
    await expect(transport.revokeSession({}, 's')).rejects.toMatchObject({ code: 'bad_answer' });
  });

  test('that is no longer wanted is given up', async () => {
    const given = new AbortController();
    const { transport } = transportTo(
      (_, { signal }) =>
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    );
    const asked = transport.ask({ signal: given.signal }, ASK);
    given.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('that does not come in time is none', async () => {
    const { transport } = transportTo(
      (_, { signal }) =>
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    );
    expect((await transport.ask({ timeout: 1 }, ASK)).answer).toMatchObject({ code: 'no_answer' });
  });
});

describe('a page', () => {
  test('is read as the contract has it', () => {
    const update = {
      id: 't',
      version: 2,
      updated_at: 5,
      device_id: 'web',
      created_at: 1,
      content: 'milk',
      deleted_at: null,
    };
    const { created_at, content, deleted_at, ...rest } = update;
    const page = decodePage({
      ...ANSWER,
      updates: [update],
      deleted: ['x'],
      rejected: [{ id: 'y', mutation_id: 3, code: 'unknown_task', detail: 'no' }],
      has_more: true,
      page: 'p2',
      full_resync: true,
      full_resync_reason: 'purged',
      pull_deferred: true,
      retry_after: 60,
      next_sync_in: 21_600,
    });
    expect(page).toMatchObject({
      updates: [{ ...rest, created_at, fields: { content, deleted_at } }],
      deleted: ['x'],
      etag: '"1-7-3"',
      page: 'p2',
      full_resync: 'purged',
      pull_deferred: 60,
      next_sync_in: 21_600,
    });
  });

  test('that resyncs for an unknown reason loses nothing', () => {
    expect(decodePage({ ...ANSWER, full_resync: true, full_resync_reason: 'moon' }).full_resync).toBe(
      'rewound',
    );
  });

  test.each([
    ['no object', []],
    ['no server_time', { epoch: 'e1' }],
    ['updates that are no list', { ...ANSWER, updates: {} }],
    ['an update without a version', { ...ANSWER, updates: [{ id: 't' }] }],
    [
      'a flag that is none',
      { ...ANSWER, updates: [{ id: 't', version: 1, updated_at: 1, device_id: 'd', completed: 1 }] },
    ],
    ['more pages without a name', { ...ANSWER, has_more: true }],
    ['a stamp that is rounded', { ...ANSWER, server_time: 2 ** 53 }],
    ['a version that is no whole number', { ...ANSWER, updates: [{ ...UPDATE, version: 1.5 }] }],
    ['a time that is none', { ...ANSWER, updates: [{ ...UPDATE, created_at: '1' }] }],
    ['a rejection without a number', { ...ANSWER, rejected: [{ id: 't', code: 'x' }] }],
    ['a conflict without values', { ...ANSWER, conflicts: [{ id: 't', field: 'content', at: 1 }] }],
  ])('with %s is refused whole', (_, body) => {
    expect(() => decodePage(body)).toThrow(expect.objectContaining({ code: 'bad_answer' }));
  });
});

describe('the live stream', () => {
  const encoder = new TextEncoder();

  function streamOf(...pieces: string[]): Response {
    return new Response(
      new ReadableStream({
        start(writer) {
          for (const piece of pieces) writer.enqueue(encoder.encode(piece));
          writer.close();
        },
      }),
    );
  }

  test('tells each head, however it is cut', async () => {
    const { transport } = transportTo(() =>
      streamOf(':\n\nid: "1"\nevent: he', 'ad\ndata: "1-2-3"\n', '\n', 'event: head\ndata: "4"\n\n'),
    );
    const heads: string[] = [];
    await transport.watch({}, (etag) => heads.push(etag));
    expect(heads).toEqual(['"1-2-3"', '"4"']);
  });

  test('whose token has ended says so as a refusal does', async () => {
    const { transport } = transportTo(() => streamOf('event: expired\ndata: "expired_token"\n\n'));
    await expect(transport.watch({}, () => {})).rejects.toMatchObject({ code: 'expired_token', status: 401 });
  });

  test('that is silent for longer than the service ever is has ended', async () => {
    vi.useFakeTimers();
    const { transport } = transportTo(() => new Response(new ReadableStream()));
    const ended = expect(transport.watch({}, () => {})).rejects.toMatchObject({ code: 'no_answer' });
    await vi.advanceTimersByTimeAsync(60_000);
    await ended;
    vi.useRealTimers();
  });

  test.each([
    ['line', 'x'.repeat(EVENT_CHARS_MAX), 'x'],
    ['event', `data: ${'x'.repeat(EVENT_CHARS_MAX)}\n`, 'data: x\n'],
  ])('that tells one %s without end is left', (_, most, more) => {
    const parser = new EventParser();
    expect(parser.take(most)).toEqual([]);
    expect(() => parser.take(more)).toThrow(expect.objectContaining({ code: 'bad_answer' }));
  });

  test.each([
    ['event: a\r\ndata: 1\r\n\r\n', [{ event: 'a', data: '1' }]],
    ['data: 1\ndata:2\n\n', [{ event: 'message', data: '1\n2' }]],
    ['event: a\n\n: comment\n\n', []],
    ['data', []],
  ])('reads %j', (text, events) => {
    expect(new EventParser().take(text)).toEqual(events);
  });
});

test.each([
  [null, null],
  ['"sync";r=1;t=2', '"check";q=1;w=2'],
  ['"sync";r=1', '"sync";q=1;w=2'],
  ['sync;r=1;t=2', 'sync;q=1;w=2'],
  ['"sync";r=x;t=2', '"sync";q=1;w=2'],
])('limits that are none of Tidemark’s tell nothing: %s %s', (limit, policy) => {
  expect(parseRateLimit(limit, policy)).toBeNull();
});
