import { type Conflict, type FieldValue, SyncError } from '@tidemark/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeManager, taskWith } from '../testing/fake-manager';
import { memoryStorage } from '../testing/fake-storage';
import { Drafts } from './drafts';
import { Model } from './model';
import { preferencesIn } from './preferences';

const full = new SyncError('storage_full', 'full');

describe('the model', () => {
  let manager: FakeManager;
  let model: Model;
  const shown = () => model.shown.value.rows.filter(({ kind }) => kind === 'task').map(({ key }) => key);

  beforeEach(() => {
    manager = new FakeManager();
    model = new Model(manager, {
      preferences: preferencesIn(null),
      drafts: new Drafts(null),
      pace: { now: () => 0, pause: async () => {} },
      timers: { set: () => 1, clear: () => {} },
    });
  });

  it('shows each edit as soon as it is stored', async () => {
    manager.put(taskWith({ id: 'a' }), taskWith({ id: 'b' }));
    expect(shown()).toEqual(['a', 'b']);
    await model.pin(taskWith({ id: 'b' }), true);
    expect(shown()).toEqual(['b', 'a']);
  });

  it('brings back what was deleted, all of it, and puts the keyboard there', async () => {
    manager.put(taskWith({ id: 'a' }), taskWith({ id: 'b' }));
    await model.delete(taskWith({ id: 'a' }));
    await model.delete(taskWith({ id: 'b' }));
    expect(shown()).toEqual([]);
    await model.undoDelete();
    expect(shown()).toEqual(['a', 'b']);
    expect(model.wantsFocus.value).toBe('b');
    expect(model.undo.deleted.value).toEqual([]);
  });

  it('puts the keyboard on what was brought back when a search has found it, not before', async () => {
    manager.put(taskWith({ id: 'a', content: 'Milk' }));
    let goOn = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let clock = 0;
    const slow = new Model(manager, {
      preferences: preferencesIn(null),
      drafts: new Drafts(null),
      pace: { now: () => (clock += 100), pause: () => gate },
      timers: { set: () => 1, clear: () => {} },
    });
    slow.query.value = 'milk';
    await slow.delete(taskWith({ id: 'a' }));
    const undoing = slow.undoDelete();
    await expect.poll(() => manager.tasks().has('a')).toBe(true);
    expect(slow.wantsFocus.value).toBeNull();
    goOn();
    await undoing;
    expect(slow.wantsFocus.value).toBe('a');
  });

  it('goes on offering what could not be brought back, and says why', async () => {
    manager.put(taskWith({ id: 'a' }), taskWith({ id: 'b' }), taskWith({ id: 'c' }));
    for (const id of ['a', 'b', 'c']) await model.delete(taskWith({ id }));
    manager.put(taskWith({ id: 'a' }));
    const restore = manager.restore.bind(manager);
    manager.restore = (id) => (id === 'b' ? Promise.reject(full) : restore(id));
    await model.undoDelete();
    expect(shown()).toEqual(['a', 'c']);
    expect(model.undo.deleted.value.map(({ id }) => id)).toEqual(['b']);
    expect(model.trouble.value).toContain('no room left');
  });

  it.each<[string, Conflict['field'], FieldValue, string[]]>([
    ['a text revives a task that was deleted since', 'content', 'Mine', ['Mine']],
    ['a mark revives it as well', 'completed', true, ['Theirs']],
    ['a deletion is done already', 'deleted_at', 5, []],
    ['its life comes back', 'deleted_at', null, ['Theirs']],
  ])('takes up what was not kept: %s', async (_, field, value, contents) => {
    manager.put(taskWith({ id: 'a', content: 'Theirs', deleted_at: 5 }));
    await expectTakenUp(field, value, contents);
  });

  it('takes up a text whose task is gone altogether as a new task', async () => {
    await expectTakenUp('content', 'Mine', ['Mine']);
  });

  async function expectTakenUp(field: Conflict['field'], value: FieldValue, contents: string[]) {
    const edit = (of: FieldValue) => ({ value: of, device_id: 'd', updated_at: 1 });
    const conflict: Conflict = {
      id: 'a',
      field,
      winner: 'server',
      kept: edit(null),
      discarded: edit(value),
      at: 2,
    };
    manager.conflictsHere = [conflict];
    expect(await model.restoreDiscarded(conflict)).toBe(true);
    expect(manager.list().map(({ content }) => content)).toEqual(contents);
    expect(model.conflicts.value).toEqual([]);
  }

  it('tells of an edit that was not stored, until one is', async () => {
    manager.fails = full;
    expect(await model.add('Milk')).toBe(false);
    expect(model.trouble.value).toContain('no room left');
    manager.fails = null;
    expect(await model.add('Milk')).toBe(true);
    expect(model.trouble.value).toBe('');
  });

  it('offers no undo of a deletion that was not stored', async () => {
    manager.put(taskWith({ id: 'a' }));
    manager.fails = full;
    await model.delete(taskWith({ id: 'a' }));
    expect(model.undo.deleted.value).toEqual([]);
  });

  it('shows only what was searched for, and all again without a search', async () => {
    manager.put(taskWith({ id: 'a', content: 'Milk' }), taskWith({ id: 'b', content: 'Bread' }));
    model.query.value = 'milk';
    await expect.poll(shown).toEqual(['a']);
    model.query.value = '';
    await expect.poll(shown).toEqual(['a', 'b']);
  });

  it('shows what was added, whatever was looked for before', async () => {
    model.query.value = 'bread';
    model.filter.value = 'done';
    await model.add('Milk');
    await expect.poll(shown).toEqual(['new-1']);
    expect(model.wantsView.value).toBe('new-1');
    model.query.value = 'bread';
    model.filter.value = 'open';
    await model.add('More bread');
    expect([model.query.value, model.filter.value]).toEqual(['bread', 'open']);
  });

  it('takes up a refused text as a task of its own, and puts the refusal away', async () => {
    const rejection = {
      change: {
        id: 'x',
        mutation_id: 1,
        version: 1,
        updated_at: 1,
        device_id: 'd',
        fields: { content: 'Milk' },
      },
      code: 'unknown_task',
      detail: '',
      at: 1,
    };
    manager.rejectedHere = [rejection];
    manager.setStatus({});
    await model.takeUpRejected(rejection, 'Milk');
    expect(manager.list().map(({ content }) => content)).toEqual(['Milk']);
    expect(model.rejected.value).toEqual([]);
  });

  it('does not say beside the status line what that says', async () => {
    manager.syncFails = new SyncError('no_answer', 'Nobody answers.');
    await model.syncNow();
    expect(model.trouble.value).toBe('');
    manager.syncFails = new SyncError('rate_limited', 'Too many syncs.', { status: 429, retry_after: 20 });
    await model.syncNow();
    expect(model.trouble.value).toBe('Too many syncs. Try again in 20 s.');
  });

  it('reads out what a person has to know of a new state', () => {
    manager.setStatus({ state: 'offline', message: 'Offline.' });
    expect(model.said.value).toBe('Offline.');
  });
});

describe('leaving', () => {
  let manager: FakeManager;
  let model: Model;
  let storage: Storage;

  beforeEach(() => {
    manager = new FakeManager();
    storage = memoryStorage();
    const preferences = preferencesIn(storage);
    model = new Model(manager, {
      preferences,
      drafts: new Drafts(null),
      pace: { now: () => 0, pause: async () => {} },
      timers: { set: () => 1, clear: () => {} },
    });
  });

  it('sends what waits and leaves nothing behind', async () => {
    expect(await model.logoutAndErase(1)).toBe(true);
    expect(manager.calls).toEqual(['syncNow', 'erase']);
  });

  it('does nothing yet where an edit would be lost', async () => {
    manager.unsent = new SyncError('unsent_edits', '2 edits');
    expect(await model.logoutAndErase(1)).toBe(false);
    expect(model.entered.value).toBe(true);
  });

  it('shows nobody else the tasks of who logged out and kept edits here', async () => {
    await model.logoutAndKeep();
    manager.setStatus({ loggedIn: false, state: 'sign_in_needed' });
    expect(model.entered.value).toBe(false);
    await model.login('ada@example.org', 'password');
    expect(model.entered.value).toBe(true);
  });

  it('holds for the other tabs as well', () => {
    preferencesIn(storage).closed = true;
    manager.setStatus({ loggedIn: false, state: 'sign_in_needed' });
    model.readPreferences();
    expect(model.entered.value).toBe(false);
  });

  it('is not what happens when a session expires: the tasks stay in view', () => {
    manager.setStatus({ loggedIn: false, state: 'sign_in_needed' });
    expect(model.entered.value).toBe(true);
  });
});
