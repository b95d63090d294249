#include "services/auth/storage/postgres_store.h"

#include <functional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/pg/connection.h"

namespace tidemark::auth {
namespace {

std::string Bytea(const std::string& bytes) { return "\\x" + absl::BytesToHexString(bytes); }

// Work without a result of its own.
Task<absl::Status> RunWrite(pg::Pool& pool, std::function<absl::Status(pg::Connection&)> work) {
  std::function<absl::StatusOr<bool>(pg::Connection&)> run =
      [work](pg::Connection& db) -> absl::StatusOr<bool> {
    if (absl::Status status = work(db); !status.ok()) return status;
    return true;
  };
  absl::StatusOr<bool> ran = co_await pool.Run<bool>(std::move(run));
  co_return ran.status();
}

// Opens a session of a user who is bound. False: there is no such user.
pg::Script& ExecuteOpenSession(pg::Script& script, const NewSession& session) {
  return script.Execute("open_session", session.user.value(), session.session.value(), session.device.value(),
                        session.created_at.value, session.expires_at.value, Bytea(session.first_token.bytes));
}

// A refresh token's row, and its session's, locked.
struct LockedToken {
  UserId user;
  SessionId session;
  PresentedToken token;
  SessionState state;
};

std::optional<LockedToken> BeginAndLock(pg::Connection& db, const RefreshTokenHash& hash) {
  pqxx::result rows = db.Query(pg::Script().Begin().Execute("lock_session_of_token", Bytea(hash.bytes)));
  if (rows.empty()) return std::nullopt;
  const pqxx::row row = rows[0];
  return LockedToken{
      .user = UserId(row["user_id"].as<std::string>()),
      .session = SessionId(row["session_id"].as<std::string>()),
      .token = {.generation = row["token_generation"].as<int64_t>(),
                .expires_at = {row["token_expires_at"].as<int64_t>()}},
      .state = {.generation = row["live_generation"].as<int64_t>(),
                .rotated_at = {row["rotated_at"].as<int64_t>()},
                .ended = row["ended"].as<bool>()},
  };
}

void RotateAndCommit(pg::Connection& db, const LockedToken& locked, const RotationRequest& request) {
  db.Query(pg::Script()
               .Bind(locked.user)
               .Execute("rotate_session", locked.user.value(), locked.session.value(), request.now.value,
                        request.successor_expires_at.value, Bytea(request.successor.bytes))
               .Commit());
}

void EndAndCommit(pg::Connection& db, const LockedToken& locked, UnixMillis now) {
  db.Query(pg::Script()
               .Bind(locked.user)
               .Execute("end_session", locked.user.value(), locked.session.value(), now.value)
               .Commit());
}

void Commit(pg::Connection& db) { db.Query(pg::Script().Commit()); }

}  // namespace

std::vector<pg::Statement> Statements() {
  return {
      {"find_account", "text", "SELECT user_id, email, password_hash, created_at FROM auth.find_account($1)"},
      {"create_account", "uuid, text, text, text, bigint",
       "INSERT INTO auth.accounts (user_id, email_key, email, password_hash, created_at)"
       " VALUES ($1, $2, $3, $4, $5)"},
      // Nothing is opened, and no row returned, for a user who is gone.
      {"open_session", "uuid, uuid, text, bigint, bigint, bytea",
       "WITH forgotten AS (DELETE FROM auth.sessions WHERE user_id = $1 AND expires_at <= $4),"
       " opened AS (INSERT INTO auth.sessions (user_id, session_id, device_id, created_at, generation, "
       "rotated_at,"
       " expires_at) SELECT user_id, $2, $3, $4, 1, $4, $5 FROM auth.accounts WHERE user_id = $1"
       " RETURNING user_id, session_id, generation, expires_at)"
       " INSERT INTO auth.refresh_tokens (token_hash, user_id, session_id, generation, expires_at)"
       " SELECT $6, user_id, session_id, generation, expires_at FROM opened RETURNING session_id"},
      {"lock_session_of_token", "bytea", "SELECT * FROM auth.lock_session_of_token($1)"},
      // Also forgets the session's tokens that have expired, so that a session stays bounded.
      {"rotate_session", "uuid, uuid, bigint, bigint, bytea",
       "WITH forgotten AS (DELETE FROM auth.refresh_tokens"
       " WHERE user_id = $1 AND session_id = $2 AND expires_at <= $3),"
       " rotated AS (UPDATE auth.sessions SET generation = generation + 1, rotated_at = $3, expires_at = $4"
       " WHERE user_id = $1 AND session_id = $2 RETURNING user_id, session_id, generation, expires_at)"
       " INSERT INTO auth.refresh_tokens (token_hash, user_id, session_id, generation, expires_at)"
       " SELECT $5, user_id, session_id, generation, expires_at FROM rotated"},
      {"end_session", "uuid, uuid, bigint",
       "UPDATE auth.sessions SET ended_at = coalesce(ended_at, $3) WHERE user_id = $1 AND session_id = $2"},
      {"load_keys", "",
       "SELECT number, sealed_seed, signs_from, signs_until FROM auth.signing_keys ORDER BY number"},
      {"add_key", "bigint, bytea, bigint, bigint",
       "INSERT INTO auth.signing_keys (number, sealed_seed, signs_from, signs_until) VALUES ($1, $2, $3, "
       "$4)"},
  };
}

Task<absl::Status> PostgresAccountStore::CreateAccount(Account account, NewSession session) {
  return RunWrite(pool_, [account = std::move(account), session = std::move(session)](pg::Connection& db) {
    pg::Script script;
    script.Begin()
        .Bind(account.user)
        .Execute("create_account", account.user.value(), account.email.key, account.email.address,
                 account.password_hash, account.created_at.value);
    db.Query(ExecuteOpenSession(script, session).Commit());
    return absl::OkStatus();
  });
}

Task<absl::StatusOr<std::optional<Account>>> PostgresAccountStore::FindAccount(std::string email_key) {
  using Found = std::optional<Account>;
  return pool_.Run<Found>([email_key = std::move(email_key)](pg::Connection& db) -> absl::StatusOr<Found> {
    pqxx::result rows = db.Query(pg::Script().Execute("find_account", email_key));
    if (rows.empty()) return std::nullopt;
    const pqxx::row row = rows[0];
    return Account{.user = UserId(row["user_id"].as<std::string>()),
                   .email = {.address = row["email"].as<std::string>(), .key = email_key},
                   .password_hash = row["password_hash"].as<std::string>(),
                   .created_at = {row["created_at"].as<int64_t>()}};
  });
}

Task<absl::Status> PostgresAccountStore::OpenSession(NewSession session) {
  return RunWrite(pool_, [session = std::move(session)](pg::Connection& db) -> absl::Status {
    pg::Script script;
    pqxx::result opened = db.Query(ExecuteOpenSession(script.Bind(session.user), session));
    if (opened.empty()) return absl::NotFoundError("there is no such user");
    return absl::OkStatus();
  });
}

Task<absl::StatusOr<std::optional<Rotation>>> PostgresAccountStore::Rotate(RotationRequest request) {
  using Result = std::optional<Rotation>;
  return pool_.Run<Result>([request = std::move(request)](pg::Connection& db) -> absl::StatusOr<Result> {
    const std::optional<LockedToken> locked = BeginAndLock(db, request.presented);
    if (!locked.has_value()) {
      Commit(db);
      return std::nullopt;
    }
    const Verdict verdict = Judge(locked->token, locked->state, request.now);
    switch (verdict) {
      case Verdict::kRotate:
        RotateAndCommit(db, *locked, request);
        break;
      case Verdict::kReused:
        EndAndCommit(db, *locked, request.now);
        break;
      case Verdict::kRepeat:
      case Verdict::kEnded:
      case Verdict::kExpired:
        Commit(db);
        break;
    }
    return Rotation{.verdict = verdict, .user = locked->user, .session = locked->session};
  });
}

Task<absl::Status> PostgresAccountStore::EndSession(RefreshTokenHash token, UnixMillis now) {
  return RunWrite(pool_, [token = std::move(token), now](pg::Connection& db) {
    const std::optional<LockedToken> locked = BeginAndLock(db, token);
    locked.has_value() ? EndAndCommit(db, *locked, now) : Commit(db);
    return absl::OkStatus();
  });
}

Task<absl::StatusOr<std::vector<StoredKey>>> PostgresKeyStore::LoadKeys() {
  using Keys = std::vector<StoredKey>;
  return pool_.Run<Keys>([](pg::Connection& db) -> absl::StatusOr<Keys> {
    Keys keys;
    for (const pqxx::row& row : db.Query(pg::Script().Execute("load_keys"))) {
      keys.push_back({.period = {.number = row["number"].as<int64_t>(),
                                 .signs_from = {row["signs_from"].as<int64_t>()},
                                 .signs_until = {row["signs_until"].as<int64_t>()}},
                      .sealed_seed = pqxx::binarystring(row["sealed_seed"]).str()});
    }
    return keys;
  });
}

Task<absl::Status> PostgresKeyStore::AddKey(StoredKey key) {
  return RunWrite(pool_, [key = std::move(key)](pg::Connection& db) {
    db.Query(pg::Script().Execute("add_key", key.period.number, Bytea(key.sealed_seed),
                                  key.period.signs_from.value, key.period.signs_until.value));
    return absl::OkStatus();
  });
}

}  // namespace tidemark::auth
