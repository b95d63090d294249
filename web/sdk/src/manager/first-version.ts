// What the first version of the web page kept in localStorage: an account, and a replica for each person who had used
// the browser and left something.

import { SyncError } from '../domain/errors';
import type { Conflict } from '../domain/protocol';
import { newReplica, type Replica } from '../domain/replica';
import { type Change, type Fields, fieldsOf, laidOver, type Row } from '../domain/task';
import { type Edit, isAlive, isPending, type TaskState, thaw, unknownTask } from '../domain/task-state';
import type { SavedSession, Transaction } from '../store/local-store';
import { holdFor, type Locks, within } from './locks';
import { NOTES, type Owner } from './notes';

const ACCOUNT = 'tidemark.account';
// Held by the first version's page for as long as it is open.
const LOCK = 'tidemark';
// Who holds it for longer is that page, and not another tab of this one that takes over what it kept.
const LOCK_PATIENCE_MS = 5_000;
const FORMAT = 1;

interface OldAccount {
  readonly email: string;
  readonly user_id: string;
  readonly tokens: { readonly access_token: string; readonly refresh_token: string } | null;
}

type OldChange = Omit<Change, 'fields'> & Fields;

interface OldEdit {
  readonly base: number;
  readonly created_at: number | null;
  readonly updated_at: number;
  readonly fields: Fields;
}

interface OldReplica {
  readonly format: number;
  readonly user_id: string;
  readonly device_id: string;
  readonly last_mutation_id: number;
  readonly acked: number;
  readonly epoch: string | null;
  readonly cursor: number;
  readonly etag: string | null;
  readonly synced_at: number | null;
  readonly rows: readonly Row[];
  readonly pending: readonly (readonly [
    string,
    { readonly sent: OldChange | null; readonly edit: OldEdit | null },
  ])[];
  readonly rejections: readonly {
    readonly change: OldChange;
    readonly code: string;
    readonly detail: string;
  }[];
  readonly conflicts: readonly Conflict[];
}

export type FirstStorage = Pick<Storage, 'getItem' | 'removeItem'>;

/** What was kept for one person. */
export interface FirstReplica {
  readonly key: string;
  readonly text: string;
  readonly hash: string;
  readonly replica: OldReplica;
}

export class FirstVersion {
  /** Null: this browser never had it. */
  constructor(private readonly storage: FirstStorage | null) {}

  get isThere(): boolean {
    return this.storage?.getItem(ACCOUNT) != null;
  }

  /** Runs `step` while nobody else can change it, unless another tab has done so. first_version_open. */
  async alone(locks: Locks, signal: AbortSignal, step: () => Promise<void>): Promise<void> {
    const held = await holdFor(locks, LOCK, LOCK_PATIENCE_MS, signal);
    if (held) return within(held, async () => (this.isThere ? step() : undefined));
    if (!this.isThere) return;
    const message =
      'An earlier version of this page is open in another tab. Close it, and load this page again.';
    throw new SyncError('first_version_open', message);
  }

  /** Who used the browser last, and their session if there is one. Null: it cannot be read. */
  readAccount(): { readonly owner: Owner; readonly session: SavedSession | null } | null {
    const account = this.read<OldAccount>(ACCOUNT);
    if (!account) return null;
    const { user_id, email, tokens } = account;
    // When the access token expires was not kept: it is renewed when it is first needed.
    const session = tokens && { user_id, email, ...tokens, access_expires_at: 0 };
    return { owner: { user_id, email }, session };
  }

  forgetAccount(): void {
    this.storage?.removeItem(ACCOUNT);
  }

  /** Null: nothing was kept for this person that this page can read. */
  async readReplica(userId: string): Promise<FirstReplica | null> {
    const key = keyOf(userId);
    const text = this.storage?.getItem(key) ?? '';
    const replica = this.read<OldReplica>(key);
    if (replica?.format !== FORMAT) return null;
    return { key, text, hash: await hashOf(text), replica };
  }

  /**
   * Stores it, once: as all that is known of a store that was nobody's so far (`isNew`); else its pending edits, which
   * were made where an older page had come back for a while. True: edits are pending that were not before.
   */
  async takeOver(tx: Transaction, { replica, hash }: FirstReplica, isNew: boolean): Promise<boolean> {
    if ((await tx.getNote(NOTES.takenOver)) === hash) return false;
    tx.putNote(NOTES.takenOver, hash);
    const tasks = statesOf(replica);
    const pending = tasks.filter(isPending);
    if (isNew) {
      for (const task of tasks) tx.put(task);
      tx.putReplica(replicaOf(replica, tasks));
    } else {
      const known = await tx.getMany(pending.map(({ id }) => id));
      for (const [index, task] of known.entries()) tx.put(withEditsOf(task, pending[index] ?? task));
    }
    for (const conflict of replica.conflicts) await tx.addConflict(conflict);
    for (const { change, code, detail } of replica.rejections) {
      tx.addRejection({ change: changeOf(change), code, detail, at: change.updated_at });
    }
    return pending.length > 0;
  }

  /** After takeOver() is stored. What was written since stays. */
  forget(taken: FirstReplica | null): void {
    if (taken && this.storage?.getItem(taken.key) === taken.text) this.storage.removeItem(taken.key);
  }

  // What cannot be read is as if it were not there.
  private read<T>(key: string): T | null {
    try {
      return JSON.parse(this.storage?.getItem(key) ?? 'null') as T | null;
    } catch {
      return null;
    }
  }
}

async function hashOf(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function keyOf(userId: string): string {
  return `tidemark.replica.${userId}`;
}

function replicaOf(old: OldReplica, tasks: readonly TaskState[]): Replica {
  const living = tasks.flatMap(({ row }) => (isAlive(row) ? row : []));
  const { device_id, last_mutation_id, acked, epoch, cursor, etag, synced_at } = old;
  return {
    ...newReplica(),
    device_id,
    last_mutation_id,
    acked,
    epoch,
    cursor,
    etag: etag === null ? '' : `"${etag}"`,
    synced_at: synced_at ?? 0,
    live_count: living.length,
    version_sum: living.reduce((sum, { version }) => sum + version, 0),
  };
}

function statesOf({ rows, pending }: OldReplica): TaskState[] {
  const states = new Map<string, TaskState>();
  for (const row of rows) states.set(row.id, { ...unknownTask(row.id), row: rowOf(row) });
  for (const [id, { sent, edit }] of pending) {
    const state: TaskState = states.get(id) ?? unknownTask(id);
    const isStale = (base: number) => state.row !== null && base < state.row.version;
    if (sent) {
      const change = changeOf(sent);
      const overlapped = isStale(change.version - 1);
      state.sent = { change, since: sent.updated_at, overlapped, restated: false, verdict: null };
    }
    if (edit) state.edit = editOf(edit, !isAlive(state.row) && state.row !== null, isStale(edit.base));
    states.set(id, state);
  }
  return [...states.values()].filter((state) => state.row !== null || isPending(state));
}

// Of a field that both edited, the later edit holds. Numbers of the old page's device mean nothing under another name.
function withEditsOf(task: TaskState, old: TaskState): TaskState {
  thaw(old);
  const { row, sent } = task;
  if (!old.edit) return task;
  const isOfDead = row !== null && !isAlive(row);
  const isStale = isOfDead || sent !== null || (row !== null && old.edit.base < row.version);
  const theirs = {
    ...old.edit,
    base: isOfDead ? 0 : old.edit.base,
    overlapped: old.edit.overlapped || isStale,
  };
  return { ...task, edit: task.edit ? joined(task.edit, theirs) : theirs };
}

function joined(a: Edit, b: Edit): Edit {
  const [under, over] = a.updated_at <= b.updated_at ? [a, b] : [b, a];
  return {
    base: Math.min(a.base, b.base),
    created_at: a.created_at ?? b.created_at,
    updated_at: over.updated_at,
    since: Math.min(a.since, b.since),
    fields: laidOver(under.fields, over.fields),
    overlapped: a.overlapped || b.overlapped,
    was_sent: a.was_sent || b.was_sent,
  };
}

function rowOf({
  id,
  version,
  created_at,
  updated_at,
  deleted_at,
  content,
  completed,
  pinned,
  device_id,
}: Row): Row {
  return { id, version, created_at, updated_at, deleted_at, content, completed, pinned, device_id };
}

function changeOf({
  id,
  mutation_id,
  version,
  created_at,
  updated_at,
  device_id,
  ...rest
}: OldChange): Change {
  const created = created_at === undefined ? {} : { created_at };
  return { id, mutation_id, version, ...created, updated_at, device_id, fields: fieldsOf(rest) };
}

// The version of a dead task is no base.
function editOf(
  { base, created_at, updated_at, fields }: OldEdit,
  isOfDead: boolean,
  isStale: boolean,
): Edit {
  return {
    base: isOfDead ? 0 : base,
    created_at,
    updated_at,
    since: updated_at,
    fields: fieldsOf(fields),
    overlapped: isOfDead || isStale,
    was_sent: false,
  };
}
