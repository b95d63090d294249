import { FakeTasks } from './fake-tasks';

interface Person {
  readonly user_id: string;
  readonly email: string;
  password: string;
  readonly tasks: FakeTasks;
}

interface FakeSession {
  readonly id: string;
  readonly person: Person;
  access_token: string;
  refresh_token: string;
  readonly spent: Set<string>;
  refreshedAt: number;
}

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks at
  readonly body: any;
}

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly retry_after?: number;
}

type Incident = (request: FakeRequest) => Promise<Response | undefined> | Response | undefined;

/**
 * The gateway in memory, for tests of what is built on the SDK: its `fetch` answers as Tidemark does, as far as a
 * client can tell. A task whose text begins with "refuse" is rejected. A refresh token that is spent twice ends its
 * session at once, unless `refreshGrace` says otherwise.
 */
export class FakeService {
  /** Nobody answers. */
  offline = false;
  /** Milliseconds for which the last refresh token that was spent gives its successor again. */
  refreshGrace = 0;
  readonly requests: FakeRequest[] = [];
  private readonly people = new Map<string, Person>();
  private sessions: FakeSession[] = [];
  private readonly expired = new Set<string>();
  private readonly incidents: { readonly path: string; readonly incident: Incident }[] = [];
  private readonly streams = new Set<{
    readonly person: Person;
    readonly writer: ReadableStreamDefaultController;
  }>();
  private names = 0;

  /** An account, as if it had registered elsewhere. */
  addPerson(email: string, password = 'correct horse'): FakeTasks {
    const person = { user_id: this.name('user'), email, password, tasks: new FakeTasks() };
    this.people.set(email, person);
    return person.tasks;
  }

  tasksOf(email: string): FakeTasks {
    const person = this.people.get(email);
    if (!person) throw new Error(`nobody is called ${email}`);
    return person.tasks;
  }

  /** Another device of the person's has pushed: streams tell it. */
  announce(email: string): void {
    const { etag } = this.tasksOf(email);
    for (const { person, writer } of this.streams)
      if (person.email === email) writer.enqueue(headEvent(etag));
  }

  get openStreams(): number {
    return this.streams.size;
  }

  /** The next request of a path meets it first; an answer of it is the answer. */
  atNext(path: string, incident: Incident): void {
    this.incidents.push({ path, incident });
  }

  refuseNext(path: string, { status, ...problem }: Refusal): void {
    this.atNext(path, () => problemAnswer({ status, ...problem }));
  }

  /** The next request of a path is served, but its answer does not arrive. */
  loseNextAnswer(path: string): void {
    this.atNext(path, async (request) => {
      await this.answer(request, new Headers(this.lastHeaders));
      throw new TypeError('Failed to fetch');
    });
  }

  /** Holds the next request of a path back until it is released. */
  holdNext(path: string): { readonly arrived: Promise<void>; readonly release: () => void } {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const arrived = new Promise<void>((resolve) => {
      this.atNext(path, async () => {
        resolve();
        await released;
        return undefined;
      });
    });
    return { arrived, release };
  }

  /** Every access token given so far has ended; refresh tokens are good. */
  expireAccessTokens(): void {
    for (const { access_token } of this.sessions) this.expired.add(access_token);
  }

  /** Every session has ended for good. */
  revokeSessions(): void {
    this.sessions = [];
  }

  readonly fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const path = String(input).replace(/^https?:\/\/[^/]+/, '');
    const body = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const request = { method: init.method ?? 'GET', path, body };
    init.signal?.throwIfAborted();
    if (this.offline) throw new TypeError('Failed to fetch');
    this.requests.push(request);
    const headers = new Headers(init.headers);
    this.lastHeaders = headers;
    return ended(init.signal ?? null, this.met(request, headers, init.signal ?? null));
  };

  private lastHeaders = new Headers();

  private async met(request: FakeRequest, headers: Headers, signal: AbortSignal | null): Promise<Response> {
    const index = this.incidents.findIndex(({ path }) => request.path.split('?')[0] === path);
    const [met] = index < 0 ? [] : this.incidents.splice(index, 1);
    const answer = await met?.incident(request);
    return answer ?? this.answer(request, headers, signal);
  }

  private async answer(
    request: FakeRequest,
    headers: Headers,
    signal: AbortSignal | null = null,
  ): Promise<Response> {
    const { method, path, body } = request;
    const route = `${method} ${path.split('?')[0]}`;
    switch (route) {
      case 'POST /auth/register':
        if (this.people.has(body.email)) return problemAnswer({ status: 409, code: 'email_taken' });
        if (body.password.length < 10) return problemAnswer({ status: 422, code: 'weak_password' });
        this.addPerson(body.email, body.password);
        return this.tokens(201, this.newSession(body.email));
      case 'POST /auth/login':
        if (this.people.get(body.email)?.password !== body.password) {
          return problemAnswer({ status: 401, code: 'bad_credentials' });
        }
        return this.tokens(200, this.newSession(body.email));
      case 'POST /auth/refresh':
        return this.refresh(body.refresh_token);
      case 'POST /auth/logout':
        this.sessions = this.sessions.filter(
          ({ refresh_token, spent }) =>
            refresh_token !== body.refresh_token && !spent.has(body.refresh_token),
        );
        return new Response(null, { status: 204 });
    }
    const token = headers.get('Authorization')?.replace('Bearer ', '') ?? '';
    const session = this.sessions.find(({ access_token }) => access_token === token);
    if (!session) return problemAnswer({ status: 401, code: 'invalid_token' });
    if (this.expired.has(token)) return problemAnswer({ status: 401, code: 'expired_token' });
    return this.answerTo(session, route, request, headers, signal);
  }

  private answerTo(
    session: FakeSession,
    route: string,
    { path, body }: FakeRequest,
    headers: Headers,
    signal: AbortSignal | null,
  ): Response {
    const { person } = session;
    const { tasks } = person;
    const isCurrent = headers.get('If-None-Match') === `"${tasks.etag}"`;
    switch (route) {
      case 'GET /sync/check':
        return new Response(null, { status: isCurrent ? 304 : 200, headers: { ETag: `"${tasks.etag}"` } });
      case 'POST /sync': {
        const before = tasks.etag;
        const answer = jsonAnswer(200, tasks.sync(body ?? {}));
        if (tasks.etag !== before) this.announce(person.email);
        return answer;
      }
      case 'GET /sync/stream':
        return this.stream(person, signal);
      case 'GET /devices':
        return jsonAnswer(200, { devices: [] });
      case 'GET /auth/sessions': {
        const own = this.sessions.filter((one) => one.person === person);
        const sessions = own.map((one) => ({
          id: one.id,
          created_at: 1,
          last_used_at: 1,
          current: one === session,
        }));
        return jsonAnswer(200, { sessions });
      }
      case 'POST /auth/password':
        if (body.current_password !== person.password)
          return problemAnswer({ status: 401, code: 'bad_credentials' });
        person.password = body.new_password;
        this.sessions = this.sessions.filter((one) => one.person !== person || one === session);
        return new Response(null, { status: 204 });
      case 'DELETE /auth/account':
        if (body.password !== person.password) return problemAnswer({ status: 401, code: 'bad_credentials' });
        this.people.delete(person.email);
        this.sessions = this.sessions.filter((one) => one.person !== person);
        return new Response(null, { status: 204 });
      case 'GET /export':
        return jsonAnswer(200, { tasks: [...tasks.living.values()], history: [] });
      case 'GET /usage':
        return jsonAnswer(200, { buckets: [], quota: { state: 'open', budgets: [] }, limits: {} });
    }
    const history = /^GET \/tasks\/([^/]+)\/history$/.exec(route);
    if (history) return jsonAnswer(200, { id: history[1], history: [] });
    return problemAnswer({ status: 404, code: 'not_found', detail: path });
  }

  private stream(person: Person, signal: AbortSignal | null): Response {
    const { streams } = this;
    const body = new ReadableStream({
      start(writer) {
        const stream = { person, writer };
        streams.add(stream);
        writer.enqueue(headEvent(person.tasks.etag));
        signal?.addEventListener('abort', () => {
          streams.delete(stream);
          writer.error(signal.reason);
        });
      },
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }

  /** Every live stream breaks off. */
  breakStreams(): void {
    for (const { writer } of this.streams) writer.error(new TypeError('network error'));
    this.streams.clear();
  }

  private newSession(email: string): FakeSession {
    const person = this.people.get(email);
    if (!person) throw new Error(`nobody is called ${email}`);
    const tokens = { access_token: this.name('access'), refresh_token: this.name('refresh') };
    const session = { id: this.name('session'), person, ...tokens, spent: new Set<string>(), refreshedAt: 0 };
    this.sessions.push(session);
    return session;
  }

  private refresh(refresh_token: string): Response {
    const reused = this.sessions.find(({ spent }) => spent.has(refresh_token));
    const isLast = [...(reused?.spent ?? [])].at(-1) === refresh_token;
    if (reused && isLast && Date.now() < reused.refreshedAt + this.refreshGrace)
      return this.tokens(200, reused);
    this.sessions = this.sessions.filter((session) => session !== reused);
    const session = this.sessions.find((one) => one.refresh_token === refresh_token);
    if (!session) return problemAnswer({ status: 401, code: reused ? 'token_reused' : 'invalid_token' });
    session.spent.add(refresh_token);
    session.refreshedAt = Date.now();
    session.access_token = this.name('access');
    session.refresh_token = this.name('refresh');
    return this.tokens(200, session);
  }

  private tokens(status: number, { person, access_token, refresh_token }: FakeSession): Response {
    const { user_id } = person;
    return jsonAnswer(status, {
      user_id,
      access_token,
      token_type: 'Bearer',
      expires_in: 900,
      refresh_token,
    });
  }

  private name(of: string): string {
    this.names += 1;
    return `${of}-${this.names}`;
  }
}

function headEvent(etag: string): Uint8Array {
  return new TextEncoder().encode(`id: "${etag}"\nevent: head\ndata: "${etag}"\n\n`);
}

function jsonAnswer(status: number, body: object): Response {
  return Response.json(body, { status });
}

function problemAnswer({ status, code, ...rest }: Refusal & { readonly detail?: string }): Response {
  const headers = { 'Content-Type': 'application/problem+json' };
  return new Response(JSON.stringify({ title: code, status, code, ...rest }), { status, headers });
}

// As fetch: whoever gives it up is told at once.
function ended<T>(signal: AbortSignal | null, answer: Promise<T>): Promise<T> {
  if (!signal) return answer;
  return new Promise((resolve, reject) => {
    const givesUp = () => reject(signal.reason);
    signal.addEventListener('abort', givesUp);
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', givesUp));
  });
}
