import { expect, test } from 'vitest';
import { contentFrom, isTooLong } from './content';
import { CONTENT_BYTES_MAX } from './task';

test.each([
  { name: 'spaces around it', typed: '  Buy milk \n', content: 'Buy milk' },
  { name: 'line breaks in it', typed: 'Buy\nmilk', content: 'Buy\nmilk' },
  { name: 'a NUL in it', typed: 'Buy\0 milk', content: 'Buy milk' },
  { name: 'half an emoji', typed: 'Buy \ud83e milk', content: 'Buy \ufffd milk' },
  { name: 'a whole emoji', typed: 'Buy 🥛', content: 'Buy 🥛' },
  { name: 'nothing but spaces', typed: '   ', content: '' },
])('a text with $name becomes one that can be stored', ({ typed, content }) => {
  expect(contentFrom(typed)).toBe(content);
});

test('a text is measured in bytes, to the last one', () => {
  expect(isTooLong('é'.repeat(CONTENT_BYTES_MAX / 2))).toBe(false);
  expect(isTooLong(`${'é'.repeat(CONTENT_BYTES_MAX / 2)}x`)).toBe(true);
});
