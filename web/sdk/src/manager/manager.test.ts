import { describe, expect, test, vi } from 'vitest';
import { FakeBrowser } from '../testing';
import { ADA, afterDebounce, contents, failSteps, managerFixture, soon } from './manager.fixture';

const DAY_MS = 24 * 3_600_000;
const fixture = managerFixture();

describe('a person', () => {
  test('sees what they add at once, without anybody being asked', async () => {
    const manager = await fixture.tab();
    const task = await manager.add(' milk ');
    expect(task).toMatchObject({ content: 'milk', pending: true });
    expect(contents(manager)).toEqual(['milk']);
    expect(manager.tasks().get(task.id)).toEqual(task);
    expect(fixture.service.requests).toEqual([]);
  });

  test('is told exactly which tasks have changed, after each stored step', async () => {
    const manager = await fixture.tab();
    const changed: string[][] = [];
    manager.subscribeTasks((ids) => changed.push([...ids]));
    const milk = await manager.add('milk');
    const bread = await manager.add('bread');
    await manager.complete(milk.id, true);
    expect(changed).toEqual([[milk.id], [bread.id], [milk.id]]);
  });

  test('has the open before the completed, the pinned first, the newest first', async () => {
    const manager = await fixture.tab();
    const ids: string[] = [];
    for (const content of ['old', 'pinned', 'done', 'new']) {
      ids.push((await manager.add(content)).id);
      vi.setSystemTime(Date.now() + 1);
    }
    await manager.pin(ids[1] ?? '', true);
    await manager.complete(ids[2] ?? '', true);
    expect(contents(manager)).toEqual(['pinned', 'new', 'old', 'done']);
    expect(manager.list()).toBe(manager.list());
  });

  test('gets back what they deleted', async () => {
    const manager = await fixture.tab();
    const { id } = await manager.add('milk');
    await manager.delete(id);
    expect(contents(manager)).toEqual([]);
    expect(manager.listDeleted()).toMatchObject([{ id, content: 'milk' }]);
    await manager.restore(id);
    expect(contents(manager)).toEqual(['milk']);
    expect(manager.listDeleted()).toEqual([]);
  });

  test('learns by a code why an edit is impossible', async () => {
    const manager = await fixture.tab();
    await expect(manager.add(' \0 ')).rejects.toMatchObject({ code: 'validation' });
    await expect(manager.add('x'.repeat(16_385))).rejects.toMatchObject({ code: 'validation' });
    await expect(manager.edit('nothing', 'x')).rejects.toMatchObject({ code: 'not_found' });
    expect(contents(manager)).toEqual([]);
  });

  test('moves house with a file of tasks, which adds what is not there', async () => {
    const manager = await fixture.tab();
    const { id } = await manager.add('milk');
    await manager.pin(id, true);
    const text = manager.exportTasks();
    const elsewhere = await fixture.tab(new FakeBrowser());
    expect(await elsewhere.importTasks(text)).toBe(1);
    expect(await elsewhere.importTasks(text)).toBe(0);
    expect(elsewhere.list()).toMatchObject([{ id, content: 'milk', pinned: true }]);
    await expect(elsewhere.importTasks('milk')).rejects.toMatchObject({ code: 'validation' });
  });

  test('may import what the service exports', async () => {
    fixture.tasks.elsewhere({ id: 'milk', content: 'milk' });
    const manager = await fixture.loggedIn();
    const file = await (await manager.export()).text();
    expect(await manager.importTasks(file)).toBe(1);
    expect(contents(manager)).toEqual(['milk']);
  });
});

describe('syncing', () => {
  test('sends what was added and brings what others have', async () => {
    fixture.tasks.elsewhere({ id: 'bread', content: 'bread' });
    const manager = await fixture.loggedIn();
    await manager.add('milk');
    const ended: string[] = [];
    manager.subscribeSynced((end) => ended.push(end.how));
    expect(await manager.syncNow()).toMatchObject({ how: 'complete', pushed: 1, pulled: 1 });
    expect(contents(manager).sort()).toEqual(['bread', 'milk']);
    expect([...fixture.tasks.living.values()].map(({ content }) => content).sort()).toEqual([
      'bread',
      'milk',
    ]);
    expect(manager.status()).toMatchObject({ pending: 0, syncedAt: Date.now(), syncing: false });
    expect(manager.status().deviceId).not.toBe('');
    expect(ended).toEqual(['complete']);
  });

  test('happens by itself some seconds after an edit', async () => {
    const manager = await fixture.loggedIn();
    manager.start();
    await soon();
    const before = fixture.service.requests.length;
    await manager.add('milk');
    await soon();
    expect(fixture.service.requests).toHaveLength(before);
    await afterDebounce();
    expect([...fixture.tasks.living.values()]).toMatchObject([{ content: 'milk' }]);
    expect(manager.status().pending).toBe(0);
  });

  test('asks nothing while nothing is due', async () => {
    const manager = await fixture.loggedIn();
    manager.start();
    await afterDebounce();
    const before = fixture.service.requests.length;
    await vi.advanceTimersByTimeAsync(3 * 3_600_000);
    expect(fixture.service.requests).toHaveLength(before);
    await vi.advanceTimersByTimeAsync(10 * 3_600_000);
    expect(fixture.service.requests.length).toBeGreaterThan(before);
  });

  test('brings edits elsewhere at once while the person looks', async () => {
    const manager = await fixture.loggedIn();
    manager.start();
    manager.setForeground(true);
    await soon();
    expect(manager.status()).toMatchObject({ live: true, leading: true });
    fixture.tasks.elsewhere({ id: 'bread', content: 'bread' });
    fixture.service.announce(ADA.email);
    await soon();
    expect(contents(manager)).toEqual(['bread']);
    manager.setForeground(false);
    await soon();
    expect(fixture.service.openStreams).toBe(0);
    expect(manager.status().live).toBe(false);
  });

  test('falls back to the timers while there is no stream, and opens it again', async () => {
    const manager = await fixture.loggedIn();
    manager.start();
    manager.setForeground(true);
    await soon();
    fixture.service.breakStreams();
    await vi.advanceTimersByTimeAsync(0);
    expect(manager.status().live).toBe(false);
    await soon();
    expect(manager.status().live).toBe(true);
  });

  test('opens a stream that always ends at once less and less often', async () => {
    const manager = await fixture.loggedIn();
    manager.subscribeStatus(({ live }) => {
      if (live) queueMicrotask(() => fixture.service.breakStreams());
    });
    manager.start();
    manager.setForeground(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fixture.asked().filter((path) => path === 'GET /sync/stream').length).toBeLessThan(9);
  });

  test('opens a stream again at once that was open for a while', async () => {
    const manager = await fixture.loggedIn();
    manager.start();
    manager.setForeground(true);
    for (let i = 0; i < 8; ++i) {
      await vi.advanceTimersByTimeAsync(32_000);
      expect(manager.status().live).toBe(true);
      fixture.service.breakStreams();
    }
    await soon();
    expect(manager.status().live).toBe(true);
  });

  test('tells who is offline so, keeps their edits, and sends them when the network is back', async () => {
    const manager = await fixture.loggedIn();
    manager.start();
    await soon();
    fixture.service.offline = true;
    await manager.add('milk');
    await afterDebounce();
    expect(manager.status()).toMatchObject({ state: 'offline', pending: 1 });
    expect(manager.status().message).toBe(
      'Offline. Tasks saved locally, will sync when the server can be reached.',
    );
    fixture.service.offline = false;
    manager.networkIsBack();
    await soon();
    expect(manager.status()).toMatchObject({ state: 'online', pending: 0, message: '' });
  });

  test('pauses when the service is at capacity', async () => {
    const manager = await fixture.loggedIn();
    manager.start();
    await soon();
    fixture.service.refuseNext('/sync', { status: 429, code: 'quota_exhausted', retry_after: 3_600 });
    await manager.add('milk');
    await afterDebounce();
    expect(manager.status()).toMatchObject({ state: 'degraded', pending: 1 });
    expect(manager.status().message).toBe(
      'Sync paused (service at capacity). Tasks saved locally, will sync tomorrow.',
    );
    await vi.advanceTimersByTimeAsync(3_600_000 + 1_800_000);
    expect(manager.status()).toMatchObject({ state: 'online', pending: 0 });
  });

  test('that a person asks for in vain says until when, and asks nobody', async () => {
    const manager = await fixture.loggedIn();
    fixture.service.refuseNext('/sync', { status: 429, code: 'rate_limited', retry_after: 60 });
    await expect(manager.syncNow()).rejects.toMatchObject({ code: 'rate_limited', status: 429 });
    const before = fixture.service.requests.length;
    await expect(manager.syncNow()).rejects.toMatchObject({
      code: 'rate_limited',
      status: null,
      retry_after: 60,
    });
    expect(fixture.service.requests).toHaveLength(before);
  });

  test('repeats a request whose answer was lost, and nothing has effect twice', async () => {
    const manager = await fixture.loggedIn();
    const { id } = await manager.add('milk');
    fixture.service.loseNextAnswer('/sync');
    await expect(manager.syncNow()).rejects.toMatchObject({ code: 'no_answer' });
    expect(manager.status().pending).toBe(1);
    await manager.syncNow();
    expect(manager.status().pending).toBe(0);
    expect(fixture.tasks.living.get(id)).toMatchObject({ version: 1 });
  });

  test('asks less and less often for what cannot be stored', async () => {
    fixture.tasks.elsewhere({ id: 'bread', content: 'bread' });
    const manager = await fixture.loggedIn();
    let failures = 0;
    failSteps(fixture.browser, (before, after) => after.tasks.size > before.tasks.size && ++failures < 50);
    manager.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(failures).toBe(6);
    expect(fixture.asked().filter((path) => path === 'POST /sync')).toHaveLength(6);
  });

  test('is not due for an edit that could not be stored', async () => {
    const manager = await fixture.loggedIn();
    await manager.syncNow();
    const { nextDue } = manager.status();
    failSteps(fixture.browser, () => true);
    await expect(manager.add('milk')).rejects.toMatchObject({ code: 'storage_full' });
    manager.setForeground(true);
    manager.setForeground(false);
    expect(manager.status().nextDue).toBe(nextDue);
  });

  test('sends by itself what is left of many edits after the clock was set back', async () => {
    const manager = await fixture.loggedIn();
    const ids = Array.from({ length: 1_001 }, (_, i) => `t${i}`);
    await manager.importTasks(ids.map((id) => JSON.stringify({ id, content: 'milk' })).join('\n'));
    vi.setSystemTime(Date.now() - 3_600_000);
    manager.start();
    await afterDebounce();
    await afterDebounce();
    expect(manager.status().pending).toBe(0);
    expect(fixture.tasks.living.size).toBe(1_001);
  });

  test('that has no time left when it has its token says so, and nothing of the network', async () => {
    const manager = await fixture.loggedIn();
    vi.setSystemTime(Date.now() + 901_000);
    const held = fixture.service.holdNext('/auth/refresh');
    const running = expect(manager.syncNow({ patience: 2_000 })).rejects.toMatchObject({
      code: 'patience_over',
    });
    await held.arrived;
    await vi.advanceTimersByTimeAsync(3_000);
    held.release();
    await running;
    expect(manager.status().state).toBe('online');
    expect(fixture.asked()).not.toContain('POST /sync');
  });

  test('leaves an edit that is made meanwhile pending', async () => {
    const manager = await fixture.loggedIn();
    const { id } = await manager.add('milk');
    const held = fixture.service.holdNext('/sync');
    const running = manager.syncNow();
    await held.arrived;
    expect(manager.status().syncing).toBe(true);
    vi.setSystemTime(Date.now() + 1);
    await manager.edit(id, 'oat milk');
    held.release();
    await running;
    expect(manager.status()).toMatchObject({ pending: 1, syncing: false });
    expect(contents(manager)).toEqual(['oat milk']);
    expect(fixture.tasks.living.get(id)?.content).toBe('milk');
  });

  test('is given up when the manager stops, and nothing is lost', async () => {
    const manager = await fixture.loggedIn();
    await manager.add('milk');
    const held = fixture.service.holdNext('/sync');
    const running = manager.syncNow();
    await held.arrived;
    const stopped = expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await manager.stop();
    await stopped;
    expect(manager.status().pending).toBe(1);
    await manager.syncNow();
    expect(fixture.tasks.living.size).toBe(1);
  });

  test('lists what was refused until it is dismissed', async () => {
    const manager = await fixture.loggedIn();
    await manager.add('refuse this');
    await manager.syncNow();
    expect(manager.status()).toMatchObject({ rejected: 1, pending: 0 });
    const [rejection] = manager.rejected();
    if (!rejection) throw new Error('nothing was rejected');
    expect(rejection).toMatchObject({
      code: 'content_too_long',
      change: { fields: { content: 'refuse this' } },
    });
    await manager.dismissRejected(rejection);
    expect(manager.rejected()).toEqual([]);
    expect(manager.status().rejected).toBe(0);
  });

  test('tells conflicts, whose loser can be taken up again', async () => {
    fixture.tasks.elsewhere({ id: 'milk', content: 'milk' });
    const manager = await fixture.loggedIn();
    await manager.syncNow();
    fixture.tasks.addConflict({ id: 'milk', field: 'content', discarded: 'oat milk' });
    const statuses: number[] = [];
    manager.subscribeStatus(({ conflicts }) => statuses.push(conflicts));
    await manager.syncNow();
    expect(statuses.at(-1)).toBe(1);
    const [conflict] = manager.conflicts();
    if (!conflict) throw new Error('no conflict was told');
    await manager.restoreDiscarded(conflict);
    expect(contents(manager)).toEqual(['oat milk']);
    expect(manager.conflicts()).toEqual([]);
  });

  test.each([
    ['agrees', [] as string[]],
    ['refuses', Array.from({ length: 20 }, (_, i) => `t${i}`)],
  ])('asks the person about a mass change, who %s', async (decision, left) => {
    for (let i = 0; i < 20; ++i) fixture.tasks.elsewhere({ id: `t${i}`, content: `${i}` });
    const manager = await fixture.loggedIn();
    await manager.syncNow();
    for (let i = 0; i < 20; ++i) fixture.tasks.elsewhere({ id: `t${i}`, deleted_at: 5 });
    expect(await manager.syncNow()).toMatchObject({ how: 'held' });
    expect(manager.status().held).toMatchObject({ removes: 20, of: 20 });
    expect(manager.list()).toHaveLength(20);
    await (decision === 'agrees' ? manager.agreeToMassChange() : manager.refuseMassChange());
    await manager.syncNow();
    expect(manager.status().held).toBeNull();
    expect([...fixture.tasks.living.keys()].sort()).toEqual([...left].sort());
    expect([...manager.tasks().keys()].sort()).toEqual([...left].sort());
    await expect(manager.agreeToMassChange()).rejects.toMatchObject({ code: 'not_found' });
  });

  test('tells a person whose edit has waited for more than a day', async () => {
    const manager = await fixture.tab();
    manager.start();
    await manager.add('milk');
    expect(manager.status().overdue).toBe(false);
    await vi.advanceTimersByTimeAsync(DAY_MS + 60_000);
    expect(manager.status().overdue).toBe(true);
  });

  test('tells of each task that waits the fields that do', async () => {
    const manager = await fixture.loggedIn();
    const { id } = await manager.add('milk');
    await manager.pin(id, true);
    expect(await manager.pending()).toMatchObject([{ id, fields: { content: 'milk', pinned: true } }]);
  });
});
