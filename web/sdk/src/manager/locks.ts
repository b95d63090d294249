// What lets tabs wait for one another. The adapter is Web Locks: a browser lets go of what a tab held when it dies.
import { SyncError } from '../domain/errors';
import { rest } from './alarm';

export interface Held {
  release(): void;
  /** Another has stolen it. */
  readonly stolen: AbortSignal;
}

export interface Locks {
  /** Waits for its turn. cancelled: `signal` ended the wait. */
  hold(name: string, signal: AbortSignal): Promise<Held>;
  /** Null: another holds it. */
  tryHold(name: string): Promise<Held | null>;
  /** At once, whoever holds it. */
  steal(name: string): Promise<Held>;
}

export class WebLocks implements Locks {
  constructor(private readonly manager: LockManager) {}

  async hold(name: string, signal: AbortSignal): Promise<Held> {
    return must(await this.request(name, { signal }));
  }

  tryHold(name: string): Promise<Held | null> {
    return this.request(name, { ifAvailable: true });
  }

  async steal(name: string): Promise<Held> {
    return must(await this.request(name, { steal: true }));
  }

  private request(name: string, options: LockOptions): Promise<Held | null> {
    const stolen = new AbortController();
    return new Promise((resolve, reject) => {
      const granted = (lock: Lock | null) => {
        if (lock) return new Promise<void>((release) => resolve({ release, stolen: stolen.signal }));
        resolve(null);
        return undefined;
      };
      // Rejected once more after it was granted: it is stolen.
      this.manager.request(name, options, granted).catch((cause: unknown) => {
        stolen.abort();
        reject(new SyncError('cancelled', 'It was given up.', { cause }));
      });
    });
  }
}

/** Waits for its turn for `millis` at most. Null: its turn has not come by then, or `signal` ended the wait. */
export async function holdFor(
  locks: Locks,
  name: string,
  millis: number,
  signal: AbortSignal,
): Promise<Held | null> {
  if (millis <= 0) return locks.tryHold(name);
  const [granted, givesUp] = [new AbortController(), new AbortController()];
  const wait = rest(millis, AbortSignal.any([signal, granted.signal])).then(() => givesUp.abort());
  const held = await locks.hold(name, givesUp.signal).catch(() => null);
  granted.abort();
  await wait;
  return held;
}

/** Runs `step` with the lock held. */
export async function within<T>(held: Held, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } finally {
    held.release();
  }
}

function must(held: Held | null): Held {
  if (!held) throw new SyncError('cancelled', 'The lock was not granted.');
  return held;
}
