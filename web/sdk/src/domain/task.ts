// What the client speaks of (SPEC 3.1): tasks, their fields, and edits of them. Plain values, named as on the wire.
// Times are Unix milliseconds.

export const CONTENT_BYTES_MAX = 16_384;
export const TASK_ID_BYTES_MAX = 128;

/** Some of the fields that are edited and merged each on its own. Absent: untouched. */
export interface Fields {
  content?: string;
  completed?: boolean;
  pinned?: boolean;
  /** null: the task lives, or is brought back. */
  deleted_at?: number | null;
}

export type Field = keyof Fields;
export type FieldValue = string | boolean | number | null;

/** A task as the server last told it, or as it was when it was deleted. */
export interface Row {
  id: string;
  /** 0: no server has stored it. */
  version: number;
  created_at: number;
  updated_at: number;
  /** Set: dead. Kept for a while, so that it can be restored. */
  deleted_at: number | null;
  content: string;
  completed: boolean;
  pinned: boolean;
  device_id: string;
}

/** What an answer tells of a task: the fields that changed after the cursor, or all of them. */
export interface Update {
  id: string;
  version: number;
  updated_at: number;
  device_id: string;
  /** Set when the task is whole. */
  created_at?: number;
  fields: Fields;
}

/** One numbered edit of one task, as it is sent. */
export interface Change {
  id: string;
  mutation_id: number;
  /** The version that the edit was made on, plus one. */
  version: number;
  created_at?: number;
  updated_at: number;
  device_id: string;
  fields: Fields;
}

const NAMES = ['content', 'completed', 'pinned', 'deleted_at'] as const;

/** The fields that are given, and nothing else that `source` may hold. */
export function fieldsOf(source: Fields): Fields {
  const fields: Record<string, FieldValue> = {};
  for (const name of NAMES) {
    const value = source[name];
    if (value !== undefined) fields[name] = value;
  }
  return fields as Fields;
}

/** `over` where it gives something, `under` elsewhere. */
export function laidOver(under: Fields, over: Fields): Fields {
  return { ...under, ...fieldsOf(over) };
}

/** They have a field in common. */
export function meet(a: Fields, b: Fields): boolean {
  return NAMES.some((name) => a[name] !== undefined && b[name] !== undefined);
}

export function isEmpty(fields: Fields): boolean {
  return NAMES.every((name) => fields[name] === undefined);
}

export function deletes(fields: Fields): boolean {
  return typeof fields.deleted_at === 'number';
}

export function restores(fields: Fields): boolean {
  return fields.deleted_at === null;
}
