-- What is left of a user who was erased, for 90 days: a head that refuses pushes, so that no token that still lives
-- brings anything back. 0: not erased.
alter table sync.heads add column erased_at bigint not null default 0;

-- A purge takes it away, as it does a device that was not seen since.
create or replace function sync.users_to_purge(after uuid, values_through bigint, seen_before bigint, users_max int)
returns table (user_id uuid, due boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select head.user_id,
    (head.erased_at > 0 and head.erased_at < $3)
    or exists (select from sync.tasks where user_id = head.user_id and deleted_at > 0 offset 0)
    or exists (select from sync.history where user_id = head.user_id and at <= $2 offset 0)
    or exists (select from sync.conflicts where user_id = head.user_id and at <= $2 offset 0)
    or exists (select from sync.devices where user_id = head.user_id and last_seen < $3 offset 0)
  from sync.heads as head where head.user_id > $1 order by head.user_id limit $4
$$;
