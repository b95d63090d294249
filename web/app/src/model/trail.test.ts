import { beforeEach, describe, expect, it } from 'vitest';
import { type Browser, Trail } from './trail';

/** A browser that came from another page, and whose steps take effect when it gets to them. */
class FakeBrowser implements Browser {
  private readonly entries: { hash: string; state: unknown }[] = [{ hash: '', state: null }];
  private at = 0;
  private steps = 0;
  readonly location = { hash: '' };
  readonly history = {
    state: null as unknown,
    pushState: (state: unknown, _: string, hash?: string | URL | null) => {
      this.entries.splice(this.at + 1);
      this.entries.push({ hash: String(hash), state });
      this.move(1);
    },
    replaceState: (state: unknown, _: string, hash?: string | URL | null) => {
      this.entries[this.at] = { hash: String(hash), state };
      this.move(0);
    },
    go: (steps = 0) => {
      this.steps += steps;
    },
  };

  /** False: the page is left. */
  step(trail: Trail, steps = this.steps): boolean {
    this.steps = 0;
    if (this.at + steps < 0) return false;
    this.move(steps);
    trail.arrive();
    return true;
  }

  private move(steps: number): void {
    this.at += steps;
    const entry = this.entries[this.at];
    this.location.hash = entry?.hash ?? '';
    this.history.state = entry?.state ?? null;
  }
}

describe('the way back to the list', () => {
  let browser: FakeBrowser;
  let trail: Trail;

  beforeEach(() => {
    browser = new FakeBrowser();
    trail = new Trail(browser);
    trail.go({ name: 'account' });
  });

  it('is as many steps as sheets were opened', () => {
    trail.go({ name: 'keys' });
    trail.goToList();
    expect(browser.step(trail)).toBe(true);
    expect(trail.route.value).toEqual({ name: 'list' });
  });

  it('stays in the page after the browser’s own "back"', () => {
    trail.go({ name: 'keys' });
    browser.step(trail, -1);
    expect(trail.route.value).toEqual({ name: 'account' });
    trail.goToList();
    expect(browser.step(trail)).toBe(true);
    expect(trail.route.value).toEqual({ name: 'list' });
  });

  it('is known after a reload', () => {
    trail = new Trail(browser);
    trail.goToList();
    expect(browser.step(trail)).toBe(true);
    expect(trail.route.value).toEqual({ name: 'list' });
  });

  it('is gone once, however often it is asked for, and a sheet is opened once', () => {
    trail.go({ name: 'account' });
    trail.goToList();
    trail.goToList();
    expect(browser.step(trail)).toBe(true);
    expect(trail.route.value).toEqual({ name: 'list' });
  });

  it('does not exist for who came by an address: the list takes the sheet’s place', () => {
    browser = new FakeBrowser();
    browser.history.replaceState(null, '', '#/keys');
    trail = new Trail(browser);
    trail.goToList();
    expect([trail.route.value, browser.location.hash]).toEqual([{ name: 'list' }, '#/']);
  });
});
