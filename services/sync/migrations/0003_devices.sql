-- What each device has confirmed (SPEC 3.6), beside its numbers, and what a purge goes by (SPEC 5.7). Times are
-- milliseconds. Who was there before this migration counts as seen at it.
alter table sync.devices
  add column cursor bigint not null default 0,
  add column last_seen bigint not null default extract(epoch from now()) * 1000;
alter table sync.devices alter column last_seen set default 0;

-- When the user was last seen with a V1 client; 0: never.
alter table sync.heads add column v1_seen bigint not null default extract(epoch from now()) * 1000;
alter table sync.heads alter column v1_seen set default 0;

create index tombstones on sync.tasks (user_id, stamp) where deleted_at > 0;
create index history_by_age on sync.history (user_id, at);

-- The next users in the order of their ids, and whether a purge may have something to do for each. Only this sees more
-- than one user: the serving role is bound to one at a time.
create function sync.users_to_purge(after uuid, values_through bigint, seen_before bigint, users_max int)
returns table (user_id uuid, due boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select head.user_id,
    exists (select from sync.tasks where user_id = head.user_id and deleted_at > 0 offset 0)
    or exists (select from sync.history where user_id = head.user_id and at <= $2 offset 0)
    or exists (select from sync.conflicts where user_id = head.user_id and at <= $2 offset 0)
    or exists (select from sync.devices where user_id = head.user_id and last_seen < $3 offset 0)
  from sync.heads as head where head.user_id > $1 order by head.user_id limit $4
$$;
revoke all on function sync.users_to_purge(uuid, bigint, bigint, int) from public;
grant execute on function sync.users_to_purge(uuid, bigint, bigint, int) to tidemark_service;
