import { expect, test } from 'vitest';
import { ApiError, OfflineError } from '../sdk/transport/errors';
import { deferredText, statusText, timeText, troubleText } from './messages';

const noon = new Date(2026, 0, 15, 12, 0, 0).getTime();
const minute = 60_000;

test.each([
  { name: 'a page that never synced', state: { syncedAt: null }, text: 'Not synced yet' },
  { name: 'a sync under way', state: { isSyncing: true }, text: 'Syncing…' },
  { name: 'a sync some seconds ago', state: { syncedAt: noon - 5_000 }, text: 'Synced just now' },
  { name: 'one edit', state: { waiting: 1, syncedAt: noon }, text: '1 edit waiting · Synced just now' },
  { name: 'two edits, never synced', state: { waiting: 2, syncedAt: null }, text: '2 edits waiting' },
])('the status of $name is "$text"', ({ state, text }) => {
  expect(statusText({ isSyncing: false, waiting: 0, syncedAt: null, ...state }, noon)).toBe(text);
});

test('a sync of a minute ago is named by its time', () => {
  const syncedAt = noon - minute;

  expect(statusText({ isSyncing: false, waiting: 0, syncedAt }, noon)).toBe(
    `Synced at ${timeText(syncedAt, noon)}`,
  );
});

test('a time on another day comes with its date', () => {
  expect(timeText(noon + 24 * 60 * minute, noon)).toContain('2026');
  expect(timeText(noon + minute, noon)).not.toContain('2026');
});

test('a limit says when the next try can succeed', () => {
  const error = new ApiError(429, 'rate_limited', 'Too many syncs.', 90);

  expect(troubleText(error, noon)).toBe(`Too many syncs. Next try after ${timeText(noon + 90_000, noon)}.`);
});

test('a wait of less than a minute is told in seconds', () => {
  const error = new ApiError(503, 'unavailable', 'The service cannot be reached.', 5);

  expect(troubleText(error, noon)).toBe('The service cannot be reached. Next try in 5 s.');
});

test.each(['read_paused', 'quota_exhausted'])('at capacity (%s) the documented sentence is shown', (code) => {
  expect(troubleText(new ApiError(503, code, 'Read-only sync paused', null), noon)).toBe(
    'Sync paused (service at capacity). Tasks saved locally, will sync tomorrow.',
  );
});

test('offline, people learn that their edits are safe', () => {
  expect(troubleText(new OfflineError('x'), noon)).toContain('Your edits stay in this browser');
});

test('a deferred pull says that edits are stored and when news comes', () => {
  expect(deferredText(60, noon)).toContain(timeText(noon + minute, noon));
});
