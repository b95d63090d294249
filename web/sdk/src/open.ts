import type { SyncManager } from './sync-manager';

export interface SyncOptions {
  /** Where the gateway is, e.g. "https://tasks.example.org". Absent: where the page came from. */
  readonly baseUrl?: string;
  /** Names the store in this browser, so that two of them can live side by side. Absent: "tidemark". */
  readonly name?: string;
}

/**
 * Opens the store in this browser and reads the tasks into memory; asks nobody. What the first version of the web
 * page kept here is taken over, once, unsent edits included.
 *
 * unsupported: no secure context, or a browser without IndexedDB or Web Locks. storage_newer: load the page again.
 */
export function openSyncManager(options: SyncOptions = {}): Promise<SyncManager> {
  throw new Error(`not built yet: ${options.name}`);
}
