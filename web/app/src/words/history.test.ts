import type { HistoryEntry } from '@tidemark/sdk';
import { describe, expect, it } from 'vitest';
import { historyWords } from './history';

const entry = (changes: Partial<HistoryEntry>): HistoryEntry => ({
  field: 'content',
  value: 'Milk',
  version: 1,
  updated_at: 1,
  device_id: 'laptop',
  at: 2,
  reason: 'overwritten',
  ...changes,
});

describe('the history in words', () => {
  it.each([
    [{}, 'Text replaced, set by Laptop'],
    [{ device_id: 'phone' }, 'Text replaced, set on this device'],
    [{ reason: 'conflict' }, 'Text not kept, set by Laptop'],
    [{ reason: 'deleted' }, 'Text deleted, set by Laptop'],
    [{ field: 'completed', value: true }, 'Done: replaced, set by Laptop'],
    [{ field: 'pinned', value: false }, 'Not pinned: replaced, set by Laptop'],
    [{ field: 'deleted_at', value: null, reason: 'deleted' }, 'In the list: deleted, set by Laptop'],
    [{ field: 'deleted_at', value: 5 }, 'Deleted: replaced, set by Laptop'],
  ] as const)('%j is told as %s', (changes, text) => {
    expect(historyWords(entry(changes), 'phone').text).toBe(text);
  });

  it('give an earlier text, so that it can be used again', () => {
    expect(historyWords(entry({}), 'phone').content).toBe('Milk');
    expect(historyWords(entry({ field: 'pinned', value: true }), 'phone').content).toBeNull();
  });
});
