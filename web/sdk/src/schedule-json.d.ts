// The build embeds the repository's client/schedule.json, whose numbers are every client library's.
declare module '*/client/schedule.json' {
  type Settings = import('./domain/schedule/settings').ScheduleSettings;
  const final: Settings['final'];

  export { final };
  export const v1: Settings['v1'];
  export const jitter: Settings['jitter'];
  export const inactive_after_seconds: Settings['inactive_after_seconds'];
  export const backoff: Settings['backoff'];
  export const wait: Settings['wait'];
  export const sparing: Settings['sparing'];
  export const unsent_overdue_seconds: Settings['unsent_overdue_seconds'];
}
