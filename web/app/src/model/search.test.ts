import { describe, expect, it } from 'vitest';
import { taskWith } from '../testing/fake-manager';
import { fold, matches, type Pace, search, wordsOf } from './search';

const finds = (content: string, query: string) => matches(taskWith({ id: 'a', content }), wordsOf(query));

/** A clock that moves on at each look, and counts the pauses. */
function slowPace() {
  let at = 0;
  const pace = {
    pauses: 0,
    now: () => (at += 4),
    pause: async () => {
      pace.pauses += 1;
    },
  };
  return pace satisfies Pace & { pauses: number };
}

describe('a search', () => {
  it.each([
    ['Buy milk', 'MILK'],
    ['Café crème', 'cafe creme'],
    ['Buy oat milk', 'milk buy'],
    ['ΚΑΦΈΣ', 'καφες'],
    ['100% <b>', '<b>'],
    ['牛乳を買う', '牛乳'],
  ])('finds %s by %s', (content, query) => {
    expect(finds(content, query)).toBe(true);
  });

  it('wants all words', () => {
    expect(finds('Buy milk', 'buy bread')).toBe(false);
  });

  it('for nothing but spaces is none', () => {
    expect(wordsOf('  \t ')).toEqual([]);
  });

  it('takes a replaced task by its new text', () => {
    const task = taskWith({ id: 'a', content: 'Milk' });
    expect(matches(task, ['milk'])).toBe(true);
    expect(matches({ ...task, content: 'Bread' }, ['milk'])).toBe(false);
  });

  it('of many tasks lets the browser do something else in between', async () => {
    const tasks = Array.from({ length: 10_000 }, (_, index) =>
      taskWith({ id: `${index}`, content: `Task ${index}` }),
    );
    const pace = slowPace();
    const found = await search(tasks, ['99'], pace, () => false);
    expect(found?.map(({ id }) => id)).toEqual(
      tasks.filter(({ id }) => id.includes('99')).map(({ id }) => id),
    );
    expect(pace.pauses).toBeGreaterThan(10);
  });

  it('that is not wanted any more ends', async () => {
    const tasks = Array.from({ length: 10_000 }, (_, index) => taskWith({ id: `${index}` }));
    const pace = slowPace();
    expect(await search(tasks, ['task'], pace, () => true)).toBeNull();
    expect(pace.pauses).toBe(1);
  });
});

describe('folding', () => {
  it('leaves a text without accents as it is, in lower case', () => {
    expect(fold('ÅNGSTRÖM Å')).toBe('angstrom a');
    expect(fold('plain')).toBe('plain');
  });
});
