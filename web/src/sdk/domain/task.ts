/** The parts of a task that are edited and merged each on its own. */
export interface Fields {
  readonly content: string;
  readonly completed: boolean;
  readonly pinned: boolean;
  /** Unix milliseconds; null: live. */
  readonly deleted_at: number | null;
}

/** A task as the server last told it. */
export interface Row extends Fields {
  readonly id: string;
  readonly version: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly device_id: string;
}

/** What an answer tells of a task: the fields that changed after the cursor, or all of them. */
export interface Update extends Partial<Fields> {
  readonly id: string;
  readonly version: number;
  readonly created_at?: number;
  readonly updated_at: number;
  readonly device_id: string;
}

/** One numbered edit of one task, as it is sent. Absent fields are untouched. */
export interface Change extends Partial<Fields> {
  readonly id: string;
  readonly mutation_id: number;
  /** The version of the row the edit was made on, plus one. */
  readonly version: number;
  readonly created_at?: number;
  readonly updated_at: number;
  readonly device_id: string;
}

export const CONTENT_BYTES_MAX = 16_384;

/** Only the editable fields that are given. */
export function fieldsOf(source: Partial<Fields>): Partial<Fields> {
  const { content, completed, pinned, deleted_at } = source;
  return {
    ...(content !== undefined && { content }),
    ...(completed !== undefined && { completed }),
    ...(pinned !== undefined && { pinned }),
    ...(deleted_at !== undefined && { deleted_at }),
  };
}

/** The fields in which `mine` differs from `theirs`, with the values of `mine`. */
export function differingFields(mine: Fields, theirs: Fields): Partial<Fields> {
  return {
    ...(mine.content !== theirs.content && { content: mine.content }),
    ...(mine.completed !== theirs.completed && { completed: mine.completed }),
    ...(mine.pinned !== theirs.pinned && { pinned: mine.pinned }),
    ...(mine.deleted_at !== theirs.deleted_at && { deleted_at: mine.deleted_at }),
  };
}

/** The row with an update or a stored change laid over it; a new row where there was none. */
export function laidOver(row: Row | undefined, update: Update): Row {
  return {
    content: '',
    completed: false,
    pinned: false,
    deleted_at: null,
    ...row,
    ...fieldsOf(update),
    id: update.id,
    version: update.version,
    created_at: update.created_at ?? row?.created_at ?? update.updated_at,
    updated_at: update.updated_at,
    device_id: update.device_id,
  };
}
