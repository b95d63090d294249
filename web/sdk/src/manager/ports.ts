import type { Protocol } from '../domain/schedule/schedule';
import type { ScheduleSettings } from '../domain/schedule/settings';
import type { LocalStore } from '../store/local-store';
import type { SyncTransport } from '../transport/sync-transport';
import type { FirstStorage } from './first-version';
import type { Locks } from './locks';
import type { Tabs } from './tabs';

/** What a manager stands on. */
export interface Ports {
  readonly store: LocalStore;
  readonly transport: SyncTransport;
  readonly locks: Locks;
  readonly tabs: Tabs;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** 0 … 1, 1 excluded. */
  readonly draw: () => number;
  /** A name that nobody else has. */
  readonly newId: () => string;
  readonly newDeviceId: () => string;
  /** Seconds by which the person's day begins before UTC's. */
  readonly utcOffset: () => number;
  /** What the first version of the web page kept here. */
  readonly firstVersion: FirstStorage | null;
}

export interface Circumstances {
  readonly name: string;
  readonly protocol: Protocol;
  readonly settings: ScheduleSettings;
}
