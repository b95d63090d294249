import { type Signal, signal } from '@preact/signals';
import { hashOf, type Route, routeOf } from './route';

/** Of a window: its history, and what tells of steps in it. */
export interface Browser {
  readonly location: { readonly hash: string };
  readonly history: Pick<History, 'state' | 'pushState' | 'replaceState' | 'go'>;
}

/** The way a person came through the sheets. It is kept in the browser's history: a reload and "back" keep it true. */
export class Trail {
  /** Where the person is, as the address says. */
  readonly route: Signal<Route>;
  private isOnItsWay = false;

  constructor(private readonly browser: Browser) {
    this.route = signal(routeOf(browser.location.hash));
  }

  /** The person is at another entry of the history. */
  arrive(): void {
    this.isOnItsWay = false;
    this.route.value = routeOf(this.browser.location.hash);
  }

  go(to: Route): void {
    const hash = hashOf(to);
    if (hash === hashOf(this.route.peek())) return;
    this.browser.history.pushState({ depth: this.depth() + 1 }, '', hash);
    this.route.value = to;
  }

  /** Back to the list: by the way the person came, so that "back" leads out of the page afterwards. */
  goToList(): void {
    if (this.isOnItsWay) return;
    const depth = this.depth();
    if (depth > 0) {
      this.isOnItsWay = true;
      this.browser.history.go(-depth);
      return;
    }
    this.browser.history.replaceState(null, '', hashOf({ name: 'list' }));
    this.route.value = { name: 'list' };
  }

  /** How many sheets were opened on the way here: so many steps back there is the list. */
  private depth(): number {
    const depth: unknown = this.browser.history.state?.depth;
    return typeof depth === 'number' ? depth : 0;
  }
}
