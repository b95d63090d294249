import { expect, test } from 'vitest';
import { ApiError, OfflineError } from './errors';
import { type Call, sendWith } from './http';
import { HttpSyncApi } from './sync-api';

const check: Call = { method: 'GET', path: '/sync/check', token: 'a.b.c', ifNoneMatch: '1-2-3' };

interface Sent {
  url: string;
  init: RequestInit;
}

/** A network that gives one answer and notes what it was asked. */
function network(answer: () => Response): { fetch: typeof globalThis.fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    sent.push({ url: String(url), init: init ?? {} });
    return answer();
  };
  return { fetch, sent };
}

function problem(status: number, body: object, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers });
}

async function errorOf(answer: () => Response): Promise<unknown> {
  return sendWith(network(answer).fetch)(check).catch((error: unknown) => error);
}

test('a call carries the token and the etag in quotes', async () => {
  const { fetch, sent } = network(() => new Response(null, { status: 200 }));
  await sendWith(fetch)(check);

  expect(sent[0]?.init.headers).toEqual({ Authorization: 'Bearer a.b.c', 'If-None-Match': '"1-2-3"' });
});

test('a 304 is an answer without a body', async () => {
  const answer = await sendWith(network(() => new Response(null, { status: 304 })).fetch)(check);

  expect(answer).toEqual({ status: 304, body: undefined });
});

test('an error speaks with the detail of its problem', async () => {
  const error = await errorOf(() =>
    problem(422, { code: 'weak_password', detail: 'At least 10 characters.' }),
  );

  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 422, code: 'weak_password', message: 'At least 10 characters.' });
});

test.each([
  { name: 'the problem', answer: () => problem(429, { code: 'rate_limited', retry_after: 42 }), seconds: 42 },
  { name: 'the header', answer: () => problem(503, {}, { 'Retry-After': '5' }), seconds: 5 },
  { name: 'nobody', answer: () => problem(503, {}), seconds: null },
  {
    name: 'a date',
    answer: () => problem(503, {}, { 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' }),
    seconds: null,
  },
])('the time to retry is taken from $name', async ({ answer, seconds }) => {
  expect(await errorOf(answer)).toMatchObject({ retryAfter: seconds });
});

test("a proxy's error page is an error with a readable message", async () => {
  const error = await errorOf(() => new Response('<html>Bad gateway</html>', { status: 502 }));

  expect(error).toMatchObject({ status: 502, code: 'http_502', message: 'The server answered 502.' });
});

test('a page from a hotel network does not pass for an answer', async () => {
  const error = await errorOf(() => new Response('<html>Welcome, guest</html>', { status: 200 }));

  expect(error).toMatchObject({ code: 'bad_answer' });
});

test('a network that is down is not an error of the server', async () => {
  const fetch = async () => {
    throw new TypeError('Failed to fetch');
  };

  await expect(sendWith(fetch)(check)).rejects.toBeInstanceOf(OfflineError);
});

test('an answer that breaks off half way counts as no answer', async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new TypeError('reset')) });

  expect(await errorOf(() => new Response(broken, { status: 200 }))).toBeInstanceOf(OfflineError);
});

test('a first sync names neither epoch nor page nor changes', async () => {
  const { fetch, sent } = network(() => Response.json({ server_time: 5, epoch: 'e1', etag: '0-5-0' }));
  const api = new HttpSyncApi(sendWith(fetch), (call) => call('token'));
  const first = {
    last_sync: 0,
    epoch: null,
    device_id: 'web',
    acked: 0,
    client_time: 9,
    etag: null,
    page: null,
  };
  await api.sync({ ...first, changes: [] });

  expect(sent[0]?.url).toBe('/sync');
  expect(JSON.parse(String(sent[0]?.init.body))).toEqual({
    last_sync: 0,
    device_id: 'web',
    acked: 0,
    client_time: 9,
  });
});
