-- A transaction may be bound to several users, whose pushes share it: `tidemark.user_id` is a list of ids, with commas.
-- `is true` keeps the planner from reading by this list, in place of what a statement asks for by index.
do $$
declare
  name text;
begin
  foreach name in array array['heads', 'tasks', 'history', 'conflicts', 'devices'] loop
    execute format('alter policy own_rows on sync.%I using ((user_id = any ((select string_to_array('
                   'nullif(current_setting(''tidemark.user_id'', true), ''''), '','')::uuid[])::uuid[])) is true)', name);
  end loop;
end
$$;
