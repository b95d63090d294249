import type { Signal } from '@preact/signals';
import type { ComponentChildren, HTMLAttributes } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef } from 'preact/hooks';
import { indexesOf, offsetsOf, type Range, rangeOf } from './layout';

export interface KeyedRow {
  readonly key: string;
}

interface Props<Row extends KeyedRow> {
  readonly rows: readonly Row[];
  readonly label: string;
  /** How high a row will be, about, in a list that is `width` wide. */
  readonly estimate: (row: Row, width: number) => number;
  /** The attributes of the row's element, and what is in it. */
  readonly attributes: (row: Row) => HTMLAttributes<HTMLLIElement>;
  readonly render: (row: Row) => ComponentChildren;
  /** Rows that exist wherever they are: the one with the focus, the one that is edited. */
  readonly kept: readonly (string | null)[];
  /** The two are the same row as it was, so that it may hold the others in their place. */
  readonly isSame: (a: Row, b: Row) => boolean;
  readonly wantsFocus: Signal<string | null>;
  readonly wantsView: Signal<string | null>;
}

const MORE_PX = 200;
const HEIGHT_BEFORE_MEASURED = 800;

/**
 * A list in the page's own scrolling of which only the rows near the screen exist. Rows are as high as their content;
 * those that were on the screen once are measured, the others estimated. What a person looks at stays where it
 * is when rows come, go or turn out otherwise above it.
 */
export function VirtualList<Row extends KeyedRow>(props: Props<Row>) {
  const { rows, kept, wantsFocus } = props;
  const list = useRef<HTMLUListElement>(null);
  const measured = useRef(new Map<string, number>()).current;
  const width = useRef(600);
  const [version, redraw] = useReducer<number, void>((count) => count + 1, 0);

  const offsets = useMemo(
    () => offsetsOf(rows, (row) => measured.get(row.key) ?? props.estimate(row, width.current)),
    [rows, version],
  );
  const range = rangeNow(list.current, offsets);
  const keptIndexes = kept
    .filter((key) => key !== null)
    .map((key) => rows.findIndex((row) => row.key === key));
  const indexes = indexesOf(range, keptIndexes);

  const drawn = useRef<Drawn<Row> | null>(null);
  useLayoutEffect(() => {
    const before = drawn.current;
    drawn.current = { rows, offsets, range };
    if (before?.offsets !== offsets) {
      if (before) holdPlace(list.current, before, { rows, offsets }, props.isSame);
      // Having scrolled, or because there was no list before, another part of it may be on the screen.
      if (!covers(range, rangeNow(list.current, offsets, 0))) redraw();
    }
    bring(list.current, props.wantsView, rows);
    bring(list.current, wantsFocus, rows)
      ?.querySelector<HTMLElement>('[data-focus]')
      ?.focus({ preventScroll: true });
  });

  useEffect(() => {
    const look = () => {
      const now = drawn.current;
      if (now && !covers(now.range, rangeNow(list.current, now.offsets, MORE_PX / 4))) redraw();
    };
    // What comes or goes above the list moves it.
    const moved = new ResizeObserver(look);
    moved.observe(document.body);
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      moved.disconnect();
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, []);

  const observer = useMeasuring(measured, width, redraw);
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    observer.observe(element);
    return () => observer.unobserve(element);
  }, [observer]);

  return (
    <ul
      ref={list}
      class="list"
      // biome-ignore lint/a11y/noRedundantRoles: Safari forgets the role of a list without bullets.
      role="list"
      aria-label={props.label}
      style={{ height: `${offsets[rows.length]}px` }}
    >
      {indexes.map((index) => {
        const row = rows[index] as Row;
        return (
          <Slot
            key={row.key}
            name={row.key}
            top={offsets[index] ?? 0}
            observer={observer}
            {...props.attributes(row)}
          >
            {props.render(row)}
          </Slot>
        );
      })}
    </ul>
  );
}

interface SlotProps extends HTMLAttributes<HTMLLIElement> {
  readonly children?: ComponentChildren;
  readonly name: string;
  readonly top: number;
  readonly observer: ResizeObserver;
}

function Slot({ name, top, observer, children, ...attributes }: SlotProps) {
  const element = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    const item = element.current;
    if (!item) return;
    observer.observe(item);
    return () => observer.unobserve(item);
  }, [observer]);
  return (
    <li {...attributes} ref={element} data-key={name} style={{ transform: `translateY(${top}px)` }}>
      {children}
    </li>
  );
}

function useMeasuring(
  measured: Map<string, number>,
  width: { current: number },
  redraw: () => void,
): ResizeObserver {
  const observer = useMemo(() => {
    const note = (entry: ResizeObserverEntry): boolean => {
      const size = entry.borderBoxSize[0];
      const key = (entry.target as HTMLElement).dataset.key;
      if (!size) return false;
      if (key === undefined) {
        if (Math.abs(size.inlineSize - width.current) < 1) return false;
        width.current = size.inlineSize;
        measured.clear();
        return true;
      }
      if (Math.abs(size.blockSize - (measured.get(key) ?? 0)) < 0.5) return false;
      measured.set(key, size.blockSize);
      return true;
    };
    return new ResizeObserver((entries) => {
      // The list first: a new width makes all that was measured before void.
      const sorted = [...entries].sort((a, b) => Number(hasKey(a)) - Number(hasKey(b)));
      const changed = sorted.map(note).some((did) => did);
      if (changed) redraw();
    });
  }, []);
  useEffect(() => () => observer.disconnect(), [observer]);
  return observer;
}

function hasKey(entry: ResizeObserverEntry): boolean {
  return (entry.target as HTMLElement).dataset.key !== undefined;
}

function rangeNow(list: HTMLUListElement | null, offsets: Float64Array, more = MORE_PX): Range {
  if (!list) return rangeOf(offsets, 0, HEIGHT_BEFORE_MEASURED, more);
  const top = -list.getBoundingClientRect().top;
  return rangeOf(offsets, top, top + innerHeight, more);
}

function covers(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && outer.end >= inner.end;
}

interface Drawn<Row> {
  readonly rows: readonly Row[];
  readonly offsets: Float64Array;
  readonly range: Range;
}

function holdPlace<Row extends KeyedRow>(
  list: HTMLUListElement | null,
  before: Drawn<Row>,
  after: { readonly rows: readonly Row[]; readonly offsets: Float64Array },
  isSame: (a: Row, b: Row) => boolean,
): void {
  if (!list) return;
  const top = -list.getBoundingClientRect().top;
  // Whoever sees the beginning of the list is to see what comes there.
  if (top <= 0) return;
  for (let index = before.range.start; index < before.range.end; index++) {
    const row = before.rows[index];
    if (!row || (before.offsets[index + 1] ?? 0) <= top) continue;
    const now = placeOf(row, index, before, after, isSame);
    if (now < 0) continue;
    const moved = (after.offsets[now] ?? 0) - (before.offsets[index] ?? 0);
    if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: 'instant' });
    return;
  }
}

function placeOf<Row extends KeyedRow>(
  row: Row,
  index: number,
  before: { readonly rows: readonly Row[] },
  after: { readonly rows: readonly Row[] },
  isSame: (a: Row, b: Row) => boolean,
): number {
  if (before.rows === after.rows) return index;
  return after.rows.findIndex((other) => other.key === row.key && isSame(row, other));
}

/** Scrolls as far as the wanted row is seen, if it is there; the wish is then fulfilled. */
function bring(
  list: HTMLUListElement | null,
  wanted: Signal<string | null>,
  rows: readonly KeyedRow[],
): Element | undefined {
  const key = wanted.peek();
  if (key === null || !list) return undefined;
  const item = [...list.children].find((child) => (child as HTMLElement).dataset.key === key);
  if (item || !rows.some((row) => row.key === key)) wanted.value = null;
  item?.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  return item;
}
