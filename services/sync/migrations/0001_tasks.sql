-- What SPEC 5.2 stores. Every table but data_set is keyed by user_id first, so that it can be distributed by it,
-- and shows a session only the rows of the user it is bound to (row-level security, the second wall).

-- One row: names the data set. A restore from a backup gives it a new epoch. A push that cannot reach the cache raises
-- the generation, which all cached heads carry in their keys, and keeps everybody from the cache for a while.
create table sync.data_set (
  one boolean primary key default true check (one),
  epoch text not null,
  generation bigint not null default 1,
  cache_suspended_until timestamptz not null default '-infinity'
);
insert into sync.data_set (epoch) values (substr(replace(gen_random_uuid()::text, '-', ''), 1, 12));

-- A user's place: locked by each push, read by each pull.
create table sync.heads (
  user_id uuid primary key,
  high_water bigint not null default 0,
  live_count bigint not null default 0,
  version_sum bigint not null default 0,
  purged_through bigint not null default 0
);

-- A field is its value and its last change: version, stamp, device, the writer's clock as given and as corrected.
create table sync.tasks (
  user_id uuid not null,
  id text collate "C" not null,
  version bigint not null,
  stamp bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  device_id text collate "C" not null,
  alive_since bigint not null,
  content text not null,
  content_version bigint not null,
  content_stamp bigint not null,
  content_device_id text collate "C" not null,
  content_updated_at bigint not null,
  content_edited_at bigint not null,
  completed boolean not null,
  completed_version bigint not null,
  completed_stamp bigint not null,
  completed_device_id text collate "C" not null,
  completed_updated_at bigint not null,
  completed_edited_at bigint not null,
  pinned boolean not null,
  pinned_version bigint not null,
  pinned_stamp bigint not null,
  pinned_device_id text collate "C" not null,
  pinned_updated_at bigint not null,
  pinned_edited_at bigint not null,
  -- 0: the task lives.
  deleted_at bigint not null,
  deleted_at_version bigint not null,
  deleted_at_stamp bigint not null,
  deleted_at_device_id text collate "C" not null,
  deleted_at_updated_at bigint not null,
  deleted_at_edited_at bigint not null,
  primary key (user_id, id)
);
create unique index tasks_by_stamp on sync.tasks (user_id, stamp);

-- Values that are not, or no longer, stored.
create table sync.history (
  user_id uuid not null,
  task_id text collate "C" not null,
  at bigint not null,
  field smallint not null,
  value text not null,
  version bigint not null,
  updated_at bigint not null,
  device_id text collate "C" not null,
  reason smallint not null,
  -- False: it lost a conflict on arrival.
  was_stored boolean not null,
  -- Orders what one change replaced.
  place bigint generated always as identity
);
create index history_by_task on sync.history (user_id, task_id, at);

-- Conflicts are pulled like tasks, by stamp.
create table sync.conflicts (
  user_id uuid not null,
  at bigint not null,
  field smallint not null,
  task_id text collate "C" not null,
  client_won boolean not null,
  kept_value text not null,
  kept_updated_at bigint not null,
  kept_device_id text collate "C" not null,
  discarded_value text not null,
  discarded_updated_at bigint not null,
  discarded_device_id text collate "C" not null,
  primary key (user_id, at, field)
);

-- What each device's numbered changes were (SPEC 5.6). The three arrays run side by side.
create table sync.devices (
  user_id uuid not null,
  device_id text collate "C" not null,
  mutation_highest bigint not null,
  applied_ids bigint[] not null,
  applied_hashes bigint[] not null,
  applied_rejected text[] not null,
  primary key (user_id, device_id)
);

do $$
declare
  name text;
begin
  foreach name in array array['heads', 'tasks', 'history', 'conflicts', 'devices'] loop
    execute format('alter table sync.%I enable row level security', name);
    execute format('create policy own_rows on sync.%I to tidemark_service '
                   'using (user_id = (select nullif(current_setting(''tidemark.user_id'', true), '''')::uuid))', name);
    execute format('grant select, insert, update, delete on sync.%I to tidemark_service', name);
  end loop;
end
$$;
grant usage on schema sync to tidemark_service;
grant select, update (generation, cache_suspended_until) on sync.data_set to tidemark_service;
