import { describe, expect, it } from 'vitest';
import { forbiddenStorage, memoryStorage } from '../testing/fake-storage';
import { preferencesIn } from './preferences';

describe('what the page remembers', () => {
  it('is read again when another tab has changed it', () => {
    const storage = memoryStorage();
    const here = preferencesIn(storage);
    preferencesIn(storage).closed = true;
    here.readAgain();
    expect(here.closed).toBe(true);
  });

  it('is there after a reload', () => {
    const storage = memoryStorage();
    const before = preferencesIn(storage);
    expect([before.letters, before.closed]).toEqual([true, false]);
    before.letters = false;
    before.closed = true;
    const after = preferencesIn(storage);
    expect([after.letters, after.closed]).toEqual([false, true]);
  });

  it.each([
    ['no storage', null],
    ['a storage that throws', forbiddenStorage()],
  ])('lasts as long as the page with %s', (_, storage) => {
    const preferences = preferencesIn(storage);
    preferences.closed = true;
    expect(preferences.closed).toBe(true);
  });
});
