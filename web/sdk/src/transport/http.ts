import { SyncError } from '../domain/errors';
import { ANSWER_TIMEOUT_MS, type Call } from './sync-transport';

export interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Called with the headers of any answer, a refusal included. */
  readonly heard?: (headers: Headers) => void;
}

export type Fetch = typeof globalThis.fetch;

/** Calls of the gateway. What it refuses is thrown, with what its problem+json says (RFC 9457). */
export class Http {
  constructor(
    private readonly fetch: Fetch,
    private readonly baseUrl: string,
  ) {}

  /** `read` takes the body of an answer below 400, within the same time. */
  async send<T>(call: Call, request: Request, read: (response: Response) => Promise<T>): Promise<T> {
    const timeout = AbortSignal.timeout(call.timeout ?? ANSWER_TIMEOUT_MS);
    const signal = call.signal ? AbortSignal.any([call.signal, timeout]) : timeout;
    return this.answered(call, request, signal, read);
  }

  /** The same without an end in time; `read` follows the body. */
  async follow<T>(call: Call, request: Request, read: (response: Response) => Promise<T>): Promise<T> {
    return this.answered(call, request, call.signal ?? null, read);
  }

  // fetch and the reading of a body reject for one reason that matters here: no whole answer came.
  private async answered<T>(
    call: Call,
    request: Request,
    signal: AbortSignal | null,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    try {
      const response = await this.asked(call, request, signal);
      request.heard?.(response.headers);
      if (response.status >= 400) throw await errorOf(response);
      return await read(response);
    } catch (cause) {
      if (call.signal?.aborted) throw new SyncError('cancelled', 'It was given up.');
      if (cause instanceof SyncError) throw cause;
      throw new SyncError('no_answer', 'The server cannot be reached.', { cause });
    }
  }

  private asked(call: Call, { method, path, body, headers }: Request, signal: AbortSignal | null) {
    return this.fetch(this.baseUrl + path, {
      method,
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(call.token !== undefined && { Authorization: `Bearer ${call.token}` }),
        ...headers,
      },
      cache: 'no-store',
      // The service redirects nobody; whoever does must not be told a token.
      redirect: 'error',
      keepalive: call.keepalive ?? false,
      credentials: 'omit',
      signal,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}

export async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new SyncError('bad_answer', 'Something other than Tidemark answered.');
  }
}

// A body that is not problem+json is a proxy's page: nothing is known of the service.
async function errorOf(response: Response): Promise<SyncError> {
  const { status, headers } = response;
  const problem = await problemOf(response);
  const { code, detail, title, pointer, request_id } = problem;
  if (typeof code !== 'string') {
    const retry_after = retryAfterOf(headers);
    return new SyncError('bad_answer', `Something other than Tidemark answered (${status}).`, {
      retry_after,
    });
  }
  return new SyncError(code, textOf(detail) || textOf(title) || code, {
    status,
    retry_after: secondsOf(problem.retry_after) ?? retryAfterOf(headers),
    pointer: textOf(pointer),
    request_id: textOf(request_id),
  });
}

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(await response.text());
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch (error) {
    // An answer that breaks off is none.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function secondsOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

// Seconds, or a date, which is one of the clock of who answers (RFC 9110, 10.2.3).
function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get('Retry-After') ?? '';
  if (/^\d+$/.test(value)) return Number(value);
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const now = Date.parse(headers.get('Date') ?? '');
  return Math.max(Math.ceil((until - (Number.isNaN(now) ? Date.now() : now)) / 1_000), 0);
}
