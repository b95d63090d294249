import { expect, test } from 'vitest';
import type { SyncManager } from '../sync-manager';
import { ADA, afterDebounce, contents, managerFixture, soon } from './manager.fixture';

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
