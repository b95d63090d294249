import { SyncError } from './domain/errors';
import { SCHEDULE_SETTINGS } from './domain/schedule/settings';
import { WebLocks } from './manager/locks';
import { Manager } from './manager/manager';
import { BroadcastTabs } from './manager/tabs';
import { IdbStore } from './store/idb-store';
import type { SyncManager } from './sync-manager';
import { HttpTransport } from './transport/http-transport';

export interface SyncOptions {
  /** Where the gateway is, e.g. "https://tasks.example.org". Absent: where the page came from. */
  readonly baseUrl?: string;
  /** Names the store in this browser, so that two of them can live side by side. Absent: "tidemark". */
  readonly name?: string;
  /**
   * How a person would call this device, as the beginning of its id, e.g. "firefox-android": letters, digits and
   * -, at most 24. Absent: "web". A device that has an id keeps it.
   */
  readonly deviceLabel?: string;
  /** Which generation of the protocol is spoken (SPEC 3, 4). Absent: "final". */
  readonly protocol?: 'final' | 'v1';
}

/**
 * Opens the store in this browser and reads the tasks into memory; asks nobody. What the first version of the web
 * page kept here is taken over, once, unsent edits included.
 *
 * unsupported: no secure context, or a browser from before 2024. storage_newer: load the page again.
 * first_version_open: the first version of the page is open in another tab.
 */
export async function openSyncManager(options: SyncOptions = {}): Promise<SyncManager> {
  const { baseUrl = '', name = 'tidemark', protocol = 'final', deviceLabel = 'web' } = options;
  const isModern = globalThis.indexedDB && navigator.locks && 'any' in AbortSignal;
  if (!globalThis.isSecureContext || !isModern) {
    const message = 'Tidemark needs a secure address (https, or localhost) and a browser of these days.';
    throw new SyncError('unsupported', message);
  }
  const store = await IdbStore.open(name);
  try {
    const ports = {
      store,
      transport: new HttpTransport((...request) => fetch(...request), baseUrl),
      locks: new WebLocks(navigator.locks),
      tabs: new BroadcastTabs(name),
      now: Date.now,
      draw: Math.random,
      newId: () => crypto.randomUUID(),
      // So that a person who looks at their devices sees which is which.
      newDeviceId: () => `${deviceLabel}-${crypto.randomUUID()}`,
      utcOffset: () => -new Date().getTimezoneOffset() * 60,
      firstVersion: name === 'tidemark' ? localStorage : null,
    };
    return await Manager.open(ports, { name, protocol, settings: SCHEDULE_SETTINGS });
  } catch (error) {
    store.close();
    throw error;
  }
}
