// JSON of the gateway (SPEC 2, 3, 4) → the client's types. What decides over stored edits is checked; the rest is
// taken as the contract has it. Throws bad_answer.
import { SyncError } from '../domain/errors';
import type { Conflict, Page, Rejected, Resync, Tokens, V1Page } from '../domain/protocol';
import { fieldsOf, type Update } from '../domain/task';

type Members = Record<string, unknown>;

export function decodePage(body: unknown): Page {
  const answer = members(body, 'the answer');
  const etag = answer.etag;
  return {
    kind: 'page',
    updates: list(answer.updates, 'updates').map(decodeUpdate),
    deleted: list(answer.deleted, 'deleted').map((id) => string(id, 'a deleted id')),
    conflicts: list(answer.conflicts, 'conflicts').map(decodeConflict),
    rejected: list(answer.rejected, 'rejected').map(decodeRejected),
    server_time: number(answer.server_time, 'server_time'),
    epoch: string(answer.epoch, 'epoch'),
    etag: typeof etag === 'string' ? `"${etag}"` : '',
    page: answer.has_more === true ? string(answer.page, 'page') : null,
    full_resync: answer.full_resync === true ? decodeReason(answer.full_resync_reason) : null,
    pull_deferred: answer.pull_deferred === true ? number(answer.retry_after, 'retry_after') : null,
    next_sync_in: secondsOf(answer.next_sync_in),
  };
}

export function decodeV1Page(body: unknown): V1Page {
  const answer = members(body, 'the answer');
  return {
    kind: 'v1',
    updates: list(answer.updates, 'updates').map(decodeUpdate),
    conflicts: list(answer.conflicts, 'conflicts').map(decodeConflict),
    server_time: number(answer.server_time, 'server_time'),
    full_resync: answer.full_resync === true,
  };
}

export function decodeTokens(body: unknown): Tokens {
  const { user_id, access_token, expires_in, refresh_token } = members(body, 'the answer');
  return {
    user_id: string(user_id, 'user_id'),
    access_token: string(access_token, 'access_token'),
    expires_in: number(expires_in, 'expires_in'),
    refresh_token: string(refresh_token, 'refresh_token'),
  };
}

/** The list that an answer holds by this name. */
export function decodeList<T>(body: unknown, name: string): readonly T[] {
  const found = members(body, 'the answer')[name];
  if (!Array.isArray(found)) throw unreadable(name);
  return found as T[];
}

export function decodeMembers<T>(body: unknown): T {
  return members(body, 'the answer') as T;
}

function decodeUpdate(value: unknown): Update {
  const update = members(value, 'an update');
  const { created_at } = update;
  return {
    id: string(update.id, 'the id of an update'),
    version: number(update.version, 'the version of an update'),
    updated_at: number(update.updated_at, 'updated_at of an update'),
    device_id: string(update.device_id, 'device_id of an update'),
    ...(created_at !== undefined && { created_at: number(created_at, 'created_at of an update') }),
    fields: decodeFields(update),
  };
}

function decodeFields(update: Members) {
  const { content, completed, pinned, deleted_at } = update;
  if (content !== undefined) string(content, 'content');
  if (completed !== undefined && typeof completed !== 'boolean') throw unreadable('completed');
  if (pinned !== undefined && typeof pinned !== 'boolean') throw unreadable('pinned');
  if (deleted_at !== undefined && deleted_at !== null) number(deleted_at, 'deleted_at');
  return fieldsOf(update);
}

function decodeConflict(value: unknown): Conflict {
  const conflict = members(value, 'a conflict');
  string(conflict.id, 'the id of a conflict');
  string(conflict.field, 'the field of a conflict');
  number(conflict.at, 'the stamp of a conflict');
  members(conflict.kept, 'the kept value of a conflict');
  members(conflict.discarded, 'the discarded value of a conflict');
  return value as Conflict;
}

function decodeRejected(value: unknown): Rejected {
  const rejected = members(value, 'a rejection');
  return {
    id: string(rejected.id, 'the id of a rejection'),
    mutation_id: number(rejected.mutation_id, 'mutation_id of a rejection'),
    code: string(rejected.code, 'the code of a rejection'),
    detail: typeof rejected.detail === 'string' ? rejected.detail : '',
  };
}

// The one reason that loses nothing is taken for a reason that this page does not know.
function decodeReason(value: unknown): Resync {
  return value === 'purged' ? 'purged' : 'rewound';
}

function secondsOf(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}

function members(value: unknown, what: string): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw unreadable(what);
}

function list(value: unknown, what: string): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw unreadable(what);
}

function string(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw unreadable(what);
}

// A stamp or a version that was rounded would be another's.
function number(value: unknown, what: string): number {
  if (Number.isSafeInteger(value)) return value as number;
  throw unreadable(what);
}

function unreadable(what: string): SyncError {
  return new SyncError('bad_answer', `The server gave an answer that this page cannot read (${what}).`);
}
