-- What it takes to end sessions at once, and to tell a person's own network from an attacker's.

-- Counts the passwords there have been. A session is opened under the one that was checked, and no other.
alter table auth.accounts add column password_version bigint not null default 1;

-- Where it was opened from: a hash under a key that the database does not have. Empty: not known.
alter table auth.sessions add column network bytea not null default '';

-- Sessions that were ended while access tokens of theirs may live. Outlives session and account; rows are forgotten when
-- the last of those tokens has expired.
create table auth.revoked_sessions (
  session_id uuid primary key,
  user_id uuid not null,
  revoked_at bigint not null
);
create index revoked_sessions_by_time on auth.revoked_sessions (revoked_at);

alter table auth.revoked_sessions enable row level security;
create policy own_rows on auth.revoked_sessions to tidemark_service
  using (user_id = (select nullif(current_setting('tidemark.user_id', true), '')::uuid));

drop function auth.find_account(text);
create function auth.find_account(wanted_key text, from_network bytea)
  returns table (user_id uuid, email text, password_hash text, password_version bigint, created_at bigint,
                 knows_network boolean)
  language sql stable security definer set search_path = pg_catalog
  as $$
    select a.user_id, a.email, a.password_hash, a.password_version, a.created_at,
      exists (select from auth.sessions s where s.user_id = a.user_id and s.network = from_network)
    from auth.accounts a where a.email_key = wanted_key
  $$;

-- Who has a live session is asked for the password again before it is changed. No row: it is not live.
create function auth.account_of_session(wanted_user uuid, wanted_session uuid, at bigint)
  returns table (user_id uuid, email_key text, email text, password_hash text, password_version bigint, created_at bigint)
  language sql stable security definer set search_path = pg_catalog
  as $$
    select a.user_id, a.email_key, a.email, a.password_hash, a.password_version, a.created_at
    from auth.sessions s join auth.accounts a using (user_id)
    where s.user_id = wanted_user and s.session_id = wanted_session and s.ended_at is null and s.expires_at > at
  $$;

-- Of all users: what those who verify tokens are told.
create function auth.revoked_since(since bigint)
  returns table (session_id uuid, revoked_at bigint)
  language sql stable security definer set search_path = pg_catalog
  as $$
    select r.session_id, r.revoked_at from auth.revoked_sessions r where r.revoked_at >= since order by r.revoked_at
  $$;

create function auth.forget_revoked(before bigint) returns void
  language sql volatile security definer set search_path = pg_catalog
  as $$
    delete from auth.revoked_sessions where revoked_at < before
  $$;

revoke all on function auth.find_account, auth.account_of_session, auth.revoked_since, auth.forget_revoked from public;
grant execute on function auth.find_account, auth.account_of_session, auth.revoked_since, auth.forget_revoked
  to tidemark_service;
grant select (password_version), update (password_hash, password_version), delete on auth.accounts to tidemark_service;
grant select, insert on auth.revoked_sessions to tidemark_service;
