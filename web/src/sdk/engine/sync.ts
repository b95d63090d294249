import type { Page, Request } from '../domain/answer';
import { freezeBatch } from '../domain/queue';
import { Series } from '../domain/series';
import type { Change } from '../domain/task';
import type { LiveReplica } from '../store/live-replica';
import { ApiError, BadAnswerError } from '../transport/errors';
import type { SyncApi } from '../transport/sync-api';

/** A run that has not emptied the queue after this many requests with changes leaves the rest to the next run. */
export const ROUNDS_MAX = 20;
export const PAGES_MAX = 10_000;

export interface Sources {
  readonly now: () => number;
  readonly newId: () => string;
}

export interface SyncResult {
  /** Seconds. Not null: the edits are stored, but news of other devices has to wait this long. */
  readonly deferred_for: number | null;
}

/**
 * Brings a replica and the server together. The run may end at any line, by an error or by the closing of the page,
 * and the next run takes up from what is stored.
 *
 * One run at a time: the caller sees to it.
 */
export class Sync {
  constructor(
    private readonly api: SyncApi,
    private readonly live: LiveReplica,
    private readonly sources: Sources,
  ) {}

  /** Throws what SyncApi throws, StorageFullError and SessionEndedError. */
  async run(): Promise<SyncResult> {
    if (await this.isCurrent()) {
      this.live.update((replica) => ({ ...replica, synced_at: this.sources.now() }));
      return { deferred_for: null };
    }
    for (let round = 1; round <= ROUNDS_MAX; ++round) {
      const result = await this.roundUnlessExpired();
      if (result && (this.live.current.pending.size === 0 || round === ROUNDS_MAX)) return result;
    }
    throw new BadAnswerError('The server lets its pages expire faster than they can be read.');
  }

  // A device with pending edits never only checks: it pushes.
  private async isCurrent(): Promise<boolean> {
    const { pending, etag, device_id } = this.live.current;
    return pending.size === 0 && etag !== null && (await this.api.isCurrent(etag, device_id));
  }

  // Null: a page was older than a purge, and the series has to start over.
  private async roundUnlessExpired(): Promise<SyncResult | null> {
    try {
      return await this.round();
    } catch (error) {
      if (error instanceof ApiError && error.code === 'page_expired') return null;
      throw error;
    }
  }

  // Push, then pull to the last page.
  private async round(): Promise<SyncResult> {
    const changes = this.freeze();
    const request = this.requestWith(changes);
    const series = new Series(request);
    let page = await this.api.sync(request);
    for (let pages = 1; page.page !== null; ++pages) {
      if (pages === PAGES_MAX) throw new BadAnswerError(`The server sent more than ${PAGES_MAX} pages.`);
      const stored: Page = page;
      this.live.update((replica) => series.store(replica, stored));
      page = await this.api.sync({ ...request, changes: [], etag: null, page: page.page });
    }
    const last = page;
    const sources = { now: this.sources.now(), newDeviceId: this.sources.newId };
    this.live.update((replica) => series.finish(replica, last, sources));
    return { deferred_for: last.deferred_for };
  }

  // Stored before it is sent, so that a retry is the same to the byte whatever happens in between.
  private freeze(): readonly Change[] {
    const { replica, changes } = freezeBatch(this.live.current);
    if (changes.length > 0) this.live.update(() => replica);
    return changes;
  }

  private requestWith(changes: readonly Change[]): Request {
    const { cursor, epoch, device_id, acked, etag } = this.live.current;
    return {
      last_sync: cursor,
      epoch,
      device_id,
      acked,
      client_time: this.sources.now(),
      etag,
      page: null,
      changes,
    };
  }
}
