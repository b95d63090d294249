import type { ScheduleSettings } from '../domain/schedule/settings';
import { isOverdue } from '../domain/schedule/watchdog';
import type { SyncStatus } from '../sync-manager';
import type { ScheduleKeeper } from './schedule-keeper';
import type { Parts } from './snapshot';

/** What is true of the tabs rather than of the store. */
export interface Here {
  readonly live: boolean;
  readonly leading: boolean;
}

export function statusOf(
  parts: Parts,
  schedule: ScheduleKeeper,
  settings: ScheduleSettings,
  here: Here,
  now: number,
): SyncStatus {
  const { replica, owner, oldestPending } = parts;
  return {
    state: schedule.isLoggedOut ? 'sign_in_needed' : schedule.state,
    since: schedule.since,
    // Who never logged in need not do so again.
    message: owner ? schedule.message : '',
    loggedIn: !schedule.isLoggedOut,
    email: owner?.email ?? '',
    userId: owner?.user_id ?? '',
    deviceId: replica.device_id,
    pending: parts.pending,
    oldestPending,
    overdue: isOverdue(oldestPending, settings.unsent_overdue_seconds, now),
    rejected: parts.rejections.length,
    conflicts: parts.conflicts.length,
    held: replica.held,
    syncedAt: replica.synced_at,
    nextDue: schedule.next?.at ?? null,
    live: here.live,
    syncing: schedule.isRunning,
    leading: here.leading,
  };
}

export function sameStatus(a: SyncStatus, b: SyncStatus): boolean {
  const names = Object.keys(a) as (keyof SyncStatus)[];
  return names.every((name) =>
    name === 'held' ? JSON.stringify(a.held) === JSON.stringify(b.held) : a[name] === b[name],
  );
}
