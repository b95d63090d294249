/** No answer came: the network is down, or the server is. What was sent may or may not have been stored. */
export class OfflineError extends Error {}

/** Something answered that is not Tidemark, or is newer than this page. */
export class BadAnswerError extends Error {}

/** An answer that says no (problem+json, RFC 9457). `code` is one of the SPEC's; the message is for a person. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Seconds. Null: not said. */
    readonly retryAfter: number | null,
  ) {
    super(message);
  }
}

/** Reads an answer with a status of 400 or more. A body that is not problem+json (a proxy's page) is passed over. */
export async function apiErrorFrom(response: Response): Promise<ApiError> {
  const problem = await problemOf(response);
  const code = typeof problem.code === 'string' ? problem.code : `http_${response.status}`;
  const detail = [problem.detail, problem.title].find((text) => typeof text === 'string' && text !== '');
  const message = typeof detail === 'string' ? detail : `The server answered ${response.status}.`;
  return new ApiError(response.status, code, message, retryAfterOf(problem, response));
}

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function retryAfterOf(problem: Record<string, unknown>, response: Response): number | null {
  if (typeof problem.retry_after === 'number') return problem.retry_after;
  const header = response.headers.get('Retry-After');
  return header !== null && /^\d+$/.test(header) ? Number(header) : null;
}
