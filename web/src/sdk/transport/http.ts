import { ApiError, apiErrorFrom, OfflineError } from './errors';

export const ANSWER_TIMEOUT_MS = 30_000;

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token?: string;
  /** Without quotes. */
  readonly ifNoneMatch?: string | null;
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  /** Undefined where the answer has none. */
  readonly body: unknown;
}

/** Sends a call to the gateway. Throws OfflineError, ApiError. A 304 is an answer, not an error. */
export type Send = (call: Call) => Promise<Answer>;

export function sendWith(fetch: typeof globalThis.fetch, baseUrl = ''): Send {
  return async (call) => {
    const response = await answered(() =>
      fetch(baseUrl + call.path, {
        method: call.method,
        headers: headersOf(call),
        cache: 'no-store',
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
        ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      }),
    );
    if (response.status >= 400) throw await apiErrorFrom(response);
    const text = await answered(() => response.text());
    return { status: response.status, body: text === '' ? undefined : parsed(response.status, text) };
  };
}

function headersOf(call: Call): Record<string, string> {
  return {
    ...(call.body !== undefined && { 'Content-Type': 'application/json' }),
    ...(call.token !== undefined && { Authorization: `Bearer ${call.token}` }),
    ...(call.ifNoneMatch && { 'If-None-Match': `"${call.ifNoneMatch}"` }),
  };
}

// fetch rejects for one reason that matters here: no whole answer came.
async function answered<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    throw new OfflineError('The server cannot be reached.', { cause });
  }
}

function parsed(status: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(status, 'bad_answer', 'Something other than Tidemark answered.', null);
  }
}
