/** What the keyboard asks for. */
export type Command =
  | 'down'
  | 'up'
  | 'first'
  | 'last'
  | 'edit'
  | 'pin'
  | 'delete'
  | 'details'
  | 'add'
  | 'search'
  | 'help'
  | 'undo';

export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  /** The key is held down. */
  readonly repeat: boolean;
}

export interface Place {
  /** In a field for text. */
  readonly typing: boolean;
  /** In a row of the list. */
  readonly inList: boolean;
  /** On that row's box, which stands for the row, and not on one of its buttons. */
  readonly onRow: boolean;
  /** A sheet is open: what is behind it does not hear. */
  readonly inSheet: boolean;
  /** Single letters do something outside of the list; a person may have switched that off. */
  readonly letters: boolean;
}

const IN_LIST: Readonly<Record<string, Command>> = {
  ArrowDown: 'down',
  ArrowUp: 'up',
  Home: 'first',
  End: 'last',
  j: 'down',
  k: 'up',
};
const ON_ROW: Readonly<Record<string, Command>> = {
  Enter: 'edit',
  F2: 'edit',
  e: 'edit',
  p: 'pin',
  h: 'details',
  Delete: 'delete',
  Backspace: 'delete',
};
const ANYWHERE: Readonly<Record<string, Command>> = {
  n: 'add',
  '/': 'search',
  '?': 'help',
  j: 'down',
  k: 'up',
};

/** Null: the key does what it does in every page. */
export function commandOf(press: Press, place: Place): Command | null {
  if (place.typing || place.inSheet) return null;
  if ((press.ctrlKey || press.metaKey) && press.key === 'z') return 'undo';
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  // A key that is held down moves on, but deals with one task alone.
  if (place.onRow && ON_ROW[press.key]) return press.repeat ? null : (ON_ROW[press.key] ?? null);
  if (place.inList && IN_LIST[press.key]) return IN_LIST[press.key] ?? null;
  return place.letters ? (ANYWHERE[press.key] ?? null) : null;
}
