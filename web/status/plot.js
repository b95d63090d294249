// Where things go in the two plots: numbers in, coordinates out.

/** @import { Minute } from './types' */

const MINUTE = 60_000;
export const MINUTES = 60;
// Drawn upwards in this order.
export const OUTCOMES = /** @type {const} */ (['not_modified', 'ok', 'limited', 'refused', 'failed']);
export const QUANTILES = /** @type {const} */ (['p50_us', 'p95_us', 'p99_us']);

export const MARGIN = { left: 56, right: 8, top: 10, bottom: 24 };

/**
 * The columns of the last hour: the minute under way is the rightmost.
 * @param {number} now
 * @param {number} width
 */
export function timeScale(now, width) {
  const last = Math.floor(now / MINUTE) * MINUTE;
  const column = (width - MARGIN.left - MARGIN.right) / MINUTES;
  return {
    column,
    /** The left edge of a minute's column. @param {number} at */
    x: (at) => MARGIN.left + column * (MINUTES - 1 - (last - at) / MINUTE),
    /** Each quarter of an hour. */
    ticks: [0, 15, 30, 45].map((ago) => last - ago * MINUTE).reverse(),
  };
}

/**
 * A linear axis from 0 to a round number that `max` fits under.
 * @param {number} max
 */
export function countAxis(max) {
  const least = Math.max(5, max);
  const power = 10 ** Math.floor(Math.log10(least / 5));
  const step = [power, 2 * power, 5 * power].find((size) => size * 5 >= least) ?? 10 * power;
  const steps = Math.ceil(least / step);
  return { max: steps * step, ticks: Array.from({ length: steps + 1 }, (_, index) => index * step) };
}

/**
 * A logarithmic axis of whole powers of ten around the times, in microseconds.
 * @param {number[]} times
 */
export function timeAxis(times) {
  const low = Math.floor(Math.log10(Math.max(10, Math.min(...times, 1000))));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...times, 1000))));
  const ticks = [];
  for (let power = low; power <= high; ++power) ticks.push(10 ** power);
  return { min: 10 ** low, max: 10 ** high, ticks };
}

/**
 * @param {Minute[]} minutes
 * @param {number} now
 * @param {{ width: number, height: number }} size
 */
export function requestBars(minutes, now, size) {
  const time = timeScale(now, size.width);
  const axis = countAxis(Math.max(0, ...minutes.map(totalOf)));
  const floor = size.height - MARGIN.bottom;
  const scale = (floor - MARGIN.top) / axis.max;
  const bars = minutes.flatMap((minute) => {
    let top = floor;
    return OUTCOMES.filter((outcome) => minute[outcome] > 0).map((outcome) => {
      const height = minute[outcome] * scale;
      top -= height;
      return { outcome, x: time.x(minute.at) + 0.5, y: top, width: Math.max(1, time.column - 1), height };
    });
  });
  return { axis, bars, time, y: (/** @type {number} */ count) => floor - count * scale };
}

/**
 * Lines that are broken where a minute had no requests.
 * @param {Minute[]} minutes
 * @param {number} now
 * @param {{ width: number, height: number }} size
 */
export function latencyLines(minutes, now, size) {
  const time = timeScale(now, size.width);
  const axis = timeAxis(
    minutes.flatMap((minute) => QUANTILES.map((name) => minute[name])).filter((us) => us !== null),
  );
  const floor = size.height - MARGIN.bottom;
  const scale = (floor - MARGIN.top) / Math.log10(axis.max / axis.min);
  const y = (/** @type {number} */ us) => floor - scale * Math.log10(Math.max(us, axis.min) / axis.min);
  const lines = QUANTILES.map((name) => {
    let path = '';
    let joined = false;
    for (const minute of minutes) {
      const us = minute[name];
      if (us !== null) {
        const [left, right] = [time.x(minute.at), time.x(minute.at) + time.column];
        path += `${joined ? 'L' : 'M'}${round(left)} ${round(y(us))}H${round(right)}`;
      }
      joined = us !== null;
    }
    return { name, path };
  });
  return { axis, lines, time, y };
}

/** @param {Minute} minute */
export function totalOf(minute) {
  return OUTCOMES.reduce((sum, outcome) => sum + minute[outcome], 0);
}

/** @param {number} value */
export function round(value) {
  return Math.round(value * 10) / 10;
}
