/** Waits for a time, or for being woken; what woke nobody wakes the next who waits. */
export class Alarm {
  private woken = false;
  private ring: (() => void) | null = null;

  wake(): void {
    this.woken = true;
    this.ring?.();
  }

  async wait(millis: number): Promise<void> {
    if (!this.woken) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      await new Promise<void>((resolve) => {
        this.ring = resolve;
        timer = setTimeout(resolve, Math.max(millis, 0));
      });
      clearTimeout(timer);
      this.ring = null;
    }
    this.woken = false;
  }
}

/** Waits for a time that nothing shortens but `signal`. */
export async function rest(millis: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ends = () => {};
  await new Promise<void>((resolve) => {
    ends = resolve;
    signal.addEventListener('abort', ends);
    timer = setTimeout(resolve, millis);
  });
  clearTimeout(timer);
  signal.removeEventListener('abort', ends);
}
