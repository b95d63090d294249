// What the first version of the web page kept in localStorage: an account, and a replica for each person who had used
// the browser and left something.

import type { Conflict } from '../domain/protocol';
import { newReplica, type Replica } from '../domain/replica';
import { type Change, type Fields, fieldsOf, type Row } from '../domain/task';
import { type Edit, isAlive, isPending, type TaskState, unknownTask } from '../domain/task-state';
import type { SavedSession, Transaction } from '../store/local-store';
import type { Owner } from './notes';

const ACCOUNT = 'tidemark.account';
/** Held by the first version's page for as long as it is open. */
export const FIRST_VERSION_LOCK = 'tidemark';
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

export class FirstVersion {
  /** Null: this browser never had it. */
  constructor(private readonly storage: FirstStorage | null) {}

  get isThere(): boolean {
    return this.storage?.getItem(ACCOUNT) != null;
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

  /** Stores what was kept for this person, if anything was; forget() it when that has happened. */
  async takeOver(tx: Transaction, userId: string): Promise<void> {
    const replica = this.read<OldReplica>(keyOf(userId));
    if (replica?.format !== FORMAT) return;
    const tasks = statesOf(replica);
    for (const task of tasks) tx.put(task);
    for (const conflict of replica.conflicts) await tx.addConflict(conflict);
    for (const { change, code, detail } of replica.rejections) {
      tx.addRejection({ change: changeOf(change), code, detail, at: change.updated_at });
    }
    tx.putReplica(replicaOf(replica, tasks));
  }

  forget(userId: string): void {
    this.storage?.removeItem(keyOf(userId));
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
