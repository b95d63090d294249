import type { Conflict, FullResyncReason, Page, Rejected } from '../domain/answer';
import type { Update } from '../domain/task';
import { BadAnswerError } from './errors';

type Members = Record<string, unknown>;

/**
 * Reads the answer to `POST /sync`. What decides over stored edits is checked; the rest is taken as the contract
 * has it. Throws BadAnswerError.
 */
export function decodePage(body: unknown): Page {
  const answer = members(body, 'the answer');
  const hasMore = answer.has_more === true;
  return {
    updates: list(answer.updates, 'updates').map(decodeUpdate),
    deleted: list(answer.deleted, 'deleted').map((id) => string(id, 'deleted id')),
    conflicts: list(answer.conflicts, 'conflicts') as Conflict[],
    rejected: list(answer.rejected, 'rejected').map(decodeRejected),
    server_time: number(answer.server_time, 'server_time'),
    epoch: string(answer.epoch, 'epoch'),
    etag: typeof answer.etag === 'string' ? answer.etag : null,
    page: hasMore ? string(answer.page, 'page') : null,
    full_resync_reason: answer.full_resync === true ? decodeReason(answer.full_resync_reason) : null,
    deferred_for: answer.pull_deferred === true ? number(answer.retry_after, 'retry_after') : null,
  };
}

function decodeUpdate(value: unknown): Update {
  const update = members(value, 'an update');
  string(update.id, 'update id');
  number(update.version, 'update version');
  number(update.updated_at, 'update updated_at');
  return value as Update;
}

function decodeRejected(value: unknown): Rejected {
  const rejected = members(value, 'a rejection');
  string(rejected.id, 'rejected id');
  number(rejected.mutation_id, 'rejected mutation_id');
  string(rejected.code, 'rejected code');
  return value as Rejected;
}

// The one reason that loses nothing is taken for a reason that this page does not know.
function decodeReason(value: unknown): FullResyncReason {
  return value === 'purged' ? 'purged' : 'rewound';
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

function number(value: unknown, what: string): number {
  if (typeof value === 'number') return value;
  throw unreadable(what);
}

function unreadable(what: string): BadAnswerError {
  return new BadAnswerError(`The server gave an answer that this page cannot read (${what}).`);
}
