// What the page says: states, what they mean for people (docs/outages.md), numbers and times.

/** @import { Dependency, Process, Quota, Status } from './types' */

const NAMES = {
  gateway: 'Gateway',
  sync: 'Sync',
  auth: 'Auth',
  ratelimit: 'Rate limits',
  postgres: 'PostgreSQL',
  redis: 'Redis',
  auth_keys: 'Public keys of auth',
};

/** @param {string} name */
export function nameOf(name) {
  return NAMES[/** @type {keyof typeof NAMES} */ (name)] ?? name;
}

const NOT_NOTICED = 'Nobody notices.';

/** @type {Record<string, Record<string, string>>} */
const WHEN_AWAY = {
  gateway: {
    sync: 'Nobody can sync: 503. Devices keep their edits and send them later. Logging in works.',
    auth: 'Nobody can log in, register or renew a token: 503. Valid tokens keep working.',
  },
  sync: {
    postgres:
      'Checks that the cache can answer still get a 304. Everything else is 503. Devices keep their edits.',
    redis:
      'Nobody notices. Checks are answered from the database. The first push of the outage takes about two seconds longer.',
    ratelimit: 'Nobody notices. Each sync process counts in its own memory.',
    auth: 'Valid tokens keep working. Do not restart sync meanwhile: it would have no keys to verify them by.',
    auth_keys: 'No token can be verified: every request is 503 until auth is back.',
  },
  auth: {
    postgres: 'Nobody can log in, register or renew a token: 503. Valid tokens keep working.',
    ratelimit: 'Nobody notices. Each auth process counts in its own memory.',
    sync: 'Accounts cannot be deleted. All else works.',
  },
  ratelimit: {
    redis: 'Nobody notices. Buckets are counted in memory.',
  },
};

/**
 * What people notice of it; empty: nothing is amiss.
 * @param {string} process
 * @param {Dependency} dependency
 */
export function meaningOf(process, dependency) {
  if (dependency.state === 'answers') return '';
  if (dependency.state === 'unknown') return 'It has not been asked yet.';
  return WHEN_AWAY[process]?.[dependency.name] ?? '';
}

/**
 * What nobody notices is a warning.
 * @param {string} process
 * @param {Dependency} dependency
 * @returns {'good' | 'warning' | 'bad'}
 */
export function levelOf(process, dependency) {
  if (dependency.state === 'answers') return 'good';
  const unnoticed = meaningOf(process, dependency).startsWith(NOT_NOTICED);
  return dependency.state === 'unknown' || unnoticed ? 'warning' : 'bad';
}

/** @param {Dependency} dependency */
export function stateOf(dependency) {
  return { answers: 'answers', away: 'does not answer', unknown: 'not known yet' }[dependency.state];
}

/**
 * The page in one sentence.
 * @param {Status} status
 * @returns {{ level: 'good' | 'warning' | 'bad', text: string }}
 */
export function headline(status) {
  const away = status.processes.flatMap((process) =>
    process.dependencies
      .filter((dependency) => dependency.state === 'away')
      .map((dependency) => dependency.name),
  );
  const names = [...new Set(away)].map(nameOf);
  if (names.length > 0) {
    const noticed = status.processes.some((process) =>
      process.dependencies.some((dependency) => levelOf(process.name, dependency) === 'bad'),
    );
    const verb = names.length === 1 ? 'does not answer' : 'do not answer';
    return { level: noticed ? 'bad' : 'warning', text: `${listed(names)} ${verb}.` };
  }
  if (status.quota?.state === 'exhausted') return { level: 'bad', text: 'The day’s quota is used up.' };
  if (status.quota?.state === 'read_paused')
    return { level: 'warning', text: 'Reads are paused: the day’s quota is nearly used up.' };
  const unknown = status.processes.some((process) =>
    process.dependencies.some((dependency) => dependency.state === 'unknown'),
  );
  if (unknown || status.quota === null)
    return { level: 'warning', text: 'Not everything has been heard of yet.' };
  return { level: 'good', text: 'Everything answers.' };
}

/** @param {string[]} names */
function listed(names) {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/**
 * @param {Quota} quota
 * @returns {{ level: 'good' | 'warning' | 'bad', name: string, text: string }}
 */
export function quotaState(quota) {
  const until = `until midnight UTC, in ${duration(quota.reset_after * 1000)}`;
  const cache = quota.cache_off
    ? ' The cache is off for the rest of the day: hashes come from the database.'
    : '';
  switch (quota.state) {
    case 'exhausted':
      return {
        level: 'bad',
        name: 'Exhausted',
        text: `Every request is refused with 429 ${until}. Devices keep their edits.${cache}`,
      };
    case 'read_paused':
      return {
        level: 'warning',
        name: 'Reads paused',
        text: `Pushes are stored, everything else is refused with 503 ${until}.${cache}`,
      };
    default:
      return {
        level: cache ? 'warning' : 'good',
        name: 'Normal',
        text: `A new day begins at midnight UTC, in ${duration(quota.reset_after * 1000)}.${cache}`,
      };
  }
}

const RESOURCES = {
  requests: 'Requests',
  database_reads: 'Database reads',
  database_writes: 'Database writes',
  cache_reads: 'Cache reads',
  cache_writes: 'Cache writes',
};

/** @param {string} resource */
export function resourceOf(resource) {
  return RESOURCES[/** @type {keyof typeof RESOURCES} */ (resource)] ?? resource;
}

/** @param {string} name */
export function tierOf(name) {
  return name === 'memory' ? 'Head cache, in memory' : name === 'redis' ? 'Head cache, Redis' : name;
}

/** @param {number} value */
export function whole(value) {
  return value.toLocaleString('en');
}

/**
 * Rounded down above 99 %, up below 1 %: what is not all or nothing does not read as if it were.
 * @param {number} part
 * @param {number} all
 */
export function percent(part, all) {
  if (all === 0) return '–';
  const share = (100 * part) / all;
  if (share > 99 && share < 100) return `${(Math.floor(share * 10) / 10).toFixed(1)} %`;
  if (share > 0 && share < 1) return `${(Math.ceil(share * 10) / 10).toFixed(1)} %`;
  return `${share < 10 ? share.toFixed(1) : Math.round(share)} %`.replace('.0 ', ' ');
}

/** @param {number | null} micros */
export function micros(micros) {
  if (micros === null) return '–';
  if (micros >= 1_000_000) return `${(micros / 1_000_000).toFixed(1)} s`;
  const millis = micros / 1000;
  return `${millis >= 10 ? Math.round(millis) : millis >= 1 ? millis.toFixed(1) : millis.toFixed(2)} ms`;
}

/**
 * In the two largest units.
 * @param {number} millis
 */
export function duration(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  const [days, hours, minutes] = [
    Math.floor(seconds / 86400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  if (minutes > 0) return `${minutes} min ${seconds % 60} s`;
  return `${seconds} s`;
}

/** @param {number} at */
export function clock(at) {
  return new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

/**
 * With the date where that is not today's.
 * @param {number} at
 * @param {number} now
 */
export function moment(at, now) {
  const date = new Date(at);
  const time = date.toLocaleTimeString('en-GB');
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, ${time}`;
}

/**
 * One of several of a name is told by the beginning of its instance.
 * @param {Process} process
 * @param {Process[]} all
 */
export function titleOf(process, all) {
  const several = all.filter((other) => other.name === process.name).length > 1;
  return several ? `${nameOf(process.name)} ${process.instance.slice(0, 4)}` : nameOf(process.name);
}
