import { computed, signal } from '@preact/signals';
import { CONTENT_BYTES_MAX, type Task } from '@tidemark/sdk';
import { isTooLong } from '../words/content';
import type { Model } from './model';

/** A task's text while a person edits it. However the editor ends, what was typed is stored or offered anew. */
export class TextEdit {
  readonly typed;
  /** Why it cannot be stored as it is. Empty: it can. */
  readonly fault = computed(() => faultOf(this.typed.value));
  private readonly id: string;
  /** Whose text it is: nobody else is offered it. */
  private readonly owner: string;
  /** The task's text when its editing began, or as it was stored from here last. */
  private began: string;
  /** The same, or what is on its way into the store. */
  private saved: string;
  private ended: 'left' | 'discarded' | null = null;

  constructor(
    private readonly model: Model,
    task: Task,
  ) {
    this.id = task.id;
    this.owner = model.status.peek().userId;
    this.began = task.content;
    this.saved = task.content;
    this.typed = signal(task.content);
  }

  type(content: string): void {
    this.typed.value = content;
    this.model.drafts.set(this.id, this.differs() ? content : '');
  }

  /** Something was typed that is not stored. */
  differs(): boolean {
    const content = this.typed.value;
    return content !== this.saved && content.trim() !== this.saved;
  }

  isChangedElsewhere(content: string): boolean {
    return content !== this.began && content !== this.saved;
  }

  /** The task has this text now: shown as well, unless something else was typed. */
  follow(content: string): void {
    if (this.isChangedElsewhere(content) && !this.differs()) this.revert(content);
  }

  /** Back to the text that the task has. */
  revert(content: string): void {
    this.began = content;
    this.saved = content;
    this.type(content);
  }

  /** True: all that was typed is stored, also what was typed meanwhile. */
  async save(): Promise<boolean> {
    if (!this.differs()) return true;
    // Deleted elsewhere: what was typed is offered anew as soon as the editor goes.
    if (this.fault.peek() !== '' || !this.model.manager.tasks().has(this.id)) return false;
    const content = this.typed.peek();
    const before = this.saved;
    // As the store will have it: what is typed is trimmed there.
    const sent = content.trim();
    this.saved = sent;
    const stored = await this.model.edit(this.id, content);
    if (this.saved === sent) this.saved = stored?.content ?? before;
    if (stored) this.began = stored.content;
    if (!stored && this.ended === 'left') this.handOver(content);
    if (!this.differs()) this.model.drafts.set(this.id, '');
    return stored !== null && this.typed.peek() === content;
  }

  /** The person does not want it. */
  discard(): void {
    if (this.ended) return;
    this.ended = 'discarded';
    this.model.drafts.set(this.id, '');
  }

  /** The editor goes, whoever wanted that. */
  leave(): void {
    if (this.ended) return;
    this.ended = 'left';
    if (this.differs()) this.handOver(this.typed.peek());
  }

  private handOver(content: string): void {
    if (this.owner === this.model.status.peek().userId) void this.model.leaveEditor(this.id, content);
  }
}

function faultOf(content: string): string {
  if (content.trim() === '') return 'A task needs a text.';
  if (isTooLong(content))
    return `This is too long: a task holds ${CONTENT_BYTES_MAX.toLocaleString()} bytes.`;
  return '';
}
