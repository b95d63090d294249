// The pages that together answer one request: rows are stored as they come, the cursor once, at the end, and nothing
// is removed before the end either (SPEC 3.3, 6.3).
import { isMassChange } from '../domain/guard';
import type { Page } from '../domain/protocol';
import type { HeldAnswer, Replica, Series } from '../domain/replica';
import type { Update } from '../domain/task';
import { applyDeletion, applyUpdate, doom, takeRestoredRow, wouldVanish } from '../domain/task-answers';
import { forgetBase, isAlive, type TaskState, unknownTask } from '../domain/task-state';
import type { Transaction } from '../store/local-store';
import { TaskBook } from './task-book';

// Deleted tasks can be restored for as long; then their text goes.
const DEAD_KEPT_MS = 30 * 24 * 3_600_000;
// At the end of one answer, so that none takes long.
const FORGOTTEN_AT_ONCE = 1_000;

/** Opens the series that `page`, the first answer to a request with this cursor, begins. */
export function openSeries(book: TaskBook, last_sync: number, page: Page): Series {
  const resync = page.full_resync;
  const tellsWholeState =
    resync === 'purged' || (resync === null && last_sync === 0 && page.pull_deferred === null);
  if (tellsWholeState) book.replica.whole_state += 1;
  if (resync === 'rewound') book.tx.clearAside();
  return {
    page: '',
    last_sync,
    resync,
    tasks_before: book.replica.live_count,
    whole_state: tellsWholeState ? book.replica.whole_state : 0,
  };
}

/** Stores what a page tells about tasks. False: it tells fields of a task that is not here. */
export async function storeNews(book: TaskBook, series: Series, page: Page, now: number): Promise<boolean> {
  if (series.resync === 'rewound') {
    // It must not pass for news about our rows.
    await putAside(book.tx, page);
    return true;
  }
  let allKnown = true;
  const byId = grouped(page.updates);
  await book.change([...byId.keys()], (task) => {
    for (const update of byId.get(task.id) ?? []) allKnown = applyUpdate(task, update) && allKnown;
    task.named_in = book.replica.whole_state;
    // V1 is told of deletions this way.
    if (task.row && !isAlive(task.row)) applyDeletion(task, now);
  });
  await book.change([...new Set(page.deleted)], doom);
  return allKnown;
}

/** The last page is stored: removes what is gone, unless that is to be held, and moves the cursor. False: it is held. */
export async function closeSeries(book: TaskBook, series: Series, page: Page, now: number): Promise<boolean> {
  const { replica } = book;
  replica.series = null;
  if (series.resync === 'rewound') {
    await takeRestoredState(book, now);
  } else {
    const held = {
      removes: 0,
      of: series.tasks_before,
      since: now,
      cursor: page.server_time,
      etag: page.etag,
      whole_state: series.whole_state,
    };
    if (!(await removeOrHold(book, held))) return false;
    if (series.whole_state > 0) await forgetBases(book);
  }
  moveTo(replica, page.server_time, page.etag);
  replica.epoch = page.epoch || null;
  replica.synced_at = now;
  await forgetLongDead(book, now);
  return true;
}

/** The same for an answer without a pull: the cursor stays. */
export async function closeDeferred(book: TaskBook, now: number): Promise<boolean> {
  if (book.replica.held) return false;
  const of = book.replica.live_count;
  return removeOrHold(book, { removes: 0, of, since: now, cursor: null, etag: '', whole_state: 0 });
}

/**
 * What the person agreed to, or refused: `change` for each task that the held answer would remove. False: none is
 * held (any more).
 */
export async function release(tx: Transaction, change: (task: TaskState) => void): Promise<boolean> {
  const book = await TaskBook.open(tx);
  const { replica } = book;
  const { held } = replica;
  if (!held) return false;
  replica.held = null;
  await book.change(await listDoomed(tx, held.whole_state), change);
  if (held.whole_state > 0) await forgetBases(book);
  if (held.cursor !== null) moveTo(replica, held.cursor, held.etag);
  book.close();
  return true;
}

async function putAside(tx: Transaction, page: Page): Promise<void> {
  const byId = grouped(page.updates);
  const ids = [...byId.keys()];
  const rows = await tx.getAside(ids);
  for (const [index, id] of ids.entries()) {
    const theirs: TaskState = { ...unknownTask(id), row: rows[index] ?? null };
    for (const update of byId.get(id) ?? []) applyUpdate(theirs, update);
    if (theirs.row) tx.putAside(theirs.row);
  }
  for (const id of page.deleted) tx.removeAside(id);
}

function grouped(updates: readonly Update[]): Map<string, Update[]> {
  const byId = new Map<string, Update[]>();
  for (const update of updates) byId.set(update.id, [...(byId.get(update.id) ?? []), update]);
  return byId;
}

// Living tasks that the answer does not leave alive.
async function listDoomed(tx: Transaction, wholeState: number): Promise<string[]> {
  const doomed = await tx.listDoomed();
  return wholeState === 0 ? doomed : [...new Set([...doomed, ...(await tx.listUnnamed(wholeState))])];
}

// Removes what is doomed; or holds that back, and says so.
async function removeOrHold(book: TaskBook, answer: HeldAnswer): Promise<boolean> {
  const { replica, tx } = book;
  const doomed = await listDoomed(tx, answer.whole_state);
  const vanishing = (await tx.getMany(doomed)).filter(wouldVanish);
  // The same question again: what the held answer brought besides does not make it smaller.
  const { of, since } = replica.held ?? answer;
  if (isMassChange(vanishing.length, of)) {
    replica.held = { ...answer, removes: vanishing.length, of, since };
    return false;
  }
  replica.held = null;
  await book.change(doomed, (task) => applyDeletion(task, since));
  return true;
}

async function forgetBases(book: TaskBook): Promise<void> {
  await book.change(idsOf(await book.tx.listPending()), forgetBase);
}

async function forgetLongDead(book: TaskBook, now: number): Promise<void> {
  const dead = await book.tx.listDeadBefore(now - DEAD_KEPT_MS, FORGOTTEN_AT_ONCE);
  await book.change(dead, (task) => {
    task.row = null;
  });
}

// The service lost what came after its backup; this device has its share of it.
async function takeRestoredState(book: TaskBook, now: number): Promise<void> {
  const { tx, replica } = book;
  const ids = new Set(await tx.listAside());
  for (const id of await allIds(tx)) ids.add(id);
  const all = [...ids];
  const rows = await tx.getAside(all);
  await book.change(all, (task, index) => {
    takeRestoredRow(task, rows[index] ?? null, now);
    task.named_in = replica.whole_state;
  });
  tx.clearAside();
  replica.held = null;
}

async function allIds(tx: Transaction): Promise<string[]> {
  const AT_ONCE = 1_000;
  const ids: string[] = [];
  for (
    let tasks = await tx.list('', AT_ONCE);
    tasks.length > 0;
    tasks = await tx.list(ids.at(-1) ?? '', AT_ONCE)
  ) {
    ids.push(...idsOf(tasks));
  }
  return ids;
}

function idsOf(tasks: readonly TaskState[]): string[] {
  return tasks.map(({ id }) => id);
}

function moveTo(replica: Replica, cursor: number, etag: string): void {
  replica.cursor = cursor;
  replica.etag = etag;
}
