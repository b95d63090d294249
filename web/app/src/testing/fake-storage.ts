/** A Storage in memory. */
export function memoryStorage(): Storage {
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

/** A Storage that the browser does not let the page use. */
export function forbiddenStorage(): Storage {
  const fail = () => {
    throw new Error('forbidden');
  };
  return { getItem: fail, setItem: fail, removeItem: fail, clear: fail, key: fail, length: 0 };
}
