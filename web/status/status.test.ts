// What the page says of what the gateway told, without a browser.
import { describe, expect, test } from 'vitest';
import { h, textOf } from './dom.js';
import { countAxis, latencyLines, MARGIN, requestBars, timeAxis } from './plot.js';
import type { Dependency, Element, Minute, Node, Process, Status } from './types';
import { view } from './view.js';
import { duration, headline, meaningOf, micros, percent, quotaState } from './words.js';

const NOW = Date.UTC(2026, 0, 1, 12, 0, 30);
const MINUTE = 60_000;
const SIZE = { width: 600, height: 200 };

function needs(name: string, state: Dependency['state'] = 'answers'): Dependency {
  return { name, state, since: NOW - 90_000 };
}

function process(name: string, dependencies: Dependency[], instance = `${name}-1`): Process {
  return { name, instance, version: '0.1.0', started_at: NOW - 3_600_000, dependencies };
}

function minute(ago: number, more: Partial<Minute> = {}): Minute {
  return {
    at: NOW - 30_000 - ago * MINUTE,
    ok: 0,
    not_modified: 0,
    limited: 0,
    refused: 0,
    failed: 0,
    p50_us: null,
    p95_us: null,
    p99_us: null,
    ...more,
  };
}

function status(more: Partial<Status> = {}): Status {
  return {
    at: NOW,
    processes: [
      process('gateway', [needs('sync'), needs('auth')]),
      process('sync', [needs('postgres'), needs('redis')]),
    ],
    quota: {
      state: 'open',
      day: NOW,
      reset_after: 43_170,
      cache_off: false,
      budgets: [
        { resource: 'requests', used: 12_345, budget: 100_000 },
        { resource: 'cache_reads', used: 7, budget: null },
      ],
    },
    checks: { answered: 200, not_modified: 190 },
    cache_tiers: [{ name: 'redis', reads: 50, hits: 40 }],
    minutes: [minute(0)],
    ...more,
  };
}

function shown(told: Status): string {
  return view(told, { width: 800 }).map(textOf).join('\n').replaceAll(/ +/g, ' ');
}

function all(nodes: Node[], tag: string): Element[] {
  return nodes.flatMap((node) =>
    typeof node === 'string' ? [] : [...(node.tag === tag ? [node] : []), ...all(node.children, tag)],
  );
}

describe('the sentence on top', () => {
  test('says that everything answers when it does', () => {
    expect(headline(status())).toEqual({ level: 'good', text: 'Everything answers.' });
  });

  test('names each part that is away once, whoever misses it', () => {
    const told = status({
      processes: [
        process('gateway', [needs('sync'), needs('auth', 'away')]),
        process('sync', [needs('redis', 'away')]),
        process('ratelimit', [needs('redis', 'away')]),
      ],
    });
    expect(headline(told)).toEqual({ level: 'bad', text: 'Auth and Redis do not answer.' });
  });

  test('is no alarm where nobody notices', () => {
    const told = status({ processes: [process('sync', [needs('redis', 'away')])] });
    expect(headline(told)).toEqual({ level: 'warning', text: 'Redis does not answer.' });
  });

  test('tells a quota that pauses reads, or is used up', () => {
    const quota = status().quota;
    if (!quota) throw new Error('there is one');
    expect(headline(status({ quota: { ...quota, state: 'read_paused' } })).level).toBe('warning');
    expect(headline(status({ quota: { ...quota, state: 'exhausted' } })).level).toBe('bad');
  });

  test('does not call well what it has not heard of', () => {
    expect(headline(status({ quota: null })).level).toBe('warning');
    expect(headline(status({ processes: [process('gateway', [needs('sync', 'unknown')])] })).level).toBe(
      'warning',
    );
  });
});

describe('parts', () => {
  test('a part that is away is told in words, with since when and what people notice', () => {
    const told = status({ processes: [process('gateway', [needs('sync', 'away')])] });
    const words = shown(told);
    expect(words).toContain('does not answer');
    expect(words).toContain('(1 min 30 s)');
    expect(words).toContain('Nobody can sync: 503.');
  });

  test('each that a process can miss has words for it', () => {
    const missed = {
      gateway: ['sync', 'auth'],
      sync: ['postgres', 'redis', 'ratelimit', 'auth', 'auth_keys'],
      auth: ['postgres', 'ratelimit', 'sync'],
      ratelimit: ['redis'],
    };
    for (const [name, dependencies] of Object.entries(missed)) {
      for (const dependency of dependencies)
        expect(meaningOf(name, needs(dependency, 'away')), `${name} without ${dependency}`).not.toBe('');
    }
  });

  test('replicas are told apart by their instance, and one alone goes by its name', () => {
    const words = shown(
      status({
        processes: [
          process('gateway', []),
          process('sync', [needs('redis')], 'aaaa-1'),
          process('sync', [needs('redis')], 'bbbb-2'),
        ],
      }),
    );
    expect(words).toContain('Sync aaaa');
    expect(words).toContain('Sync bbbb');
    expect(words).not.toContain('Gateway gate');
  });
});

describe('quota', () => {
  test('bars have their numbers beside them, and what is unlimited has none', () => {
    const told = status();
    expect(shown(told)).toContain('12,345 of 100,000 (12 %)');
    expect(shown(told)).toContain('7, without limit');
    const bars = all(view(told, { width: 800 }), 'svg').filter((svg) =>
      svg.attributes.class?.startsWith('bar'),
    );
    expect(bars).toHaveLength(1);
  });

  test('each state says what is refused and for how long', () => {
    const quota = status().quota;
    if (!quota) throw new Error('there is one');
    expect(quotaState(quota).text).toContain('in 11 h 59 min');
    expect(quotaState({ ...quota, state: 'read_paused' })).toMatchObject({
      level: 'warning',
      name: 'Reads paused',
    });
    expect(quotaState({ ...quota, state: 'exhausted' }).text).toContain('429');
    expect(quotaState({ ...quota, cache_off: true }).text).toContain('The cache is off');
  });

  test('is not known while no sync process answers', () => {
    expect(shown(status({ quota: null }))).toContain('Not known: no sync process answers');
  });
});

describe('hit rates', () => {
  test('are told as shares and as the numbers behind them', () => {
    const words = shown(status());
    expect(words).toContain('95 % 190 of 200 checks');
    expect(words).toContain('80 % 40 of 50 reads');
  });

  test('of nothing there is none', () => {
    expect(shown(status({ checks: { answered: 0, not_modified: 0 } }))).toContain('– no checks');
  });

  test('what is not all or nothing does not read as if it were', () => {
    expect(percent(99_999, 100_000)).toBe('99.9 %');
    expect(percent(1, 100_000)).toBe('0.1 %');
    expect(percent(0, 5)).toBe('0 %');
    expect(percent(5, 5)).toBe('100 %');
    expect(percent(1, 40)).toBe('2.5 %');
  });
});

describe('the plots', () => {
  test('a minute under way is at the right edge, one of 59 minutes ago at the left', () => {
    const { bars, time } = requestBars([minute(59, { ok: 1 }), minute(0, { ok: 1 })], NOW, SIZE);
    expect(bars[0]?.x).toBeCloseTo(MARGIN.left + 0.5);
    expect(bars[1]?.x).toBeCloseTo(SIZE.width - MARGIN.right - time.column + 0.5);
  });

  test('outcomes of a minute stand on each other and together reach their sum', () => {
    const { bars, y } = requestBars([minute(0, { not_modified: 6, ok: 3, failed: 1 })], NOW, SIZE);
    expect(bars.map((bar) => bar.outcome)).toEqual(['not_modified', 'ok', 'failed']);
    expect(bars[1]?.y).toBeCloseTo((bars[0]?.y ?? 0) - (bars[1]?.height ?? 0));
    expect(bars[2]?.y).toBeCloseTo(y(10));
    expect(bars[0]?.y).toBeCloseTo(y(6));
  });

  test('a line is broken where a minute had no requests', () => {
    const minutes = [minute(2, { p50_us: 1000 }), minute(1), minute(0, { p50_us: 2000 })];
    const p50 = latencyLines(minutes, NOW, SIZE).lines.find((line) => line.name === 'p50_us');
    expect(p50?.path.match(/M/g)).toHaveLength(2);
    expect(p50?.path).not.toContain('L');
  });

  test('a longer time is higher', () => {
    const { y } = latencyLines([minute(0, { p50_us: 300, p99_us: 40_000 })], NOW, SIZE);
    expect(y(40_000)).toBeLessThan(y(300));
    expect(y(300)).toBeLessThan(SIZE.height - MARGIN.bottom);
  });

  test.each([0, 1, 4, 5, 37, 99, 101, 1234, 987_654])(
    '%i requests fit under an axis of round numbers',
    (most) => {
      const { max, ticks } = countAxis(most);
      expect(max).toBeGreaterThanOrEqual(most);
      expect(max).toBeLessThanOrEqual(Math.max(5, 1.5 * most));
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.every((tick) => Number.isInteger(tick))).toBe(true);
    },
  );

  test('times fit between whole powers of ten', () => {
    expect(timeAxis([320, 45_000])).toEqual({ min: 100, max: 100_000, ticks: [100, 1000, 10_000, 100_000] });
    expect(timeAxis([]).ticks.length).toBeGreaterThan(1);
  });

  test('what they draw is also a table, the newest minute first', () => {
    const told = status({ minutes: [minute(1, { ok: 11 }), minute(0, { ok: 22, p50_us: 1500 })] });
    const rows = all(all(view(told, { width: 800 }), 'details'), 'tr').map(textOf);
    expect(rows).toHaveLength(3);
    expect(rows[1]).toContain('22');
    expect(rows[1]).toContain('1.5 ms');
    expect(rows[2]).toContain('11');
  });

  test('without any request there is an empty plot and no number that is none', () => {
    const words = JSON.stringify(view(status(), { width: 800 }));
    expect(words).not.toMatch(/NaN|Infinity|undefined/);
  });
});

test('times are told in units that people use', () => {
  expect([0, 59_999, 61_000, 3_660_000, 90_000_000].map(duration)).toEqual([
    '0 s',
    '59 s',
    '1 min 1 s',
    '1 h 1 min',
    '1 d 1 h',
  ]);
  expect([null, 420, 1500, 42_000, 2_500_000].map(micros)).toEqual([
    '–',
    '0.42 ms',
    '1.5 ms',
    '42 ms',
    '2.5 s',
  ]);
});

test('no tree has a style attribute or a script: the policy of the page forbids them', () => {
  const nodes = view(status(), { width: 800 });
  const told = JSON.stringify(nodes);
  expect(told).not.toContain('"style"');
  expect(all(nodes, 'script')).toEqual([]);
  expect(h('p', { x: 1 }, 'a', [h('b', {}, 'c')]).children).toHaveLength(2);
});
