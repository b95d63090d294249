import type { TaskState } from '../domain/task-state';
import type { LocalStore, Transaction, Writes } from '../store/local-store';
import { NOTES } from './notes';
import { NO_PARTS, type Parts, readParts, Snapshot } from './snapshot';
import type { TabMessage, Tabs } from './tabs';

const LIST_AT_ONCE = 1_000;

type Wrote = TabMessage & { readonly is: 'wrote' };

export interface KeptHooks {
  /** After each stored step, with the snapshot as it is then. */
  readonly tasks: (changed: ReadonlySet<string>) => void;
  readonly parts: (parts: Parts) => void;
}

/**
 * The store together with what is kept of it in memory: what is written is seen at once, by this tab and by others.
 * Each write has a revision, by which a tab notices that it was not told of one: it was asleep, or the tab that wrote
 * died before it could tell.
 */
export class KeptStore implements Writes {
  readonly snapshot = new Snapshot();
  parts: Parts = NO_PARTS;
  // Revisions up to this are in the snapshot; and some later ones.
  private seen = 0;
  private readonly seenLater = new Set<number>();
  private unread: Wrote[] = [];
  private reading: Promise<void> | null = null;

  constructor(
    private readonly store: LocalStore,
    private readonly tabs: Tabs,
    private readonly hooks: KeptHooks,
  ) {}

  async write<T>(body: (tx: Transaction) => Promise<T>): Promise<T> {
    const { result, parts, touched } = await this.written(body).catch((error: unknown) => {
      // What `body` has told the schedule is not so.
      this.hooks.parts(this.parts);
      throw error;
    });
    const { tasks, cleared } = touched;
    this.note(parts.revision);
    if (cleared) this.takeAll([...tasks.values()], parts);
    else this.take(tasks.values(), parts);
    this.tabs.tell({ is: 'wrote', revision: parts.revision, ids: cleared ? null : [...tasks.keys()] });
    return result;
  }

  read<T>(body: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.store.read(body);
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
    for (const revision of [...this.seenLater]) if (revision <= this.seen) this.seenLater.delete(revision);
    this.advance();
    this.takeAll(states, parts);
  }

  /** Reads what another tab has written. */
  heard(message: Wrote): Promise<void> {
    if (message.revision > this.seen) this.unread.push(message);
    this.reading ??= this.readUnread();
    return this.reading;
  }

  /** Reads everything, if something was written that this tab was not told of. */
  async catchUp(): Promise<void> {
    const revision = await this.store.read(revisionOf);
    if (revision !== this.seen) await this.reload();
  }

  // What cannot be read is not seen: catchUp() finds it.
  private async readUnread(): Promise<void> {
    try {
      while (this.unread.length > 0) await this.readWritten(this.unread.splice(0));
    } finally {
      this.reading = null;
    }
  }

  private async readWritten(messages: readonly Wrote[]): Promise<void> {
    if (messages.some(({ ids }) => ids === null)) return this.reload();
    const ids = new Set(messages.flatMap((message) => message.ids ?? []));
    const { states, parts } = await this.store.read(async (tx) => ({
      states: await tx.getMany([...ids]),
      parts: await readParts(tx, null),
    }));
    for (const { revision } of messages) this.note(revision);
    this.take(states, parts);
  }

  private written<T>(body: (tx: Transaction) => Promise<T>) {
    return this.store.write(async (tx) => {
      // Before `body`, which may clear the store: revisions go on.
      const revision = (await revisionOf(tx)) + 1;
      const result = await body(tx);
      tx.putNote(NOTES.revision, revision);
      const isListKnown = !tx.touched.lists && this.seen === revision - 1;
      const parts = await readParts(tx, isListKnown ? this.parts : null);
      return { result, parts, touched: tx.touched };
    });
  }

  private note(revision: number): void {
    if (revision > this.seen) this.seenLater.add(revision);
    this.advance();
  }

  private advance(): void {
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

async function revisionOf(tx: Transaction): Promise<number> {
  return ((await tx.getNote(NOTES.revision)) as number | undefined) ?? 0;
}
