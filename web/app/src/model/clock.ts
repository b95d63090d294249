import { signal } from '@preact/signals';

const TICK_MS = 15_000;

/** The time as far as words such as "just now" need it; stands still while nobody looks. */
export const now = signal(Date.now());

export function startClock(): void {
  const tick = () => {
    if (!document.hidden) now.value = Date.now();
  };
  setInterval(tick, TICK_MS);
  document.addEventListener('visibilitychange', tick);
}
