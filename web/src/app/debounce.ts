/** Does something once things have been quiet for a while. */
export class Debounce {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly quietMs: number,
    private readonly action: () => void,
  ) {}

  restart(): void {
    this.cancel();
    this.timer = setTimeout(this.action, this.quietMs);
  }

  cancel(): void {
    clearTimeout(this.timer);
  }
}
