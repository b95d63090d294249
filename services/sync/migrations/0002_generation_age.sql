-- Since when the generation is what it is: until all processes have read it, a push waits (decision 15).
alter table sync.data_set add column generation_at timestamptz not null default 'epoch';
grant update (generation_at) on sync.data_set to tidemark_service;
