import { expect, test } from 'vitest';
import { decodePage } from './decode';
import { BadAnswerError } from './errors';

const least = { server_time: 5, epoch: 'e1' };

test('the documented answer is read whole', () => {
  const update = { id: 't1', version: 4, updated_at: 7, device_id: 'web', content: 'x' };
  const rejected = { id: 't2', mutation_id: 17, code: 'content_too_long', detail: 'Too long.' };
  const answer = {
    updates: [update],
    deleted: ['t3'],
    conflicts: [],
    rejected: [rejected],
    server_time: 9,
    epoch: 'e1',
  };
  const page = decodePage({
    ...answer,
    etag: '12-9-40',
    has_more: false,
    full_resync: false,
    next_sync_in: 21_600,
  });

  const single = { etag: '12-9-40', page: null, full_resync_reason: null, deferred_for: null };
  expect(page).toEqual({ ...answer, ...single });
});

test.each([
  { name: 'the next page', member: { has_more: true, page: 'p2' }, read: { page: 'p2', etag: null } },
  { name: 'a page name without has_more', member: { has_more: false, page: 'p2' }, read: { page: null } },
  {
    name: 'a purge',
    member: { full_resync: true, full_resync_reason: 'purged' },
    read: { full_resync_reason: 'purged' },
  },
  {
    name: 'a rewind',
    member: { full_resync: true, full_resync_reason: 'rewound' },
    read: { full_resync_reason: 'rewound' },
  },
  {
    name: 'an unknown reason as the one that loses nothing',
    member: { full_resync: true },
    read: { full_resync_reason: 'rewound' },
  },
  { name: 'a deferred pull', member: { pull_deferred: true, retry_after: 60 }, read: { deferred_for: 60 } },
])('$name is understood', ({ member, read }) => {
  expect(decodePage({ ...least, ...member })).toMatchObject(read);
});

test.each([
  { name: 'nothing', body: undefined },
  { name: 'a list', body: [] },
  { name: 'no cursor', body: { epoch: 'e1' } },
  { name: 'a cursor in a string', body: { ...least, server_time: '5' } },
  { name: 'an update without version', body: { ...least, updates: [{ id: 't1', updated_at: 1 }] } },
  { name: 'a deleted id that is no id', body: { ...least, deleted: [7] } },
  { name: 'more pages without a name', body: { ...least, has_more: true } },
  { name: 'a rejection of no change', body: { ...least, rejected: [{ id: 't1', code: 'x' }] } },
])('an answer with $name is refused before it touches what is stored', ({ body }) => {
  expect(() => decodePage(body)).toThrow(BadAnswerError);
});
