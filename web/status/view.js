// The page as a tree (dom.js) of what the gateway told.
import { h } from './dom.js';
import { latencyPlot, requestPlot, SWATCHES } from './figures.js';
import {
  clock,
  duration,
  headline,
  levelOf,
  meaningOf,
  micros,
  moment,
  nameOf,
  percent,
  quotaState,
  resourceOf,
  stateOf,
  tierOf,
  titleOf,
  whole,
} from './words.js';

/** @import { Budget, Dependency, Element, Minute, Process, Quota, Status } from './types' */

const SIGNS = { good: '●', warning: '▲', bad: '■' };
// Of a budget, after which reads are paused.
const PAUSE_SHARE = 0.9;

/**
 * @param {Status} status
 * @param {{ width: number }} space
 */
export function view(status, space) {
  return [
    summary(status),
    parts(status),
    quota(status.quota),
    hits(status),
    hour(status, space),
    processes(status),
  ];
}

/** @param {'good' | 'warning' | 'bad'} level */
function sign(level) {
  return h('span', { class: `sign ${level}`, 'aria-hidden': 'true' }, SIGNS[level]);
}

/** @param {string} id @param {string} title @param {...(Element | Element[])} children */
function section(id, title, ...children) {
  return h('section', { 'aria-labelledby': id }, h('h2', { id }, title), ...children);
}

/** @param {Status} status */
function summary(status) {
  const { level, text } = headline(status);
  return h('p', { class: `summary ${level}` }, sign(level), ' ', h('span', {}, text));
}

/** @param {Status} status */
function parts(status) {
  const rows = status.processes.flatMap((process) =>
    process.dependencies.map((dependency) => partRow(process, dependency, status)),
  );
  return section(
    'parts',
    'Parts',
    scrolled(
      'Parts',
      h(
        'table',
        { class: 'stacks parts' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ...['Who asks', 'Whom', 'State', 'Since', 'What people notice'].map((name) =>
              h('th', { scope: 'col' }, name),
            ),
          ),
        ),
        h('tbody', {}, ...rows),
      ),
    ),
  );
}

/** @param {Process} process @param {Dependency} dependency @param {Status} status */
function partRow(process, dependency, status) {
  const noticed = meaningOf(process.name, dependency);
  const level = levelOf(process.name, dependency);
  return h(
    'tr',
    { class: level },
    h('td', { 'data-label': 'Who asks' }, titleOf(process, status.processes)),
    h('th', { scope: 'row' }, nameOf(dependency.name)),
    h('td', { 'data-label': 'State' }, sign(level), ' ', stateOf(dependency)),
    h(
      'td',
      { 'data-label': 'Since' },
      `${moment(dependency.since, status.at)} (${duration(status.at - dependency.since)})`,
    ),
    h('td', { 'data-label': 'What people notice' }, noticed || 'nothing'),
  );
}

/** @param {Quota | null} today */
function quota(today) {
  if (today === null) {
    return section('quota', 'Today’s quota', h('p', {}, 'Not known: no sync process answers the gateway.'));
  }
  const { level, name, text } = quotaState(today);
  return section(
    'quota',
    'Today’s quota',
    h('p', { class: level }, sign(level), ' ', h('strong', {}, name), `. ${text}`),
    h('dl', { class: 'budgets' }, ...today.budgets.map(budgetRow)),
  );
}

/** @param {Budget} budget */
function budgetRow({ resource, used, budget }) {
  const words =
    budget === null
      ? `${whole(used)}, without limit`
      : `${whole(used)} of ${whole(budget)} (${percent(used, budget)})`;
  return h(
    'div',
    {},
    h('dt', {}, resourceOf(resource)),
    h('dd', {}, h('span', {}, words), ...(budget === null ? [] : [bar(used / budget)])),
  );
}

/** @param {number} share */
function bar(share) {
  const level = share >= 1 ? 'bad' : share > PAUSE_SHARE ? 'warning' : 'good';
  return h(
    'svg',
    { class: `bar ${level}`, viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    h('rect', { class: 'track', width: 100, height: 4 }),
    h('rect', { class: 'fill', width: Math.min(100, 100 * share).toFixed(2), height: 4 }),
    h('rect', { class: 'mark', x: 100 * PAUSE_SHARE, width: 0.4, height: 4 }),
  );
}

/** @param {Status} status */
function hits({ checks, cache_tiers }) {
  return section(
    'hits',
    'Hit rates of the last hour',
    h(
      'dl',
      { class: 'tiles' },
      tile('Checks answered 304', checks.not_modified, checks.answered, 'checks'),
      ...cache_tiers.map((tier) => tile(tierOf(tier.name), tier.hits, tier.reads, 'reads')),
    ),
  );
}

/** @param {string} name @param {number} part @param {number} all @param {string} what */
function tile(name, part, all, what) {
  const of = all === 0 ? `no ${what}` : `${whole(part)} of ${whole(all)} ${what}`;
  return h(
    'div',
    {},
    h('dt', {}, name),
    h('dd', {}, h('strong', {}, percent(part, all)), ' ', h('span', {}, of)),
  );
}

/** @param {Status} status @param {{ width: number }} space */
function hour({ at, minutes }, space) {
  const size = { width: Math.max(280, Math.min(space.width, 1040)), height: 200 };
  return section(
    'hour',
    'The last hour, per minute',
    h(
      'figure',
      {},
      h(
        'figcaption',
        {},
        h('strong', {}, 'Requests'),
        ' answered by this gateway',
        legend(SWATCHES.outcomes),
      ),
      requestPlot(minutes, at, size),
    ),
    h(
      'figure',
      {},
      h(
        'figcaption',
        {},
        h('strong', {}, 'Latency'),
        ' from a request’s last byte to its answer',
        legend(SWATCHES.quantiles),
      ),
      latencyPlot(minutes, at, size),
    ),
    h(
      'details',
      {},
      h('summary', {}, 'The same as a table'),
      scrolled('The last hour as a table', minuteTable(minutes)),
    ),
  );
}

/** @param {readonly { name: string, text: string }[]} swatches */
function legend(swatches) {
  return h(
    'ul',
    { class: 'legend' },
    ...swatches.map(({ name, text }) =>
      h(
        'li',
        {},
        h(
          'svg',
          { class: 'swatch', viewBox: '0 0 10 10', 'aria-hidden': 'true' },
          h('rect', { class: `key ${name}`, width: 10, height: 10 }),
        ),
        text,
      ),
    ),
  );
}

/** @param {Minute[]} minutes */
function minuteTable(minutes) {
  const heads = [
    'Minute',
    ...SWATCHES.outcomes.map(({ text }) => text),
    ...SWATCHES.quantiles.map(({ text }) => text),
  ];
  return h(
    'table',
    { class: 'numbers' },
    h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
    h('tbody', {}, ...minutes.toReversed().map(minuteRow)),
  );
}

/** @param {Minute} minute */
function minuteRow(minute) {
  const counts = SWATCHES.outcomes.map(({ name }) => whole(minute[name]));
  const times = SWATCHES.quantiles.map(({ name }) => micros(minute[name]));
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, clock(minute.at)),
    ...[...counts, ...times].map((cell) => h('td', {}, cell)),
  );
}

/** @param {Status} status */
function processes({ at, processes }) {
  const rows = processes.map((process) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, titleOf(process, processes)),
      h('td', { 'data-label': 'Version' }, process.version),
      h('td', { 'data-label': 'Runs for' }, duration(at - process.started_at)),
      h('td', { 'data-label': 'Since' }, moment(process.started_at, at)),
    ),
  );
  return section(
    'processes',
    'Processes',
    scrolled(
      'Processes',
      h(
        'table',
        { class: 'stacks' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ...['Process', 'Version', 'Runs for', 'Since'].map((name) => h('th', { scope: 'col' }, name)),
          ),
        ),
        h('tbody', {}, ...rows),
      ),
    ),
    h(
      'p',
      { class: 'quiet' },
      'Where there are several gateways, the one that answered this page. Of the others, each that answered in the last ten seconds.',
    ),
  );
}

/**
 * What is wider than a phone is scrolled by itself, by keyboard too.
 * @param {string} label @param {Element} child
 */
function scrolled(label, child) {
  return h('div', { class: 'scrolled', tabindex: '0', role: 'group', 'aria-label': label }, child);
}
