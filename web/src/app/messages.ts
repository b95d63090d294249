import { SessionEndedError } from '../sdk/engine/session';
import { StorageFullError } from '../sdk/store/store';
import { ApiError, BadAnswerError, OfflineError } from '../sdk/transport/errors';

const JUST_NOW_MS = 60_000;

export interface SyncState {
  readonly isSyncing: boolean;
  readonly waiting: number;
  readonly syncedAt: number | null;
}

/** "2 edits waiting · Synced at 14:05" */
export function statusText({ isSyncing, waiting, syncedAt }: SyncState, now: number): string {
  if (isSyncing) return 'Syncing…';
  const parts = [waiting > 0 && `${editsText(waiting)} waiting`, syncedText(syncedAt, now)];
  return parts.filter(Boolean).join(' · ') || 'Not synced yet';
}

export function editsText(count: number): string {
  return count === 1 ? '1 edit' : `${count} edits`;
}

/** What to tell a person about a sync that failed. Their edits are safe in every case. */
export function troubleText(error: unknown, now: number): string {
  if (error instanceof OfflineError) return 'The server cannot be reached. Your edits stay in this browser.';
  if (error instanceof ApiError) return apiTroubleText(error, now);
  const isForPeople = [SessionEndedError, StorageFullError, BadAnswerError].some(
    (type) => error instanceof type,
  );
  return isForPeople ? (error as Error).message : `Something went wrong in this page: ${String(error)}`;
}

/** What to tell a person whose edits were stored while news has to wait. */
export function deferredText(seconds: number, now: number): string {
  return `Your edits are synced. News from other devices comes ${waitText(seconds, now)}.`;
}

/** The time of day; with the date where it is another day. */
export function timeText(at: number, now: number): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(
    undefined,
    isToday ? time : { dateStyle: 'medium', timeStyle: 'short' },
  ).format(at);
}

function apiTroubleText({ code, message, retryAfter }: ApiError, now: number): string {
  const again = retryAfter === null ? '' : ` Next try ${waitText(retryAfter, now)}.`;
  if (code === 'read_paused' || code === 'quota_exhausted') {
    return `Sync paused (service at capacity). Tasks saved locally, will sync tomorrow.${again}`;
  }
  return `${message}${again}`;
}

function waitText(seconds: number, now: number): string {
  return seconds < 60 ? `in ${seconds} s` : `after ${timeText(now + seconds * 1_000, now)}`;
}

function syncedText(syncedAt: number | null, now: number): string | null {
  if (syncedAt === null) return null;
  return now - syncedAt < JUST_NOW_MS ? 'Synced just now' : `Synced at ${timeText(syncedAt, now)}`;
}
