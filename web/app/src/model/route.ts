/** Where in the page a person is. The list is always there; anything else is a sheet over it. */
export type Route =
  | { readonly name: 'list' | 'sync' | 'account' | 'keys' }
  | { readonly name: 'task'; readonly id: string };

const SHEETS = ['sync', 'account', 'keys'] as const;

/** Of what follows the # in the address. Anything unknown is the list. */
export function routeOf(hash: string): Route {
  const [, first = '', second = ''] = hash.replace(/^#/, '').split('/');
  const sheet = SHEETS.find((name) => name === first);
  if (sheet && second === '') return { name: sheet };
  if (first === 'task' && second !== '') return taskRoute(second);
  return { name: 'list' };
}

export function hashOf(route: Route): string {
  if (route.name === 'list') return '#/';
  return route.name === 'task' ? `#/task/${encodeURIComponent(route.id)}` : `#/${route.name}`;
}

function taskRoute(encoded: string): Route {
  try {
    return { name: 'task', id: decodeURIComponent(encoded) };
  } catch {
    return { name: 'list' };
  }
}
