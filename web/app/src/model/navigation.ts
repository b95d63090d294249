import type { Route } from './route';
import { Trail } from './trail';

const trail = new Trail(window);

/** Where the person is, as the address says. */
export const { route } = trail;

export function startNavigation(): void {
  addEventListener('popstate', () => trail.arrive());
}

export function go(to: Route): void {
  trail.go(to);
}

export function goToList(): void {
  trail.goToList();
}
