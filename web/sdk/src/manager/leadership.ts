import type { Held, Locks } from './locks';

/**
 * Which of the tabs on a store syncs by itself: the one that holds a lock. When it dies, the next in the queue leads; a
 * tab that the person looks at takes the lead, because a browser slows down what nobody looks at.
 */
export class Leadership {
  private started = false;
  private held: Held | null = null;
  private queued = new AbortController();

  constructor(
    private readonly locks: Locks,
    private readonly lockName: string,
    private readonly changed: (leads: boolean) => void,
  ) {}

  get leads(): boolean {
    return this.held !== null;
  }

  start(): void {
    if (this.started) return;
    this.started = true;
    this.queue();
  }

  takeLead(): void {
    if (!this.started || this.held) return;
    this.queued.abort();
    void this.lead(this.locks.steal(this.lockName));
  }

  stop(): void {
    this.started = false;
    this.queued.abort();
    this.end();
  }

  private queue(): void {
    this.queued = new AbortController();
    void this.lead(this.locks.hold(this.lockName, this.queued.signal));
  }

  private async lead(request: Promise<Held>): Promise<void> {
    const held = await request.catch(() => null);
    if (!held) return;
    if (!this.started || this.held) {
      held.release();
      return;
    }
    this.held = held;
    held.stolen.addEventListener('abort', () => {
      if (this.held !== held) return;
      this.end();
      if (this.started) this.queue();
    });
    this.changed(true);
  }

  private end(): void {
    if (!this.held) return;
    this.held.release();
    this.held = null;
    this.changed(false);
  }
}
