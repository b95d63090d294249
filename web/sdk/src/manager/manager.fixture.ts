// What tests of managers share: a service, a browser, and a clock that stands still.
import { afterEach, beforeEach, vi } from 'vitest';
import { SyncError } from '../domain/errors';
import type { SyncManager } from '../sync-manager';
import { FakeBrowser, FakeService, type FakeTasks } from '../testing';

export const ADA = { email: 'ada@example.org', password: 'correct horse' };

export interface Fixture {
  service: FakeService;
  /** Ada's. */
  tasks: FakeTasks;
  browser: FakeBrowser;
  /** Closed after the test. */
  tab(on?: FakeBrowser): Promise<SyncManager>;
  /** As Ada. */
  loggedIn(on?: FakeBrowser): Promise<SyncManager>;
  /** What was asked, as "POST /sync". */
  asked(): string[];
}

export function managerFixture(): Fixture {
  const open: SyncManager[] = [];
  const service = new FakeService();
  const fixture: Fixture = {
    service,
    tasks: service.addPerson(ADA.email, ADA.password),
    browser: new FakeBrowser(),
    async tab(this: Fixture, on = this.browser) {
      const manager = await on.openTab({ service: this.service });
      open.push(manager);
      return manager;
    },
    async loggedIn(this: Fixture, on = this.browser) {
      const manager = await this.tab(on);
      await manager.login(ADA);
      return manager;
    },
    asked() {
      return this.service.requests.map(({ method, path }) => `${method} ${path.split('?')[0]}`);
    },
  };
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
    vi.setSystemTime(1_767_225_600_000);
    fixture.service = new FakeService();
    fixture.tasks = fixture.service.addPerson(ADA.email, ADA.password);
    fixture.browser = new FakeBrowser();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((manager) => manager.close()));
    vi.useRealTimers();
  });
  return fixture;
}

type Contents = FakeBrowser['disk']['contents'];

/** Steps of the storage of which `fails` says so store nothing. */
export function failSteps(browser: FakeBrowser, fails: (before: Contents, after: Contents) => boolean): void {
  const { disk } = browser;
  const inTurn = disk.inTurn.bind(disk);
  disk.inTurn = (step) =>
    inTurn(async () => {
      const before = disk.contents;
      const result = await step();
      if (!fails(before, disk.contents)) return result;
      disk.contents = before;
      throw new SyncError('storage_full', 'There is no room left.');
    });
}

/** Whoever takes a step on the storage goes on only when `then` has ended. */
export function afterSteps(browser: FakeBrowser, then: (contents: Contents) => Promise<void>): void {
  const { disk } = browser;
  const inTurn = disk.inTurn.bind(disk);
  disk.inTurn = async (step) => {
    const result = await inTurn(step);
    await then(disk.contents);
    return result;
  };
}

export function contents(manager: SyncManager): string[] {
  return manager.list().map(({ content }) => content);
}

export const soon = () => vi.advanceTimersByTimeAsync(1_000);
export const afterDebounce = () => vi.advanceTimersByTimeAsync(6_000);
