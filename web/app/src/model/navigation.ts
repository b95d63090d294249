import { signal } from '@preact/signals';
import { hashOf, type Route, routeOf } from './route';

/** Where the person is, as the address says. */
export const route = signal<Route>(routeOf(location.hash));

// How many sheets this page has opened: so many steps back there is the list of this page.
let opened = 0;

export function startNavigation(): void {
  addEventListener('hashchange', () => {
    route.value = routeOf(location.hash);
    if (route.value.name === 'list') opened = 0;
  });
}

export function go(to: Route): void {
  if (to.name !== 'list') opened += 1;
  location.hash = hashOf(to);
}

/** Back to the list: by the way the person came, so that "back" leads out of the page afterwards. */
export function goToList(): void {
  if (opened > 0) {
    const steps = opened;
    opened = 0;
    history.go(-steps);
    return;
  }
  history.replaceState(null, '', hashOf({ name: 'list' }));
  route.value = { name: 'list' };
}
