import { signal } from '@preact/signals';
import type { Task } from '@tidemark/sdk';

/** As long as an undo is offered, at least. */
export const UNDO_MS = 10_000;

export interface Timers {
  set(run: () => void, ms: number): number;
  clear(timer: number): void;
}

/**
 * What was deleted last and can be brought back by one click. Deletions that follow each other while it is offered
 * are brought back together.
 */
export class Undo {
  readonly deleted = signal<readonly Task[]>([]);
  private timer: number | null = null;

  constructor(private readonly timers: Timers) {}

  add(task: Task): void {
    this.deleted.value = [...this.deleted.peek(), task];
    this.resume();
  }

  /** The person is about to decide: the offer stays. */
  pause(): void {
    if (this.timer !== null) this.timers.clear(this.timer);
    this.timer = null;
  }

  /** From now on it is offered for the whole time again. */
  resume(): void {
    this.pause();
    if (this.deleted.peek().length > 0) this.timer = this.timers.set(() => this.dismiss(), UNDO_MS);
  }

  dismiss(): void {
    this.pause();
    this.deleted.value = [];
  }

  /** What to bring back; nothing is offered any more. */
  take(): readonly Task[] {
    const tasks = this.deleted.peek();
    this.dismiss();
    return tasks;
  }
}
