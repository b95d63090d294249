-- The same with all rows that a push of Tidemark's writes: what was overwritten goes to the history, and the device's
-- numbers to its row.
\set n random(1, :users)
select user_id, task_id from bench.picks where n = :n \gset
with head as (
  update sync.heads set high_water = high_water + 1, version_sum = version_sum + 1 where user_id = :user_id
  returning user_id, high_water),
history as (
  insert into sync.history (user_id, task_id, at, field, value, version, updated_at, device_id, reason, was_stored)
  select task.user_id, id, high_water, 0, content, version, updated_at, device_id, 0, true
  from sync.tasks as task, head where task.user_id = :user_id and id = :task_id),
task as (
  update sync.tasks as task set content = 'Task number 17, of the length that tasks often have', version = version + 1,
    stamp = head.high_water, content_stamp = head.high_water
  from head where task.user_id = :user_id and id = :task_id)
insert into sync.devices as stored
  (user_id, device_id, mutation_highest, applied_ids, applied_hashes, applied_rejected, cursor, last_seen)
select user_id, 'floor', high_water, array[high_water], array[4711471147114711], array[''], high_water, high_water from head
on conflict (user_id, device_id) do update set mutation_highest = excluded.mutation_highest,
  applied_ids = excluded.applied_ids, applied_hashes = excluded.applied_hashes,
  applied_rejected = excluded.applied_rejected, cursor = excluded.cursor, last_seen = excluded.last_seen;
select head.high_water, head.live_count, head.version_sum, task.id, task.version, task.content
from sync.heads as head left join sync.tasks as task on task.user_id = head.user_id and task.stamp > :never
where head.user_id = :user_id order by task.stamp limit 1000;
