import type { SyncStatus } from '@tidemark/sdk';
import { countText } from './count';
import { agoText, whenText } from './when';

/** How the line at the foot of the page looks. */
export type Mood = 'calm' | 'busy' | 'waiting' | 'offline' | 'paused' | 'attention';

export interface StatusLine {
  readonly mood: Mood;
  /** The state. */
  readonly text: string;
  /** What waits and since when, or when all was in step. Empty: the state says it. */
  readonly detail: string;
}

/** The truth about this device in one line. */
export function statusLine(status: SyncStatus, now: number): StatusLine {
  const waits = status.pending > 0;
  const detail = waits ? waitingText(status, now) : syncedText(status, now, 'Last synced');
  if (status.state === 'sign_in_needed') return { mood: 'attention', text: status.message, detail };
  if (status.held) return { mood: 'attention', text: 'A large deletion waits for your answer', detail };
  if (status.state === 'degraded') return { mood: 'paused', text: status.message, detail };
  if (status.state === 'offline') return { mood: 'offline', text: status.message || 'Offline', detail };
  if (status.overdue) return { mood: 'attention', text: 'Not sent for more than a day', detail };
  if (status.message !== '') return { mood: 'attention', text: status.message, detail };
  if (status.syncing) return { mood: 'busy', text: 'Syncing…', detail: waits ? detail : '' };
  if (waits) return { mood: 'waiting', text: detail, detail: '' };
  if (status.syncedAt === 0) return { mood: 'waiting', text: 'Not synced yet', detail: '' };
  return { mood: 'calm', text: syncedText(status, now, 'Synced'), detail: status.live ? 'Live' : '' };
}

/** "2 changes waiting since 14:03" */
function waitingText({ pending, oldestPending }: SyncStatus, now: number): string {
  const since = oldestPending === null ? '' : ` since ${whenText(oldestPending, now)}`;
  return `${countText(pending, 'change')} waiting${since}`;
}

function syncedText({ syncedAt }: SyncStatus, now: number, synced: string): string {
  if (syncedAt === 0) return '';
  const when = agoText(syncedAt, now);
  return /^\d/.test(when) ? `${synced} at ${when}` : `${synced} ${when}`;
}

/** What is worth interrupting for, to be read out once. Empty: nothing. */
export function announcement(before: SyncStatus, after: SyncStatus): string {
  if (after.conflicts > before.conflicts) return 'An edit met another device’s edit. See the sync panel.';
  if (after.rejected > before.rejected) return 'An edit was not accepted. See the sync panel.';
  if (after.held && !before.held) return 'A large deletion waits for your answer.';
  if (after.state === before.state) return '';
  if (after.state !== 'online') return after.message;
  // Who has just logged in was not out of step.
  if (before.state === 'sign_in_needed') return '';
  return after.pending > 0 ? 'The service answers again.' : 'Back in step with the service.';
}
