import type { TaskState } from '../domain/task-state';
import type { LocalStore, Transaction, Writes } from '../store/local-store';
import { NOTES } from './notes';
import { NO_PARTS, type Parts, readParts, Snapshot } from './snapshot';
import type { TabMessage, Tabs } from './tabs';

const LIST_AT_ONCE = 1_000;

export interface KeptHooks {
  /** After each stored step, with the snapshot as it is then. */
  readonly tasks: (changed: ReadonlySet<string>) => void;
  readonly parts: (parts: Parts) => void;
}

/**
 * The store together with what is kept of it in memory: what is written is seen at once, by this tab and by others.
 * Each write has a revision, by which a tab notices that it was not told of one (it was asleep).
 */
export class KeptStore implements Writes {
  readonly snapshot = new Snapshot();
  parts: Parts = NO_PARTS;
  // Revisions up to this are in the snapshot; and some later ones.
  private seen = 0;
  private readonly seenLater = new Set<number>();
  private unread: Set<string> | null = null;
  private reading: Promise<void> | null = null;

  constructor(
    private readonly store: LocalStore,
    private readonly tabs: Tabs,
    private readonly hooks: KeptHooks,
  ) {}

  async write<T>(body: (tx: Transaction) => Promise<T>): Promise<T> {
    const { result, parts, tasks } = await this.store.write(async (tx) => {
      const result = await body(tx);
      const revision = (((await tx.getNote(NOTES.revision)) as number | undefined) ?? 0) + 1;
      tx.putNote(NOTES.revision, revision);
      const isListKnown = !tx.touched.lists && this.seen === revision - 1;
      const parts = await readParts(tx, isListKnown ? this.parts : null);
      return { result, parts, tasks: tx.touched.tasks };
    });
    this.note(parts.revision);
    this.take(tasks.values(), parts);
    this.tabs.tell({ is: 'wrote', revision: parts.revision, ids: [...tasks.keys()] });
    return result;
  }

  read<T>(body: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.store.read(body);
  }

  /** Nothing is left of what was kept; all tabs see it. */
  async erase(): Promise<void> {
    const parts = await this.store.write(async (tx) => {
      const revision = ((await tx.getNote(NOTES.revision)) as number | undefined) ?? 0;
      tx.clear();
      tx.putNote(NOTES.revision, revision + 1);
      return readParts(tx, null);
    });
    this.note(parts.revision);
    this.takeAll([], parts);
    this.tabs.tell({ is: 'wrote', revision: parts.revision, ids: null });
  }

  /** Reads everything. */
  async reload(): Promise<void> {
    const { states, parts } = await this.store.read(async (tx) => {
      const states: TaskState[] = [];
      for (
        let more = await listFrom(tx, '');
        more.length > 0;
        more = await listFrom(tx, more.at(-1)?.id ?? '')
      ) {
        states.push(...more);
      }
      return { states, parts: await readParts(tx, null) };
    });
    this.seen = parts.revision;
    this.seenLater.clear();
    this.takeAll(states, parts);
  }

  /** Reads what another tab has written. */
  async heard(message: TabMessage & { readonly is: 'wrote' }): Promise<void> {
    if (message.revision <= this.seen) return;
    this.note(message.revision);
    if (!message.ids) return this.reload();
    this.unread = new Set([...(this.unread ?? []), ...message.ids]);
    this.reading ??= this.readUnread();
    return this.reading;
  }

  /** Reads everything, if something was written that this tab was not told of. */
  async catchUp(): Promise<void> {
    const revision = await this.store.read((tx) => tx.getNote(NOTES.revision));
    if (((revision as number | undefined) ?? 0) !== this.seen) await this.reload();
  }

  private async readUnread(): Promise<void> {
    try {
      while (this.unread) {
        const ids = [...this.unread];
        this.unread = null;
        const { states, parts } = await this.store.read(async (tx) => ({
          states: await tx.getMany(ids),
          parts: await readParts(tx, null),
        }));
        this.take(states, parts);
      }
    } finally {
      this.reading = null;
    }
  }

  private note(revision: number): void {
    this.seenLater.add(revision);
    while (this.seenLater.delete(this.seen + 1)) this.seen += 1;
  }

  private take(states: Iterable<TaskState>, parts: Parts): void {
    this.tell(this.snapshot.take(states), parts);
  }

  private takeAll(states: readonly TaskState[], parts: Parts): void {
    this.tell(this.snapshot.takeAll(states), parts);
  }

  private tell(changed: ReadonlySet<string>, parts: Parts): void {
    this.parts = parts;
    this.hooks.parts(parts);
    if (changed.size > 0) this.hooks.tasks(changed);
  }
}

function listFrom(tx: Transaction, after: string): Promise<TaskState[]> {
  return tx.list(after, LIST_AT_ONCE);
}
