// The numbers stand in the repository's client/schedule.json, for every client library; the build embeds them.
declare module '*/client/schedule.json' {
  export const v1: { debounce_seconds: number; debounce_bound_seconds: number; timer_seconds: number };
  const final: {
    debounce_seconds: number;
    debounce_bound_seconds: number;
    front_timers_seconds: number[];
    behind_active_seconds: number;
    behind_inactive_seconds: number;
    visit_gap_seconds: number;
    head_gather_seconds: number;
  };

  export { final };
  export const jitter: number;
  export const inactive_after_seconds: number;
  export const backoff: { first_seconds: number; longest_seconds: number };
  export const wait: {
    midnight_spread_seconds: number;
    refused_seconds: number;
    deferred_shortest_seconds: number;
    server_longest_seconds: number;
    run_longest_seconds: number;
  };
  export const sparing: {
    low: number;
    debounce_longest_seconds: number;
    debounce_bound_longest_seconds: number;
    reserve_longest_seconds: number;
    head_gather_longest_seconds: number;
  };
  export const unsent_overdue_seconds: number;
}
