// Where the rows of a long list are, of which only those near the screen exist. Pure.

/** The offset of each row's upper edge, and as the last one the height of all. */
export function offsetsOf<Row>(rows: readonly Row[], heightOf: (row: Row) => number): Float64Array {
  const offsets = new Float64Array(rows.length + 1);
  let offset = 0;
  for (let index = 0; index < rows.length; index++) {
    offset += heightOf(rows[index] as Row);
    offsets[index + 1] = offset;
  }
  return offsets;
}

/** The row at a height; the first above all, the last below all, -1 of an empty list. */
export function indexAt(offsets: Float64Array, y: number): number {
  const rows = offsets.length - 1;
  let low = 0;
  let high = rows;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle + 1] ?? 0) > y) high = middle;
    else low = middle + 1;
  }
  return Math.min(low, rows - 1);
}

export interface Range {
  readonly start: number;
  /** Not within. */
  readonly end: number;
}

/** The rows between two heights, and some on either side, so that scrolling a bit shows rows that are there. */
export function rangeOf(offsets: Float64Array, top: number, bottom: number, more: number): Range {
  if (offsets.length === 1) return { start: 0, end: 0 };
  const start = Math.max(0, indexAt(offsets, top - more));
  return { start, end: Math.min(offsets.length - 1, indexAt(offsets, bottom + more) + 1) };
}

/** The indexes to render, in order: the range and the kept ones, wherever these are. */
export function indexesOf({ start, end }: Range, kept: readonly number[]): number[] {
  const outside = (index: number) => index >= 0 && (index < start || index >= end);
  const more = [...new Set(kept.filter(outside))].sort((a, b) => a - b);
  const between = Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index);
  return [...more.filter((index) => index < start), ...between, ...more.filter((index) => index >= end)];
}

const CHARACTER_PX = 7.5;
const LINES_MAX = 4;

/** How many lines a text will take, about; what is on the screen is measured. */
export function linesOf(content: string, width: number): number {
  const perLine = Math.max(10, width / CHARACTER_PX);
  let lines = Math.ceil(content.length / perLine);
  for (let at = content.indexOf('\n'); at >= 0 && lines < LINES_MAX; at = content.indexOf('\n', at + 1)) {
    lines += 1;
  }
  return Math.max(1, Math.min(LINES_MAX, lines));
}
