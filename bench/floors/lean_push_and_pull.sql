-- The least that a push of one changed content and its pull could be: the head and the row written by one statement,
-- then the head and the delta read by one. No history, devices, conflicts or row-level security.
\set n random(1, :users)
select user_id, task_id from bench.picks where n = :n \gset
with head as (
  update sync.heads set high_water = high_water + 1, version_sum = version_sum + 1 where user_id = :user_id
  returning high_water)
update sync.tasks set content = 'Task number 17, of the length that tasks often have', version = version + 1,
  stamp = head.high_water, content_stamp = head.high_water
from head where user_id = :user_id and id = :task_id;
select head.high_water, head.live_count, head.version_sum, task.id, task.version, task.content
from sync.heads as head left join sync.tasks as task on task.user_id = head.user_id and task.stamp > :never
where head.user_id = :user_id order by task.stamp limit 1000;
