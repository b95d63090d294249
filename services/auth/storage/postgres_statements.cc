#include "services/auth/storage/postgres_store.h"

namespace tidemark::auth {

// Those that name a user do so although row-level security would show no other's rows: that is the second
// wall.
std::vector<pg::Statement> Statements() {
  return {
      {"find_account", "text, bytea",
       "SELECT user_id, email, password_hash, password_version, created_at, knows_network"
       " FROM auth.find_account($1, $2)"},
      {"account_of_session", "uuid, uuid, bigint", "SELECT * FROM auth.account_of_session($1, $2, $3)"},
      {"create_account", "uuid, text, text, text, bigint",
       "INSERT INTO auth.accounts (user_id, email_key, email, password_hash, created_at)"
       " VALUES ($1, $2, $3, $4, $5)"},
      // Nothing is opened, and no row returned, for a user who is gone or has another password by now. The
      // lock waits for a change under way, and holds up the next one until it can see this session.
      {"open_session", "uuid, uuid, text, bigint, bigint, bytea, bytea, bigint",
       "WITH forgotten AS (DELETE FROM auth.sessions WHERE user_id = $1 AND expires_at <= $4),"
       " account AS (SELECT user_id FROM auth.accounts WHERE user_id = $1 AND password_version = $8 FOR "
       "SHARE),"
       " opened AS (INSERT INTO auth.sessions (user_id, session_id, device_id, created_at, generation,"
       " rotated_at, expires_at, network) SELECT user_id, $2, $3, $4, 1, $4, $5, $7 FROM account"
       " RETURNING user_id, session_id, generation, expires_at)"
       " INSERT INTO auth.refresh_tokens (token_hash, user_id, session_id, generation, expires_at)"
       " SELECT $6, user_id, session_id, generation, expires_at FROM opened RETURNING session_id"},
      {"list_sessions", "uuid, bigint, int",
       "SELECT session_id, device_id, created_at, rotated_at FROM auth.sessions"
       " WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2"
       " ORDER BY rotated_at DESC, session_id LIMIT $3"},
      {"find_session", "uuid, uuid",
       "SELECT session_id FROM auth.sessions WHERE user_id = $1 AND session_id = $2"},
      {"lock_session_of_token", "bytea", "SELECT * FROM auth.lock_session_of_token($1)"},
      // Also forgets the session's tokens that have expired, so that a session stays bounded.
      {"rotate_session", "uuid, uuid, bigint, bigint, bytea",
       "WITH forgotten AS (DELETE FROM auth.refresh_tokens"
       " WHERE user_id = $1 AND session_id = $2 AND expires_at <= $3),"
       " rotated AS (UPDATE auth.sessions SET generation = generation + 1, rotated_at = $3, expires_at = $4"
       " WHERE user_id = $1 AND session_id = $2 RETURNING user_id, session_id, generation, expires_at)"
       " INSERT INTO auth.refresh_tokens (token_hash, user_id, session_id, generation, expires_at)"
       " SELECT $5, user_id, session_id, generation, expires_at FROM rotated"},
      {"live_token", "uuid, uuid, bigint",
       "SELECT token_hash FROM auth.refresh_tokens WHERE user_id = $1 AND session_id = $2 AND generation = "
       "$3"},
      {"end_session", "uuid, uuid, bigint",
       "WITH ended AS (UPDATE auth.sessions SET ended_at = $3"
       " WHERE user_id = $1 AND session_id = $2 AND ended_at IS NULL RETURNING user_id, session_id)"
       " INSERT INTO auth.revoked_sessions (session_id, user_id, revoked_at)"
       " SELECT session_id, user_id, $3 FROM ended"},
      // $2: the one that goes on, or null.
      {"end_other_sessions", "uuid, uuid, bigint",
       "WITH ended AS (UPDATE auth.sessions SET ended_at = $3"
       " WHERE user_id = $1 AND session_id IS DISTINCT FROM $2 AND ended_at IS NULL"
       " RETURNING user_id, session_id)"
       " INSERT INTO auth.revoked_sessions (session_id, user_id, revoked_at)"
       " SELECT session_id, user_id, $3 FROM ended RETURNING session_id, revoked_at"},
      {"change_password", "uuid, text, bigint",
       "UPDATE auth.accounts SET password_hash = $2, password_version = password_version + 1"
       " WHERE user_id = $1 AND password_version = $3 RETURNING user_id"},
      {"lock_account", "uuid", "SELECT user_id FROM auth.accounts WHERE user_id = $1 FOR UPDATE"},
      {"delete_account", "uuid", "DELETE FROM auth.accounts WHERE user_id = $1"},
      {"revoked_since", "bigint", "SELECT session_id, revoked_at FROM auth.revoked_since($1)"},
      {"forget_revoked", "bigint", "SELECT auth.forget_revoked($1)"},
      {"load_keys", "",
       "SELECT number, sealed_seed, signs_from, signs_until FROM auth.signing_keys ORDER BY number"},
      {"add_key", "bigint, bytea, bigint, bigint",
       "INSERT INTO auth.signing_keys (number, sealed_seed, signs_from, signs_until) VALUES ($1, $2, $3, "
       "$4)"},
  };
}

}  // namespace tidemark::auth
