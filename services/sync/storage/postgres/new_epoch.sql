-- After a restore from a backup, as the owner: a random new epoch, and a generation that no cached head of before has.
-- tools/restore runs it in the transaction of the restore, `tidemark-sync --new-epoch` by itself. It has to work with the schema of
-- any backup: it names nothing that came with a migration after the second.
with before as materialized (select epoch from sync.data_set for update)
update sync.data_set as data_set set
  epoch = substr(replace(gen_random_uuid()::text, '-', ''), 1, 12),
  generation = generation + 1,
  generation_at = clock_timestamp()
from before
returning before.epoch, data_set.epoch;
