-- Who may sign in, and what they are signed in with. The serving role sees only the rows of the user that its
-- transaction is bound to (row-level security, the second wall); whose rows those are is asked through the two
-- functions at the end, which take a secret that only that user has. Times are Unix milliseconds.

create table auth.accounts (
  user_id uuid primary key,
  -- The address in lower case; one account each.
  email_key text collate "C" not null unique,
  email text not null,
  -- In the PHC string format.
  password_hash text not null,
  created_at bigint not null
);

-- A session is a chain of refresh tokens, of which the last one is live.
create table auth.sessions (
  user_id uuid not null references auth.accounts on delete cascade,
  session_id uuid not null,
  -- Empty: none was named.
  device_id text collate "C" not null,
  created_at bigint not null,
  -- Of the live token: its place in the chain, when it was made, when it ends.
  generation bigint not null,
  rotated_at bigint not null,
  expires_at bigint not null,
  -- By logout, or because a spent token was used again. Null: not ended.
  ended_at bigint,
  primary key (user_id, session_id)
);

-- Rows are written once and never changed, so that a lock on the session alone decides who rotates.
create table auth.refresh_tokens (
  token_hash bytea primary key,
  user_id uuid not null,
  session_id uuid not null,
  generation bigint not null,
  expires_at bigint not null,
  foreign key (user_id, session_id) references auth.sessions on delete cascade
);
create index refresh_tokens_by_session on auth.refresh_tokens (user_id, session_id);

-- The primary key decides which of two replicas makes the next key. Of no user: no row-level security.
create table auth.signing_keys (
  number bigint primary key,
  -- The seed of an Ed25519 key, sealed under a key derived from the master key.
  sealed_seed bytea not null,
  signs_from bigint not null,
  signs_until bigint not null
);

alter table auth.accounts enable row level security;
alter table auth.sessions enable row level security;
alter table auth.refresh_tokens enable row level security;
create policy own_rows on auth.accounts to tidemark_service
  using (user_id = (select nullif(current_setting('tidemark.user_id', true), '')::uuid));
create policy own_rows on auth.sessions to tidemark_service
  using (user_id = (select nullif(current_setting('tidemark.user_id', true), '')::uuid));
create policy own_rows on auth.refresh_tokens to tidemark_service
  using (user_id = (select nullif(current_setting('tidemark.user_id', true), '')::uuid));

-- Sign-in knows an address, not yet a user.
create function auth.find_account(wanted_key text)
  returns table (user_id uuid, email text, password_hash text, created_at bigint)
  language sql stable security definer set search_path = pg_catalog
  as $$
    select a.user_id, a.email, a.password_hash, a.created_at from auth.accounts a where a.email_key = wanted_key
  $$;

-- A refresh knows a token, not yet a user. Locks the session until the transaction ends.
create function auth.lock_session_of_token(wanted_hash bytea)
  returns table (user_id uuid, session_id uuid, token_generation bigint, token_expires_at bigint,
                 live_generation bigint, rotated_at bigint, ended boolean)
  language sql volatile security definer set search_path = pg_catalog
  as $$
    select s.user_id, s.session_id, t.generation, t.expires_at, s.generation, s.rotated_at, s.ended_at is not null
    from auth.refresh_tokens t join auth.sessions s using (user_id, session_id)
    where t.token_hash = wanted_hash
    for update of s
  $$;

revoke all on function auth.find_account, auth.lock_session_of_token from public;

grant usage on schema auth to tidemark_service;
grant execute on function auth.find_account, auth.lock_session_of_token to tidemark_service;
grant select (user_id), insert on auth.accounts to tidemark_service;
grant select, insert, update, delete on auth.sessions to tidemark_service;
grant select, insert, delete on auth.refresh_tokens to tidemark_service;
grant select, insert on auth.signing_keys to tidemark_service;
