import type { Task } from '@tidemark/sdk';

export type Filter = 'all' | 'open' | 'done' | 'deleted';

export interface HeadingRow {
  readonly kind: 'heading';
  readonly key: string;
  readonly text: string;
  readonly count: number;
}

export interface TaskRow {
  readonly kind: 'task';
  readonly key: string;
  readonly task: Task;
  /** From 1, among the tasks alone. */
  readonly position: number;
}

export type Row = HeadingRow | TaskRow;

export interface Rows {
  readonly rows: readonly Row[];
  readonly tasks: number;
}

/** The rows of a list that is sorted: open before completed, pinned first. */
export function rowsOf(tasks: readonly Task[], filter: Filter): Rows {
  if (filter === 'deleted') return { rows: tasks.map(taskRow), tasks: tasks.length };
  const [pinned, open, done] = sections(tasks);
  const shown = [
    ...(filter === 'done' ? [] : [['pinned', 'Pinned', pinned] as const, ['open', 'To do', open] as const]),
    ...(filter === 'open' ? [] : [['done', 'Done', done] as const]),
  ].filter(([, , members]) => members.length > 0);
  const rows: Row[] = [];
  let position = 0;
  for (const [key, text, members] of shown) {
    rows.push({ kind: 'heading', key: `heading ${key}`, text, count: members.length });
    for (const task of members) rows.push(taskRow(task, position++));
  }
  return { rows, tasks: position };
}

function taskRow(task: Task, index: number): TaskRow {
  return { kind: 'task', key: task.id, task, position: index + 1 };
}

function sections(tasks: readonly Task[]): [readonly Task[], readonly Task[], readonly Task[]] {
  const isOpenAndNotPinned = tasks.findIndex((task) => task.completed || !task.pinned);
  const openFrom = isOpenAndNotPinned < 0 ? tasks.length : isOpenAndNotPinned;
  const completed = tasks.findIndex((task) => task.completed);
  const doneFrom = completed < 0 ? tasks.length : completed;
  return [tasks.slice(0, openFrom), tasks.slice(openFrom, doneFrom), tasks.slice(doneFrom)];
}

/** The task row at or after `index`, or else the last one before it. */
export function taskRowNear(rows: readonly Row[], index: number): TaskRow | null {
  for (let at = Math.max(0, index); at < rows.length; at++) {
    const row = rows[at];
    if (row?.kind === 'task') return row;
  }
  for (let at = Math.min(index, rows.length) - 1; at >= 0; at--) {
    const row = rows[at];
    if (row?.kind === 'task') return row;
  }
  return null;
}

/** `steps` task rows further down, or up; stays at the ends. */
export function taskRowAway(rows: readonly Row[], from: number, steps: number): TaskRow | null {
  const direction = Math.sign(steps);
  let left = Math.abs(steps);
  let found: TaskRow | null = null;
  for (let at = from + direction; left > 0 && at >= 0 && at < rows.length; at += direction) {
    const row = rows[at];
    if (row?.kind !== 'task') continue;
    found = row;
    left -= 1;
  }
  return found;
}

/** The task that takes the place of one that goes: the next below its heading, or the one before; else any. */
export function taskRowBeside(rows: readonly Row[], index: number): TaskRow | null {
  const beside = [rows[index + 1], rows[index - 1]].find((row) => row?.kind === 'task');
  if (beside?.kind === 'task') return beside;
  return taskRowAway(rows, index, 1) ?? taskRowAway(rows, index, -1);
}
