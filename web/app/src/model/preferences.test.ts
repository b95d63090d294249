import { describe, expect, it } from 'vitest';
import { preferencesIn } from './preferences';

function storageThatThrows(): Storage {
  const fail = () => {
    throw new Error('forbidden');
  };
  return { getItem: fail, setItem: fail, removeItem: fail, clear: fail, key: fail, length: 0 };
}

function memory(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, value) => void items.set(name, value),
    removeItem: (name) => void items.delete(name),
    clear: () => items.clear(),
    key: () => null,
    length: 0,
  };
}

describe('what the page remembers', () => {
  it('is there after a reload', () => {
    const storage = memory();
    const before = preferencesIn(storage);
    expect([before.letters, before.closed]).toEqual([true, false]);
    before.letters = false;
    before.closed = true;
    const after = preferencesIn(storage);
    expect([after.letters, after.closed]).toEqual([false, true]);
  });

  it.each([
    ['no storage', null],
    ['a storage that throws', storageThatThrows()],
  ])('lasts as long as the page with %s', (_, storage) => {
    const preferences = preferencesIn(storage);
    preferences.closed = true;
    expect(preferences.closed).toBe(true);
  });
});
