import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexAt, indexesOf, linesOf, offsetsOf, rangeOf } from './layout';

const heights = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 60 });
const offsets = (all: readonly number[]) => offsetsOf(all, (height) => height);

describe('the layout', () => {
  it('puts each row below the one before', () => {
    expect([...offsets([10, 20, 5])]).toEqual([0, 10, 30, 35]);
    expect([...offsets([])]).toEqual([0]);
  });

  it('finds the row at any height', () => {
    fc.assert(
      fc.property(heights, fc.nat(20_000), (all, y) => {
        const at = indexAt(offsets(all), y);
        const edge = offsets(all);
        const isLast = at === all.length - 1;
        expect((edge[at] ?? 0) <= y && (isLast || y < (edge[at + 1] ?? 0))).toBe(true);
      }),
    );
  });

  it('renders whatever is on the screen', () => {
    fc.assert(
      fc.property(heights, fc.integer({ min: -2_000, max: 20_000 }), fc.nat(900), (all, top, height) => {
        const edge = offsets(all);
        const { start, end } = rangeOf(edge, top, top + height, 100);
        const onScreen = all.flatMap((_, index) => {
          const isOn = (edge[index] ?? 0) < top + height && (edge[index + 1] ?? 0) > top;
          return isOn ? [index] : [];
        });
        expect(onScreen.every((index) => index >= start && index < end)).toBe(true);
      }),
    );
  });

  it('renders few of many rows', () => {
    const { start, end } = rangeOf(offsets(Array(10_000).fill(48)), 240_000, 240_800, 400);
    expect(end - start).toBeLessThan(40);
  });

  it('of nothing renders nothing', () => {
    expect(rangeOf(offsets([]), 0, 800, 400)).toEqual({ start: 0, end: 0 });
    expect(indexAt(offsets([]), 10)).toBe(-1);
  });

  it('keeps rows that are elsewhere, once each and in order', () => {
    expect(indexesOf({ start: 3, end: 5 }, [9, 4, 0, -1, 9])).toEqual([0, 3, 4, 9]);
    expect(indexesOf({ start: 0, end: 0 }, [])).toEqual([]);
  });
});

describe('the lines of a text', () => {
  it.each([
    ['short', 'Buy milk', 1],
    ['with breaks', 'a\nb\nc', 3],
    ['endless', 'x'.repeat(16_384), 4],
    ['of many breaks', '\n'.repeat(16_384), 4],
  ])('that is %s', (_, content, lines) => {
    expect(linesOf(content, 500)).toBe(lines);
  });
});
