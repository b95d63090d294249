import type { HistoryEntry } from '@tidemark/sdk';
import { deviceText } from './device';

export interface HistoryWords {
  /** What was, in a sentence. */
  readonly text: string;
  /** An earlier text, to look at or to take up again. */
  readonly content: string | null;
}

/** An earlier value of a task, and why it is not its value now. The time is told beside it. */
export function historyWords(entry: HistoryEntry, own: string): HistoryWords {
  const who = deviceText(entry.device_id, own);
  const by = `set ${who === 'this device' ? 'on this device' : `by ${who}`}`;
  const end = { overwritten: 'replaced', deleted: 'deleted', conflict: 'not kept' }[entry.reason];
  switch (entry.field) {
    case 'content':
      return { text: `Text ${end}, ${by}`, content: String(entry.value) };
    case 'completed':
      return { text: `${entry.value ? 'Done' : 'Open'}: ${end}, ${by}`, content: null };
    case 'pinned':
      return { text: `${entry.value ? 'Pinned' : 'Not pinned'}: ${end}, ${by}`, content: null };
    case 'deleted_at':
      return { text: `${entry.value === null ? 'In the list' : 'Deleted'}: ${end}, ${by}`, content: null };
  }
}
