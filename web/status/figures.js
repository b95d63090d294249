// The two plots, drawn.
import { h } from './dom.js';
import { latencyLines, MARGIN, requestBars, round, totalOf } from './plot.js';
import { clock, micros, whole } from './words.js';

/** @import { Element, Minute } from './types' */

// In the order in which they are listed; colours are the style sheet's, by these names.
export const SWATCHES = {
  outcomes: /** @type {const} */ ([
    { name: 'not_modified', text: '304' },
    { name: 'ok', text: 'done' },
    { name: 'limited', text: '429' },
    { name: 'refused', text: 'refused (other 4xx)' },
    { name: 'failed', text: 'failed (5xx)' },
  ]),
  quantiles: /** @type {const} */ ([
    { name: 'p50_us', text: 'p50' },
    { name: 'p95_us', text: 'p95' },
    { name: 'p99_us', text: 'p99' },
  ]),
};

/** @typedef {{ width: number, height: number }} Size */

/** @param {Minute[]} minutes @param {number} now @param {Size} size */
export function requestPlot(minutes, now, size) {
  const { axis, bars, time, y } = requestBars(minutes, now, size);
  const all = minutes.reduce((sum, minute) => sum + totalOf(minute), 0);
  const failed = minutes.reduce((sum, minute) => sum + minute.failed, 0);
  return plot(
    `Requests per minute: ${whole(all)} in the last hour, of which ${whole(failed)} failed.`,
    size,
    grid(
      axis.ticks.map((count) => ({ y: y(count), text: whole(count) })),
      size,
    ),
    times(time, size),
    bars.map((bar) =>
      h('rect', {
        class: `key ${bar.outcome}`,
        x: round(bar.x),
        y: round(bar.y),
        width: round(bar.width),
        height: Math.max(0.5, round(bar.height)),
      }),
    ),
  );
}

/** @param {Minute[]} minutes @param {number} now @param {Size} size */
export function latencyPlot(minutes, now, size) {
  const { axis, lines, time, y } = latencyLines(minutes, now, size);
  const last = minutes.findLast((minute) => minute.p50_us !== null);
  const words = last
    ? `In the last minute that had requests, half took no longer than ${micros(last.p50_us)}, 99 % no longer than ${micros(last.p99_us)}.`
    : 'There were no requests.';
  return plot(
    `Latency per minute. ${words}`,
    size,
    grid(
      axis.ticks.map((us) => ({ y: y(us), text: tick(us) })),
      size,
    ),
    times(time, size),
    lines.map(({ name, path }) => h('path', { class: `line ${name}`, d: path || 'M0 0' })),
  );
}

/** @param {number} us */
function tick(us) {
  return us >= 1_000_000 ? `${us / 1_000_000} s` : us >= 1000 ? `${us / 1000} ms` : `${us} µs`;
}

/** @param {string} label @param {Size} size @param {...Element[]} children */
function plot(label, size, ...children) {
  return h(
    'svg',
    { class: 'plot', viewBox: `0 0 ${size.width} ${size.height}`, role: 'img', 'aria-label': label },
    ...children.flat(),
  );
}

/** @param {{ y: number, text: string }[]} rows @param {Size} size */
function grid(rows, size) {
  return rows.flatMap(({ y, text }) => [
    h('path', { class: 'grid', d: `M${MARGIN.left} ${round(y)}H${size.width - MARGIN.right}` }),
    h('text', { class: 'tick end', x: MARGIN.left - 6, y: round(y + 4) }, text),
  ]);
}

/** @param {{ ticks: number[], x: (at: number) => number, column: number }} time @param {Size} size */
function times(time, size) {
  return time.ticks.map((at) =>
    h(
      'text',
      {
        class: 'tick middle',
        x: round(time.x(at) + time.column / 2 - (at === time.ticks.at(-1) ? 12 : 0)),
        y: size.height - 6,
      },
      clock(at),
    ),
  );
}
