import { describe, expect, it } from 'vitest';
import { statusWith } from '../testing/fake-manager';
import { announcement, statusLine } from './status';
import { whenText } from './when';

const NOW = new Date(2026, 2, 12, 14, 5).getTime();
const SINCE = NOW - 120_000;
const PAUSED = 'Sync paused (service at capacity). Tasks saved locally, will sync tomorrow.';
const OFFLINE = 'Offline. Tasks saved locally, will sync when the server can be reached.';
const HELD = { removes: 30, of: 40, since: NOW, cursor: 1, etag: '', whole_state: 0 };
const two = { pending: 2, oldestPending: SINCE };
const waiting = `2 changes waiting since ${whenText(SINCE, NOW)}`;

describe('the status line', () => {
  it('says that all is in step, and since when', () => {
    const line = statusLine(statusWith({ syncedAt: NOW - 10_000 }), NOW);
    expect(line).toEqual({ mood: 'calm', text: 'Synced just now', detail: '' });
  });

  it('says that edits elsewhere come at once', () => {
    expect(statusLine(statusWith({ syncedAt: NOW, live: true }), NOW).detail).toBe('Live');
  });

  it('says how many changes wait, and since when', () => {
    expect(statusLine(statusWith({ ...two, syncedAt: NOW }), NOW)).toMatchObject({
      mood: 'waiting',
      text: waiting,
    });
  });

  it('says so while it syncs', () => {
    const line = statusLine(statusWith({ ...two, syncing: true }), NOW);
    expect(line).toEqual({ mood: 'busy', text: 'Syncing…', detail: waiting });
  });

  it.each([
    ['degraded', PAUSED, 'paused'],
    ['offline', OFFLINE, 'offline'],
    ['sign_in_needed', 'Log in again to sync. Tasks saved locally.', 'attention'],
  ] as const)('of a device that is %s says why, and what waits', (state, message, mood) => {
    expect(statusLine(statusWith({ ...two, state, message }), NOW)).toEqual({
      mood,
      text: message,
      detail: waiting,
    });
  });

  it('does not pass off the last sync as the state of a device that is cut off', () => {
    const line = statusLine(statusWith({ state: 'offline', message: OFFLINE, syncedAt: NOW }), NOW);
    expect(line.detail).toBe('Last synced just now');
  });

  it('never calls a device synced that has never been', () => {
    expect(statusLine(statusWith({}), NOW).text).toBe('Not synced yet');
  });

  it.each([
    ['an answer that waits for the person', { held: HELD }],
    ['an edit that waits for more than a day', { overdue: true, ...two }],
  ])('asks for attention for %s', (_, changes) => {
    expect(statusLine(statusWith({ syncedAt: NOW, ...changes }), NOW).mood).toBe('attention');
  });
});

describe('what is read out', () => {
  it('is the sentence of a new state, once', () => {
    const offline = statusWith({ state: 'offline', message: OFFLINE });
    expect(announcement(statusWith({}), offline)).toBe(OFFLINE);
    expect(announcement(offline, offline)).toBe('');
  });

  it('is a new conflict, not one that was put away', () => {
    expect(announcement(statusWith({}), statusWith({ conflicts: 1 }))).toContain('met another device');
    expect(announcement(statusWith({ conflicts: 1 }), statusWith({}))).toBe('');
  });

  it('is that all is in step only where it is, and nothing of a login', () => {
    const offline = statusWith({ state: 'offline', message: OFFLINE });
    expect(announcement(offline, statusWith({}))).toBe('Back in step with the service.');
    expect(announcement(offline, statusWith({ pending: 1 }))).toBe('The service answers again.');
    expect(announcement(statusWith({ state: 'sign_in_needed' }), statusWith({}))).toBe('');
  });

  it('is nothing of an ordinary sync', () => {
    expect(announcement(statusWith({ syncing: true }), statusWith({ syncedAt: NOW }))).toBe('');
  });
});
