// Asks and answers as a scenario writes them.
import { SyncError } from '../domain/errors';
import type { Answer, Ask, Page, V1Page } from '../domain/protocol';
import { type Change, fieldsOf, type Update } from '../domain/task';
import { type Members, onlyHas } from './reading';

const TASK = ['id', 'version', 'updated_at', 'device_id', 'created_at'];
const FIELDS = ['content', 'completed', 'pinned', 'deleted_at'];
const V1_PAGE = ['updates', 'conflicts', 'server_time', 'full_resync'];
const PAGE = [
  ...V1_PAGE,
  'deleted',
  'rejected',
  'epoch',
  'etag',
  'has_more',
  'page',
  'full_resync_reason',
  'pull_deferred',
  'retry_after',
  'next_sync_in',
];

export function written(ask: Ask): Members {
  switch (ask.kind) {
    case 'check':
      return { check: { device_id: ask.device_id, if_none_match: unquoted(ask.etag) } };
    case 'v1':
      return { v1_sync: { last_sync: ask.last_sync, changes: ask.changes.map(writtenChange) } };
    case 'sync': {
      const { kind: _, changes, if_none_match, ...rest } = ask;
      const etag = if_none_match === undefined ? {} : { if_none_match: unquoted(if_none_match) };
      return { sync: { ...rest, ...etag, changes: changes.map(writtenChange) } };
    }
  }
}

export function readAnswer(answer: Members, isV1: boolean): Answer {
  if (answer.error) {
    onlyHas(answer, ['error']);
    onlyHas(answer.error, ['code', 'retry_after']);
    const { code, retry_after } = answer.error;
    return new SyncError(code, 'told by the scenario', { status: 400, retry_after });
  }
  if ('not_modified' in answer) {
    onlyHas(answer, ['not_modified', 'etag', 'next_sync_in']);
    const { not_modified, etag, next_sync_in = null } = answer;
    return { kind: 'check', not_modified, etag: quoted(etag), next_sync_in };
  }
  return isV1 ? readV1Page(answer) : readPage(answer);
}

function readPage(answer: Members): Page {
  onlyHas(answer, PAGE);
  return {
    kind: 'page',
    updates: (answer.updates ?? []).map(readUpdate),
    deleted: answer.deleted ?? [],
    conflicts: answer.conflicts ?? [],
    rejected: (answer.rejected ?? []).map((one: Members) => ({ detail: '', ...one })),
    server_time: answer.server_time,
    epoch: answer.epoch ?? 'e1',
    etag: answer.etag === undefined ? '' : quoted(answer.etag),
    page: answer.page ?? null,
    full_resync: answer.full_resync ? answer.full_resync_reason : null,
    pull_deferred: answer.pull_deferred ? answer.retry_after : null,
    next_sync_in: answer.next_sync_in ?? null,
  };
}

function readV1Page(answer: Members): V1Page {
  onlyHas(answer, V1_PAGE);
  const { updates = [], conflicts = [], server_time, full_resync = false } = answer;
  return { kind: 'v1', updates: updates.map(readUpdate), conflicts, server_time, full_resync };
}

function readUpdate(task: Members): Update {
  onlyHas(task, [...TASK, ...FIELDS]);
  const { id, version, updated_at, device_id, created_at } = task;
  const created = created_at === undefined ? {} : { created_at };
  return { id, version, updated_at, device_id, ...created, fields: fieldsOf(task) };
}

function writtenChange({ fields, mutation_id, device_id, ...rest }: Change): Members {
  const numbered = mutation_id > 0 ? { mutation_id } : {};
  return { ...rest, ...numbered, device_id, ...fields };
}

function quoted(etag: string): string {
  return `"${etag}"`;
}

function unquoted(etag: string): string {
  return etag.slice(1, -1);
}
