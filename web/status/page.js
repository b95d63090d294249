// Asks the gateway how it is every few seconds while somebody looks, and shows the answer.
import { show } from './dom.js';
import { view } from './view.js';
import { duration, moment } from './words.js';

/** @import { Status } from './types' */

const EVERY_MILLIS = 2_000;
// Who has not answered by then does not.
const TIMEOUT_MILLIS = 3_000;

const content = byId('content');
const freshness = byId('freshness');
const alarm = byId('alarm');

/** @type {Status | null} */
let last = null;
let heardAt = Date.now();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let next;

/** @param {string} id */
function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`there is no ${id}`);
  return element;
}

function render() {
  if (last) show(content, view(last, { width: content.clientWidth }));
}

/** @param {Status} status */
function heard(status) {
  last = status;
  heardAt = Date.now();
  render();
  show(freshness, [`As of ${moment(status.at, status.at)}; asked again every ${duration(EVERY_MILLIS)}.`]);
  tell('');
}

/** @param {string} why */
function failed(why) {
  const seen = last ? ` What is shown is as it was at ${moment(last.at, Date.now())}.` : '';
  tell(`${why}${seen}`);
  show(freshness, [
    `Nothing was heard for ${duration(Date.now() - heardAt)}; asked again every ${duration(EVERY_MILLIS)}.`,
  ]);
}

// A screen reader tells each change, so the sentence is not to change while the trouble is the same.
/** @param {string} text */
function tell(text) {
  show(alarm, text ? [text] : []);
  document.body.classList.toggle('stale', text !== '');
}

async function ask() {
  try {
    const answer = await fetch('/status.json', {
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    });
    if (answer.ok) heard(await answer.json());
    else failed(`The gateway refuses to tell (${answer.status}).`);
  } catch {
    failed('The gateway does not answer.');
  }
}

async function round() {
  clearTimeout(next);
  await ask();
  clearTimeout(next);
  if (!document.hidden) next = setTimeout(round, EVERY_MILLIS);
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden) clearTimeout(next);
  else round();
});
addEventListener('resize', render);
round();
