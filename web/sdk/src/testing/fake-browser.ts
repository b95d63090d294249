// What the tabs of one browser share, in memory.
import { SyncError } from '../domain/errors';
import { SCHEDULE_SETTINGS } from '../domain/schedule/settings';
import type { FirstStorage } from '../manager/first-version';
import type { Held, Locks } from '../manager/locks';
import { Manager } from '../manager/manager';
import type { TabMessage, Tabs } from '../manager/tabs';
import { MemoryDisk, MemoryStore } from '../store/memory-store';
import type { SyncManager } from '../sync-manager';
import { HttpTransport } from '../transport/http-transport';
import type { FakeService } from './fake-service';

interface Waiting {
  readonly grant: () => void;
}

/** Locks of tabs in one process: first come, first served. */
export class MemoryLocks implements Locks {
  private readonly holders = new Map<string, { readonly stolen: AbortController }>();
  private readonly queues = new Map<string, Waiting[]>();

  hold(name: string, signal: AbortSignal): Promise<Held> {
    return new Promise((resolve, reject) => {
      const waiting = { grant: () => resolve(this.grant(name)) };
      const queue = this.queueOf(name);
      const givesUp = () => {
        const index = queue.indexOf(waiting);
        if (index >= 0) queue.splice(index, 1);
        reject(new SyncError('cancelled', 'It was given up.'));
      };
      if (signal.aborted) return givesUp();
      signal.addEventListener('abort', givesUp);
      queue.push(waiting);
      this.next(name);
    });
  }

  async tryHold(name: string): Promise<Held | null> {
    return this.holders.has(name) ? null : this.grant(name);
  }

  async steal(name: string): Promise<Held> {
    const before = this.holders.get(name);
    const held = this.grant(name);
    before?.stolen.abort();
    return held;
  }

  private grant(name: string): Held {
    const holder = { stolen: new AbortController() };
    this.holders.set(name, holder);
    const release = () => {
      if (this.holders.get(name) !== holder) return;
      this.holders.delete(name);
      this.next(name);
    };
    return { release, stolen: holder.stolen.signal };
  }

  private next(name: string): void {
    if (!this.holders.has(name)) this.queueOf(name).shift()?.grant();
  }

  private queueOf(name: string): Waiting[] {
    const queue = this.queues.get(name) ?? [];
    this.queues.set(name, queue);
    return queue;
  }
}

export interface FakeTabOptions {
  readonly service: FakeService;
  /** Unix milliseconds; the clock if absent. */
  readonly now?: () => number;
  readonly firstVersion?: FirstStorage;
}

/** A browser in memory: each openTab() is a manager of its own on what they share. */
export class FakeBrowser {
  readonly disk = new MemoryDisk();
  readonly locks = new MemoryLocks();
  private readonly tabs = new Set<(message: TabMessage) => void>();
  private names = 0;

  openTab({ service, now = Date.now, firstVersion }: FakeTabOptions): Promise<SyncManager> {
    const ports = {
      store: new MemoryStore(this.disk),
      transport: new HttpTransport(service.fetch, ''),
      locks: this.locks,
      tabs: this.newTabs(),
      now,
      draw: () => 0.5,
      newId: () => this.newName(),
      newDeviceId: () => `web-${this.newName()}`,
      utcOffset: () => 0,
      firstVersion: firstVersion ?? null,
    };
    return Manager.open(ports, { name: 'tidemark', protocol: 'final', settings: SCHEDULE_SETTINGS });
  }

  /** What tabs tell each other meanwhile is not heard, as when a browser has put them to sleep. */
  async deafen(step: () => Promise<void>): Promise<void> {
    const tabs = [...this.tabs];
    this.tabs.clear();
    await step();
    for (const heard of tabs) this.tabs.add(heard);
  }

  // Unlike those of any other browser.
  private newName(): string {
    this.names += 1;
    return `id-${this.names}-${Math.random().toString(36).slice(2)}`;
  }

  private newTabs(): Tabs {
    let own: ((message: TabMessage) => void) | null = null;
    return {
      tell: (message) => {
        for (const heard of this.tabs) if (heard !== own) queueMicrotask(() => heard(message));
      },
      listen: (heard) => {
        own = heard;
        this.tabs.add(heard);
      },
      close: () => {
        if (own) this.tabs.delete(own);
      },
    };
  }
}
