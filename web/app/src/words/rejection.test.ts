import { describe, expect, it } from 'vitest';
import { refusedText } from './rejection';

describe('an edit that was refused, in words', () => {
  it.each([
    [{ completed: true, pinned: false }, 'Mark it done, unpin it'],
    [{ completed: false, pinned: true }, 'Mark it open, pin it'],
    [{ deleted_at: 5 }, 'Delete it'],
    [{ content: 'Milk', deleted_at: null }, ''],
  ])('says what it would have done: %o', (fields, text) => {
    expect(refusedText(fields)).toBe(text);
  });
});
