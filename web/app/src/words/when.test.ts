import { describe, expect, it } from 'vitest';
import { agoText, waitText, whenText } from './when';

const NOW = new Date(2026, 2, 12, 14, 5).getTime();
const HOUR = 3_600_000;
// Words for times are the browser's, in the person's language: what is said of the day is ours.
const clock = (at: number) =>
  new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' }).format(at);

describe('times in words', () => {
  it('tell only the time of day within the day', () => {
    expect(whenText(NOW - HOUR, NOW)).toBe(clock(NOW - HOUR));
  });

  it('name yesterday', () => {
    expect(whenText(NOW - 24 * HOUR, NOW)).toBe(`yesterday ${clock(NOW)}`);
  });

  it('name the day within the year, and the year of another', () => {
    expect(whenText(NOW - 40 * 24 * HOUR, NOW)).not.toContain('2026');
    expect(whenText(NOW - 400 * 24 * HOUR, NOW)).toContain('2025');
  });

  it('say just now for a minute', () => {
    expect(agoText(NOW - 59_000, NOW)).toBe('just now');
    expect(agoText(NOW - 61_000, NOW)).toBe(clock(NOW - 61_000));
  });

  it.each([
    [0, 'in 1 s'],
    [20, 'in 20 s'],
    [90, 'in 2 min'],
    [2 * 3_600, `at ${clock(NOW + 2 * HOUR)}`],
    [12 * 3_600, `tomorrow at ${clock(NOW + 12 * HOUR)}`],
  ])('tell a wait of %d s as %s', (seconds, text) => {
    expect(waitText(seconds, NOW)).toBe(text);
  });
});
