import { SyncError } from '../domain/errors';
import type { SyncTransport } from '../transport/sync-transport';
import { Alarm } from './alarm';
import { isTokenRefused, type Renewed } from './session';

const PAUSE_FIRST_MS = 1_000;
const PAUSE_LONGEST_MS = 300_000;
const DOUBLINGS_MAX = 10;
// A stream that has been open for as long is no longer a matter of luck: a proxy that ends each one after its first
// event must not have it opened at once for good.
const STEADY_MS = 30_000;

export interface StreamHooks {
  readonly token: (signal: AbortSignal) => Promise<Renewed>;
  readonly renew: (refused: string, signal: AbortSignal) => Promise<unknown>;
  readonly opened: (isOpen: boolean) => void;
  /** It has been open for a while. */
  readonly steady: () => void;
  readonly head: (etag: string) => void;
  readonly draw: () => number;
}

/**
 * Follows `GET /sync/stream` (SPEC 3.5) for as long as it is wanted, and opens it again with growing pauses. While there
 * is none, the schedule's timers are what brings news.
 */
export class LiveStream {
  private attempt: AbortController | null = null;
  private ended: Promise<void> = Promise.resolve();
  private failures = 0;
  private readonly alarm = new Alarm();

  constructor(
    private readonly transport: SyncTransport,
    private readonly hooks: StreamHooks,
  ) {}

  setWanted(wanted: boolean): void {
    if (wanted === (this.attempt !== null)) return;
    if (!wanted) {
      this.attempt?.abort();
      this.attempt = null;
      this.alarm.wake();
      return;
    }
    const attempt = new AbortController();
    this.attempt = attempt;
    this.failures = 0;
    this.ended = this.ended.then(() => this.run(attempt.signal));
  }

  /** The network may be back. */
  tryNow(): void {
    this.alarm.wake();
  }

  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void> {
    this.setWanted(false);
    return this.ended;
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const asked = await this.follow(signal);
      if (!signal.aborted) await this.alarm.wait(asked * 1_000 + this.pause());
    }
  }

  // The seconds that the service asked to wait.
  private async follow(signal: AbortSignal): Promise<number> {
    this.failures += 1;
    let isOpen = false;
    let steady: ReturnType<typeof setTimeout> | undefined;
    let token = '';
    try {
      token = (await this.hooks.token(signal)).access_token;
      await this.transport.watch({ token, signal }, (etag) => {
        if (!isOpen) {
          isOpen = true;
          steady = setTimeout(() => this.isSteady(), STEADY_MS);
          this.hooks.opened(true);
        }
        this.hooks.head(etag);
      });
      return 0;
    } catch (error) {
      if (isTokenRefused(error) && token !== '') await this.hooks.renew(token, signal).catch(() => {});
      return error instanceof SyncError ? (error.retry_after ?? 0) : 0;
    } finally {
      clearTimeout(steady);
      if (isOpen) this.hooks.opened(false);
    }
  }

  private isSteady(): void {
    this.failures = 0;
    this.hooks.steady();
  }

  // A stream that was open ends with its token, or with the server: many are opened again at the same time.
  private pause(): number {
    const doublings = Math.min(Math.max(this.failures - 1, 0), DOUBLINGS_MAX);
    return Math.min(PAUSE_LONGEST_MS, PAUSE_FIRST_MS * 2 ** doublings) * this.hooks.draw();
  }
}
