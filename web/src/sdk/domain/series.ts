import type { FullResyncReason, Page, Request } from './answer';
import { applyPage } from './pull';
import { settle } from './push';
import { newReplica, type Replica } from './replica';
import { dropUnnamed, offerDifferences } from './resync';

export interface SeriesSources {
  readonly now: number;
  readonly newDeviceId: () => string;
}

/**
 * The pages that together answer one request.
 *
 * Rows are stored as pages come. The cursor moves and changes leave the queue only with the last page, in one step:
 * a series cut short is asked for again, and its frozen changes are then known as retries.
 */
export class Series {
  private readonly told = new Set<string>();
  private readonly rejected: Page['rejected'][number][] = [];
  private reason: FullResyncReason | null = null;
  // The state of a rewound server is held apart: it must not pass for news about our rows.
  private rewound: Replica | null = null;

  constructor(private readonly request: Pick<Request, 'last_sync' | 'changes'>) {}

  /** Stores a page that is not the last. */
  store(replica: Replica, page: Page): Replica {
    this.note(page);
    if (this.reason !== 'rewound') return applyPage(replica, page);
    this.rewound = applyPage(this.rewound ?? newReplica(replica.user_id, replica.device_id), page);
    return replica;
  }

  /** Stores the last page and all that follows from having the whole answer. */
  finish(replica: Replica, page: Page, sources: SeriesSources): Replica {
    const next = this.concluded(this.store(replica, page), sources.newDeviceId);
    return {
      ...next,
      cursor: page.server_time,
      epoch: page.epoch,
      etag: page.etag,
      synced_at: page.deferred_for === null ? sources.now : replica.synced_at,
    };
  }

  private note(page: Page): void {
    this.reason ??= page.full_resync_reason;
    this.rejected.push(...page.rejected);
    for (const { id } of page.updates) this.told.add(id);
    for (const id of page.deleted) this.told.add(id);
  }

  private concluded(replica: Replica, newDeviceId: () => string): Replica {
    if (this.rewound) return offerDifferences(replica, this.rewound.rows);
    const { changes } = this.request;
    const settled = settle(replica, { changes, told: this.told, rejected: this.rejected }, newDeviceId);
    if (!this.isWholeState()) return settled;
    return dropUnnamed(settled, new Set([...this.told, ...changes.map((change) => change.id)]));
  }

  // A first sync names no deletions either: what an earlier series brought before it was cut short may be gone.
  private isWholeState(): boolean {
    return this.reason === 'purged' || this.request.last_sync === 0;
  }
}
