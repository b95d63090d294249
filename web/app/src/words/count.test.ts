import { describe, expect, it } from 'vitest';
import { isTooLong } from './content';
import { countText, shortText } from './count';

describe('texts in short', () => {
  it('are as they are where there is room', () => {
    expect(shortText('Buy milk')).toBe('Buy milk');
  });

  it('are one line', () => {
    expect(shortText('Buy\n\n  milk')).toBe('Buy milk');
  });

  it('end in an ellipsis where they are longer, and cost the same however long', () => {
    expect(shortText('word '.repeat(5_000), 20)).toMatch(/^[\w ]{1,19}…$/);
  });
});

describe('numbers of things', () => {
  it.each([
    [0, '0 changes'],
    [1, '1 change'],
    [2, '2 changes'],
  ])('of %d is %s', (count, text) => {
    expect(countText(count, 'change')).toBe(text);
  });
});

describe('the longest text', () => {
  it('is counted in bytes, not in characters', () => {
    expect(isTooLong('a'.repeat(16_384))).toBe(false);
    expect(isTooLong('a'.repeat(16_385))).toBe(true);
    expect(isTooLong('ä'.repeat(8_192))).toBe(false);
    expect(isTooLong('ä'.repeat(8_193))).toBe(true);
    expect(isTooLong('🥛'.repeat(4_097))).toBe(true);
  });
});
