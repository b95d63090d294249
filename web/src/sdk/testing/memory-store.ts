import { WebStore } from '../store/web-store';

/** The real store over a Map: what it holds has been through JSON, as it will be in a browser. */
export function memoryStore(): WebStore {
  const items = new Map<string, string>();
  return new WebStore({
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  });
}
