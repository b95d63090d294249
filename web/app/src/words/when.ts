const time = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const dayAndTime = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: 'numeric',
  minute: '2-digit',
});
const dateAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

const DAY_MS = 86_400_000;
const JUST_NOW_MS = 60_000;

/** "14:05", "yesterday 14:05", "12 Mar, 14:05", "12 Mar 2024, 14:05": as much as tells it apart. */
export function whenText(at: number, now: number): string {
  const day = dayOf(at);
  const today = dayOf(now);
  if (day === today) return time.format(at);
  if (day === today - DAY_MS) return `yesterday ${time.format(at)}`;
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? dayAndTime : dateAndTime).format(at);
}

/** The same, and "just now" within the last minute. */
export function agoText(at: number, now: number): string {
  return Math.abs(now - at) < JUST_NOW_MS ? 'just now' : whenText(at, now);
}

/** How long to wait, for a person: "in 20 s", "in 5 min", "at 00:12", "tomorrow at 00:12". */
export function waitText(seconds: number, now: number): string {
  if (seconds < 60) return `in ${Math.max(1, Math.ceil(seconds))} s`;
  if (seconds < 3_600) return `in ${Math.ceil(seconds / 60)} min`;
  const at = now + seconds * 1_000;
  return dayOf(at) === dayOf(now) ? `at ${time.format(at)}` : `tomorrow at ${time.format(at)}`;
}

// The day in the person's time zone, as the milliseconds of its date in UTC, where all days are equally long.
function dayOf(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
}
