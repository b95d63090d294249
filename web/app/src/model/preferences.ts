/** What this browser remembers of the page itself; never tasks, never who somebody is. */
export interface Preferences {
  /** Single letters work as shortcuts. */
  letters: boolean;
  /** The person has logged out by themselves. */
  closed: boolean;
  /** Another tab may have changed them. */
  readAgain(): void;
}

/** In a storage that may be full or forbidden: then things are as at first. */
export function preferencesIn(storage: Storage | null): Preferences {
  const read = (name: string) => {
    try {
      return storage?.getItem(`tidemark-page.${name}`) ?? null;
    } catch {
      return null;
    }
  };
  const write = (name: string, value: boolean) => {
    try {
      if (value) storage?.setItem(`tidemark-page.${name}`, '1');
      else storage?.removeItem(`tidemark-page.${name}`);
    } catch {
      // It is forgotten with the page.
    }
  };
  let lettersOff = read('letters-off') !== null;
  let closed = read('closed') !== null;
  return {
    get letters() {
      return !lettersOff;
    },
    set letters(value) {
      lettersOff = !value;
      write('letters-off', lettersOff);
    },
    get closed() {
      return closed;
    },
    set closed(value) {
      closed = value;
      write('closed', closed);
    },
    readAgain() {
      lettersOff = read('letters-off') !== null;
      closed = read('closed') !== null;
    },
  };
}
