import type { Conflict, Field, FieldValue } from '@tidemark/sdk';
import { describe, expect, it } from 'vitest';
import { conflictWords } from './conflict';

const OWN = 'phone';

function conflict(field: Field, kept: [FieldValue, string], discarded: [FieldValue, string]): Conflict {
  const edit = ([value, device_id]: [FieldValue, string]) => ({ value, device_id, updated_at: 1 });
  return { id: 'a', field, winner: 'server', kept: edit(kept), discarded: edit(discarded), at: 2 };
}

describe('a conflict in words', () => {
  it('says whose text was kept when mine was not, and offers mine', () => {
    const words = conflictWords(conflict('content', ['Oat', 'laptop'], ['Soy', OWN]), OWN);
    expect(words).toEqual({
      text: 'You changed this on this device; the later text from Laptop was kept.',
      kept: 'Oat',
      discarded: 'Soy',
      restore: 'Use my text instead',
    });
  });

  it('says whose text was not kept when mine was, and offers the other', () => {
    const words = conflictWords(conflict('content', ['Oat', OWN], ['Soy', 'laptop']), OWN);
    expect(words.text).toBe('Laptop changed this, too; your later text was kept.');
    expect(words.restore).toBe('Use the other text instead');
  });

  it('names both devices when neither is this one', () => {
    const words = conflictWords(conflict('content', ['Oat', 'laptop'], ['Soy', 'tablet']), OWN);
    expect(words.text).toBe(
      'You changed this on Tablet and on Laptop; the later text, from Laptop, was kept.',
    );
    expect(words.restore).toBe('Use the text from Tablet instead');
  });

  it('tells apart two devices that are called the same', () => {
    const ids = [
      'chrome-linux-1111aaaa-0000-4000-8000-000000000001',
      'chrome-linux-2222bbbb-0000-4000-8000-000000000001',
    ];
    const [one = '', other = ''] = ids;
    const words = conflictWords(conflict('content', ['Oat', one], ['Soy', other]), OWN);
    expect(words.text).toContain('on Chrome on Linux (2222) and on Chrome on Linux (1111)');
    expect(words.restore).toBe('Use the text from Chrome on Linux (2222) instead');
  });

  it.each([
    ['completed', true, 'You made this done here and open on Laptop. The later was kept.', 'Mark it done'],
    ['completed', false, 'You made this open here and done on Laptop. The later was kept.', 'Mark it open'],
    ['pinned', true, 'You made this pinned here and not pinned on Laptop. The later was kept.', 'Pin it'],
    ['pinned', false, 'You made this not pinned here and pinned on Laptop. The later was kept.', 'Unpin it'],
  ] as const)('of %s says both values, and offers %s', (field, mine, text, restore) => {
    const words = conflictWords(conflict(field, [!mine, 'laptop'], [mine, OWN]), OWN);
    expect(words).toEqual({ text, restore, kept: null, discarded: null });
  });

  it('of a deletion that met an edited text says that the task lives', () => {
    const words = conflictWords(conflict('deleted_at', [null, 'laptop'], [5, OWN]), OWN);
    expect(words.text).toBe('You deleted this here while its text was changed on Laptop. It was kept.');
    expect(words.restore).toBe('Delete it');
  });

  it('of a mark on a deleted task offers to bring it back', () => {
    const words = conflictWords(conflict('deleted_at', [5, 'laptop'], [null, OWN]), OWN);
    expect(words.text).toBe('You deleted this on Laptop while it was changed here. It is deleted.');
    expect(words.restore).toBe('Bring it back');
  });
});
