import { CONTENT_BYTES_MAX, SyncError } from '@tidemark/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeManager, taskWith } from '../testing/fake-manager';
import { memoryStorage } from '../testing/fake-storage';
import { Drafts } from './drafts';
import { Model } from './model';
import { preferencesIn } from './preferences';
import { TextEdit } from './text-edit';

const full = new SyncError('storage_full', 'full');
const task = taskWith({ id: 'a', content: 'Milk' });

describe('a text that is being typed', () => {
  let manager: FakeManager;
  let storage: Storage;
  let model: Model;
  const textOf = (id: string) => manager.tasks().get(id)?.content;
  const orphans = () => model.orphans.value.map(({ content }) => content);
  const load = () =>
    new Model(manager, {
      preferences: preferencesIn(null),
      drafts: new Drafts(storage),
      pace: { now: () => 0, pause: async () => {} },
      timers: { set: () => 1, clear: () => {} },
    });
  const edited = (content: string) => {
    const edit = new TextEdit(model, task);
    edit.type(content);
    return edit;
  };

  beforeEach(() => {
    manager = new FakeManager();
    storage = memoryStorage();
    manager.put(task);
    model = load();
  });

  it('is stored when another device’s edit takes its row out of what is shown', async () => {
    model.editing.value = 'a';
    const edit = edited('Oat milk');
    manager.put(taskWith({ id: 'a', content: 'Milk', completed: true }));
    edit.leave();
    await expect.poll(() => textOf('a')).toBe('Oat milk');
    expect(model.editing.value).toBeNull();
    expect(orphans()).toEqual([]);
  });

  it('is offered anew when it is too long and its editor goes', async () => {
    const text = 'x'.repeat(CONTENT_BYTES_MAX + 1);
    manager.fails = new SyncError('validation', 'too long');
    edited(text).leave();
    await expect.poll(orphans).toEqual([text]);
    expect(textOf('a')).toBe('Milk');
  });

  it('is offered anew when its task was deleted, and lives in that task or in a new one', async () => {
    const edit = edited('Oat milk');
    manager.put({ ...task, deleted_at: 5 });
    expect(await edit.save()).toBe(false);
    edit.leave();
    await model.leaveEditor('gone', 'Bread');
    expect(orphans()).toEqual(['Oat milk', 'Bread']);
    for (const orphan of model.orphans.value) await model.keepOrphan(orphan);
    expect(textOf('a')).toBe('Oat milk');
    expect(manager.list().map(({ content }) => content)).toEqual(['Oat milk', 'Bread']);
    expect(orphans()).toEqual([]);
  });

  it('is offered anew when it could not be stored, and its editor is gone by then', async () => {
    const edit = edited('Oat milk');
    manager.fails = full;
    const saving = edit.save();
    edit.leave();
    expect(await saving).toBe(false);
    await expect.poll(orphans).toEqual(['Oat milk']);
  });

  it('is forgotten when the person does not want it', async () => {
    const edit = edited('Oat milk');
    edit.discard();
    edit.leave();
    expect([textOf('a'), orphans(), load().orphans.value]).toEqual(['Milk', [], []]);
  });

  it('is not all stored while something was typed in between', async () => {
    const edit = edited('Oat');
    const saving = edit.save();
    edit.type('Oat milk');
    expect(await saving).toBe(false);
    expect(edit.differs()).toBe(true);
    expect(await edit.save()).toBe(true);
    expect(textOf('a')).toBe('Oat milk');
  });

  it('is no other device’s when the store has trimmed it', async () => {
    const edit = edited('Oat milk ');
    expect(await edit.save()).toBe(true);
    expect(textOf('a')).toBe('Oat milk');
    expect([edit.isChangedElsewhere('Oat milk'), edit.differs()]).toEqual([false, false]);
    expect(edit.isChangedElsewhere('Bread')).toBe(true);
  });

  it('follows another device’s text only where nothing else was typed', () => {
    const untouched = new TextEdit(model, task);
    untouched.follow('Bread');
    expect([untouched.typed.value, untouched.isChangedElsewhere('Bread')]).toEqual(['Bread', false]);
    const touched = edited('Oat milk');
    touched.follow('Bread');
    expect([touched.typed.value, touched.isChangedElsewhere('Bread')]).toEqual(['Oat milk', true]);
  });

  it('is there after a reload: of a task as an offer, of a new one in its field', async () => {
    edited('Oat milk');
    model.typeNew('Bread');
    model = load();
    expect([orphans(), model.adding.value]).toEqual([['Oat milk'], 'Bread']);
    for (const orphan of model.orphans.value) await model.keepOrphan(orphan);
    await model.addTyped();
    model = load();
    expect([orphans(), model.adding.value]).toEqual([[], '']);
  });

  it('is there after a failed add, also while the next one is being typed', async () => {
    manager.fails = full;
    model.typeNew('Bread');
    await model.addTyped();
    expect([orphans(), model.adding.value]).toEqual([[], 'Bread']);
    const adding = model.addTyped();
    model.typeNew('Butter');
    await adding;
    expect([orphans(), model.adding.value]).toEqual([['Bread'], 'Butter']);
  });

  it('is nobody else’s: neither in the same tab nor after a reload', async () => {
    const edit = edited('Oat milk');
    await model.leaveEditor('gone', 'Bread');
    model.typeNew('Butter');
    model.say('Added: Jam');
    model.active.value = 'a';
    manager.put({ ...task, deleted_at: 5 });
    manager.setStatus({ userId: '', email: '', loggedIn: false, state: 'sign_in_needed' });
    edit.leave();
    manager.setStatus({ userId: 'bob', email: 'bob@example.org', loggedIn: true, state: 'online' });
    for (const one of [model, load()]) {
      expect(one.orphans.value).toEqual([]);
      expect([one.adding.value, one.said.value, one.active.value]).toEqual(['', '', null]);
    }
  });
});
