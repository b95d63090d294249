import { expect, test, vi } from 'vitest';
import type { SavedState } from '../domain/schedule/state';
import type { SyncManager } from '../sync-manager';
import { FakeBrowser, FakeService } from '../testing';
import { ADA, afterDebounce, afterSteps, contents, failSteps, managerFixture, soon } from './manager.fixture';

const fixture = managerFixture();

// Two tabs of one person, both of which sync by themselves.
async function twoTabs(): Promise<[SyncManager, SyncManager]> {
  const [first, second] = [await fixture.tab(), await fixture.tab()];
  await first.login(ADA);
  first.start();
  await soon();
  second.start();
  await soon();
  return [first, second];
}

const asked = (path: string) =>
  fixture.service.requests.filter((request) => request.path.startsWith(path)).length;

test('tabs see each other’s edits, each exactly', async () => {
  const [first, second] = await twoTabs();
  const changed: string[][] = [];
  second.subscribeTasks((ids) => changed.push([...ids]));
  const milk = await first.add('milk');
  await soon();
  expect(contents(second)).toEqual(['milk']);
  expect(changed).toEqual([[milk.id]]);
  await second.complete(milk.id, true);
  await soon();
  expect(first.tasks().get(milk.id)?.completed).toBe(true);
});

test('tabs see each other’s log-in, log-out and status', async () => {
  const [first, second] = await twoTabs();
  expect(second.status()).toMatchObject({ loggedIn: true, email: ADA.email });
  await first.add('milk');
  await soon();
  expect(second.status().pending).toBe(1);
  await second.logout();
  await soon();
  expect(first.status().loggedIn).toBe(false);
});

test('one tab syncs what all of them edit', async () => {
  const [first, second] = await twoTabs();
  expect([first, second].map((one) => one.status().leading)).toEqual([true, false]);
  const before = asked('/sync');
  await second.add('milk');
  await first.add('bread');
  await afterDebounce();
  expect(asked('/sync')).toBe(before + 1);
  expect(fixture.tasks.living.size).toBe(2);
  expect([first, second].map((one) => one.status().pending)).toEqual([0, 0]);
});

test('another tab leads when the leading one is closed', async () => {
  const [first, second] = await twoTabs();
  await first.close();
  await soon();
  expect(second.status().leading).toBe(true);
  await second.add('milk');
  await afterDebounce();
  expect(fixture.tasks.living.size).toBe(1);
});

test('the tab that the person looks at leads, and follows the live stream', async () => {
  const [first, second] = await twoTabs();
  second.setForeground(true);
  await soon();
  expect([first, second].map((one) => one.status().leading)).toEqual([false, true]);
  expect(fixture.service.openStreams).toBe(1);
  expect([first, second].map((one) => one.status().live)).toEqual([true, true]);
});

test('of two tabs in view, the one that stays in view leads', async () => {
  const [first, second] = await twoTabs();
  first.setForeground(true);
  second.setForeground(true);
  await soon();
  expect(second.status().leading).toBe(true);
  second.setForeground(false);
  await soon();
  expect([first, second].map((one) => one.status().leading)).toEqual([true, false]);
  expect(fixture.service.openStreams).toBe(1);
});

test('a tab that led before, and lets go of its stream late, does not say so for the one that leads now', async () => {
  const [first, second] = await twoTabs();
  first.setForeground(true);
  await soon();
  fixture.service.refuseNext('/sync', { status: 401, code: 'expired_token' });
  const held = fixture.service.holdNext('/auth/refresh');
  await first.add('milk');
  await afterDebounce();
  await held.arrived;
  second.setForeground(true);
  await soon();
  expect(second.status()).toMatchObject({ leading: true, live: true });
  held.release();
  await soon();
  expect([first, second].map((one) => one.status().live)).toEqual([true, true]);
});

test('a tab that is opened later knows that a stream is open elsewhere', async () => {
  const [first] = await twoTabs();
  first.setForeground(true);
  await soon();
  const third = await fixture.tab();
  await soon();
  expect(third.status()).toMatchObject({ live: true, leading: false });
});

test('a person may ask in a tab that does not lead', async () => {
  const [first, second] = await twoTabs();
  fixture.tasks.elsewhere({ id: 'bread', content: 'bread' });
  expect(await second.syncNow()).toMatchObject({ how: 'complete' });
  await soon();
  expect(contents(first)).toEqual(['bread']);
  expect(second.status().leading).toBe(false);
});

test('two tabs that ask at the same time take turns', async () => {
  const [first, second] = await twoTabs();
  await first.add('milk');
  const held = fixture.service.holdNext('/sync');
  const one = first.syncNow();
  await held.arrived;
  const other = second.syncNow();
  await soon();
  expect(second.status().syncing).toBe(true);
  const before = asked('/sync');
  expect(before).toBe(asked('/sync'));
  held.release();
  expect(await one).toMatchObject({ how: 'complete', pushed: 1 });
  expect(await other).toMatchObject({ how: 'complete', pushed: 0 });
});

test('who has no patience to wait for another tab is told so', async () => {
  const [first, second] = await twoTabs();
  const held = fixture.service.holdNext('/sync');
  await first.add('milk');
  const one = first.syncNow();
  await held.arrived;
  await expect(second.syncNow({ patience: 0 })).rejects.toMatchObject({ code: 'patience_over' });
  held.release();
  await one;
});

test('two tabs whose token has expired spend one refresh token', async () => {
  const [first, second] = await twoTabs();
  fixture.service.expireAccessTokens();
  const held = fixture.service.holdNext('/auth/refresh');
  const both = Promise.all([first.devices(), second.devices()]);
  await held.arrived;
  held.release();
  await both;
  expect(asked('/auth/refresh')).toBe(1);
  expect([first, second].map((one) => one.status().loggedIn)).toEqual([true, true]);
});

test('a tab that is killed in the midst of a sync is succeeded by another, and nothing is lost', async () => {
  const [first, second] = await twoTabs();
  await first.add('milk');
  const held = fixture.service.holdNext('/sync');
  const running = first.syncNow();
  running.catch(() => {});
  await held.arrived;
  await first.close();
  await second.add('bread');
  await afterDebounce();
  expect([...fixture.tasks.living.values()].map(({ content }) => content).sort()).toEqual(['bread', 'milk']);
  expect(second.status().pending).toBe(0);
});

test('a run that was asleep while another tab synced has no effect when it wakes', async () => {
  const [first, second] = await twoTabs();
  const { id } = await first.add('milk');
  const held = fixture.service.holdNext('/sync');
  const asleep = first.syncNow();
  const woken = expect(asleep).rejects.toMatchObject({ code: 'cancelled' });
  await held.arrived;
  // As when the browser has taken the lock of a tab that it put to sleep.
  const gate = await fixture.browser.locks.steal('tidemark/run');
  gate.release();
  await second.syncNow();
  await second.edit(id, 'oat milk');
  await second.syncNow();
  held.release();
  await woken;
  expect(contents(first)).toEqual(['oat milk']);
  expect(fixture.tasks.living.get(id)).toMatchObject({ content: 'oat milk' });
  expect(second.status().pending).toBe(0);
});

test('a tab that was told of nothing reads what it has missed when the person comes back', async () => {
  const [first] = await twoTabs();
  const sleeper = await fixture.tab();
  await fixture.browser.deafen(async () => {
    await first.add('milk');
    await first.add('bread');
  });
  expect(contents(sleeper)).toEqual([]);
  sleeper.setForeground(true);
  await soon();
  expect(contents(sleeper).sort()).toEqual(['bread', 'milk']);
});

test('a tab that nobody told of an edit shows it within a minute', async () => {
  const [first, second] = await twoTabs();
  await first.logout();
  await soon();
  await fixture.browser.deafen(async () => void (await first.add('milk')));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(contents(second)).toEqual(['milk']);
});

test('the leading tab sends within a minute what nobody told it of', async () => {
  const [, second] = await twoTabs();
  await fixture.browser.deafen(async () => void (await second.add('milk')));
  await vi.advanceTimersByTimeAsync(66_000);
  expect(fixture.tasks.living.size).toBe(1);
});

test('a tab that takes the lead knows what the last one could not tell', async () => {
  const [first, second] = await twoTabs();
  await fixture.browser.deafen(async () => {
    await first.add('milk');
    await first.close();
  });
  await soon();
  expect(contents(second)).toEqual(['milk']);
  await afterDebounce();
  expect(fixture.tasks.living.size).toBe(1);
});

test('a tab that could not read what it was told of reads it later', async () => {
  const [first, second] = await twoTabs();
  await first.logout();
  await soon();
  let steps = 0;
  // The first step stores it, the second reads it in the other tab.
  failSteps(fixture.browser, () => ++steps === 2);
  await first.add('milk');
  expect(contents(second)).toEqual([]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(contents(second)).toEqual(['milk']);
});

test('all tabs are empty when one is erased', async () => {
  const [first, second] = await twoTabs();
  await first.add('milk');
  await soon();
  await second.erase({ evenUnsent: true });
  await soon();
  expect(contents(first)).toEqual([]);
  expect(first.status()).toMatchObject({ loggedIn: false, email: '', pending: 0 });
});

test('a run that is under way when the browser is erased brings nothing back', async () => {
  const [first, second] = await twoTabs();
  fixture.tasks.elsewhere({ id: 'bread', content: 'bread' });
  const held = fixture.service.holdNext('/sync');
  const running = first.syncNow();
  const ended = expect(running).rejects.toMatchObject({ code: 'cancelled' });
  await held.arrived;
  await second.erase();
  held.release();
  await ended;
  await soon();
  for (const one of [first, second]) {
    expect(one.list()).toEqual([]);
    expect(one.status()).toMatchObject({ loggedIn: false, email: '', deviceId: '' });
  }
});

test('a browser that is erased in the midst of a run, and is somebody else’s by then, shows them nothing', async () => {
  const eve = { email: 'eve@example.org', password: 'correct horse' };
  for (let step = 1, isMet = true; isMet; ++step) {
    fixture.service = new FakeService();
    fixture.service.addPerson(ADA.email, ADA.password).elsewhere({ id: 'bread', content: 'bread' });
    fixture.service.addPerson(eve.email, eve.password);
    fixture.browser = new FakeBrowser();
    const [first, second] = [await fixture.loggedIn(), await fixture.tab()];
    let steps = 0;
    isMet = false;
    afterSteps(fixture.browser, async () => {
      if (++steps !== step) return;
      isMet = true;
      // The service does not hear of it: the token is good.
      fixture.service.atNext('/auth/logout', () => Response.error());
      await second.erase();
      await second.login(eve);
    });
    await fixture.browser.deafen(async () => void (await first.syncNow().catch(() => {})));
    if (!isMet) break;
    for (const one of [first, second]) one.setForeground(true);
    await soon();
    expect([step, contents(first), contents(second)]).toEqual([step, [], []]);
    expect([...fixture.browser.disk.contents.tasks.keys()]).toEqual([]);
    expect([step, second.status()]).toMatchObject([step, { loggedIn: true, email: eve.email }]);
  }
});

test('of two people who log in at the same time in two tabs, one gets the store, with a session of their own', async () => {
  fixture.service.addPerson('eve@example.org');
  const tabs = [await fixture.tab(), await fixture.tab()] as const;
  const eve = { email: 'eve@example.org', password: 'correct horse' };
  const entered = await Promise.allSettled([tabs[0].login(ADA), tabs[1].login(eve)]);
  await soon();
  expect(entered).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: { code: 'other_account' } },
  ]);
  expect(fixture.browser.disk.contents.session?.email).toBe(ADA.email);
  await tabs[1].add('milk');
  await tabs[1].syncNow();
  expect(fixture.tasks.living.size).toBe(1);
  expect(fixture.asked()).toContain('POST /auth/logout');
});

test('a tab that is asleep with the lock of the tokens holds up nobody for long, and undoes nothing when it wakes', async () => {
  const [first, second] = await twoTabs();
  fixture.service.refreshGrace = 60_000;
  fixture.service.expireAccessTokens();
  const held = fixture.service.holdNext('/auth/refresh');
  const asleep = first.devices();
  await held.arrived;
  const asked = second.devices();
  await vi.advanceTimersByTimeAsync(40_000);
  expect(await asked).toEqual([]);
  held.release();
  expect(await asleep).toEqual([]);
  expect(await second.devices()).toEqual([]);
  expect([first, second].map((one) => one.status().loggedIn)).toEqual([true, true]);
});

test('a run whose session is over ends none that another tab has entered since', async () => {
  const [first, second] = [await fixture.loggedIn(), await fixture.tab()];
  for (let i = 0; i < 2; ++i) fixture.service.refuseNext('/sync', { status: 401, code: 'expired_token' });
  let isOver = false;
  afterSteps(fixture.browser, async ({ session, notes }) => {
    const schedule = notes.get('schedule') as SavedState;
    if (isOver || schedule.connection.session !== 'logged_out') return;
    isOver = true;
    expect(session).toBeNull();
    await second.login(ADA);
  });
  await fixture.browser.deafen(async () => {
    await expect(first.syncNow()).rejects.toMatchObject({ status: 401 });
  });
  expect(isOver).toBe(true);
  expect(await second.devices()).toEqual([]);
  expect(second.status().loggedIn).toBe(true);
});

test('a run that falls asleep before it has told its end does not tell it when another has run since', async () => {
  const [first, second] = await twoTabs();
  const told: string[] = [];
  first.subscribeSynced(({ how }) => told.push(how));
  await first.add('milk');
  let isAsleep = false;
  afterSteps(fixture.browser, async ({ replica }) => {
    if (isAsleep || replica.acked === 0) return;
    isAsleep = true;
    (await fixture.browser.locks.steal('tidemark/run')).release();
    await second.syncNow();
  });
  await fixture.browser.deafen(async () => {
    await expect(first.syncNow()).rejects.toMatchObject({ code: 'cancelled' });
  });
  expect(told).toEqual([]);
  first.setForeground(true);
  await soon();
  expect(first.status()).toMatchObject({ pending: 0, syncing: false });
});

test('a page that fails to show a change keeps no other from it, nor the edit from being stored', async () => {
  const [first, second] = await twoTabs();
  const faults: unknown[] = [];
  const caught = (error: unknown) => faults.push(error);
  process.on('uncaughtException', caught);
  const told: number[] = [];
  first.subscribeTasks(() => {
    throw new Error('the page is broken');
  });
  first.subscribeTasks((ids) => told.push(ids.size));
  await first.add('milk');
  await soon();
  process.off('uncaughtException', caught);
  expect(told).toEqual([1]);
  expect(contents(second)).toEqual(['milk']);
  expect(faults).toMatchObject([{ message: 'the page is broken' }]);
});
