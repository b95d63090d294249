// The mass-change guard (SPEC 6.3): an answer that would remove more than half of 20 or more local tasks is held
// until the person agrees. Pure.

export const GUARDED_TASKS_MIN = 20;

/** `removes` of the `of` tasks that live on this device. */
export function isMassChange(removes: number, of: number): boolean {
  return of >= GUARDED_TASKS_MIN && removes * 2 > of;
}
