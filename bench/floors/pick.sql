-- What the other scripts spend on choosing a user: it is measured alone and taken from theirs.
\set n random(1, :users)
select user_id, task_id from bench.picks where n = :n \gset
