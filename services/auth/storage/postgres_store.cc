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

// Opens a session of a user who is bound. No row: there is no such user, or not with that password.
pg::Script& ExecuteOpenSession(pg::Script& script, const NewSession& session) {
  return script.Execute("open_session", session.user.value(), session.session.value(), session.device.value(),
                        session.created_at.value, session.expires_at.value, Bytea(session.first_token.bytes),
                        Bytea(session.network.bytes), session.password_version);
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

RefreshTokenHash ReadLiveAndCommit(pg::Connection& db, const LockedToken& locked) {
  pg::Script script;
  script.Bind(locked.user)
      .Execute("live_token", locked.user.value(), locked.session.value(), locked.state.generation)
      .Commit();
  // Results: bind, token, commit.
  const pqxx::result rows = db.QueryEach(script)[1];
  return {pqxx::binarystring(rows.at(0)["token_hash"]).str()};
}

void EndAndCommit(pg::Connection& db, const LockedToken& locked, UnixMillis now) {
  db.Query(pg::Script()
               .Bind(locked.user)
               .Execute("end_session", locked.user.value(), locked.session.value(), now.value)
               .Commit());
}

void Commit(pg::Connection& db) { db.Query(pg::Script().Commit()); }

pg::Script& ExecuteEndOthers(pg::Script& script, const UserId& user, const std::optional<SessionId>& keeps,
                             UnixMillis now) {
  std::optional<std::string> kept;
  if (keeps.has_value()) kept = keeps->value();
  return script.Execute("end_other_sessions", user.value(), kept, now.value);
}

std::vector<Revocation> ReadRevocations(const pqxx::result& rows) {
  std::vector<Revocation> revocations;
  for (const pqxx::row& row : rows) {
    revocations.push_back(
        {SessionId(row["session_id"].as<std::string>()), {row["revoked_at"].as<int64_t>()}});
  }
  return revocations;
}

Account ReadAccount(const pqxx::row& row, std::string email_key) {
  return {.user = UserId(row["user_id"].as<std::string>()),
          .email = {.address = row["email"].as<std::string>(), .key = std::move(email_key)},
          .password_hash = row["password_hash"].as<std::string>(),
          .password_version = row["password_version"].as<int64_t>(),
          .created_at = {row["created_at"].as<int64_t>()}};
}

}  // namespace

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

Task<absl::StatusOr<std::optional<FoundAccount>>> PostgresAccountStore::FindAccount(std::string email_key,
                                                                                    NetworkHash network) {
  using Found = std::optional<FoundAccount>;
  return pool_.Run<Found>([email_key = std::move(email_key),
                           network = std::move(network)](pg::Connection& db) -> absl::StatusOr<Found> {
    pqxx::result rows = db.Query(pg::Script().Execute("find_account", email_key, Bytea(network.bytes)));
    if (rows.empty()) return std::nullopt;
    const pqxx::row row = rows[0];
    return FoundAccount{.account = ReadAccount(row, email_key),
                        .knows_network = row["knows_network"].as<bool>()};
  });
}

Task<absl::StatusOr<std::optional<Account>>> PostgresAccountStore::FindAccountOfSession(UserId user,
                                                                                        SessionId session,
                                                                                        UnixMillis now) {
  using Found = std::optional<Account>;
  return pool_.Run<Found>([user = std::move(user), session = std::move(session),
                           now](pg::Connection& db) -> absl::StatusOr<Found> {
    pqxx::result rows =
        db.Query(pg::Script().Execute("account_of_session", user.value(), session.value(), now.value));
    if (rows.empty()) return std::nullopt;
    const pqxx::row row = rows[0];
    return ReadAccount(row, row["email_key"].as<std::string>());
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
    Rotation rotation{.verdict = Judge(locked->token, locked->state, request.now),
                      .user = locked->user,
                      .session = locked->session};
    switch (rotation.verdict) {
      case Verdict::kRotate:
        RotateAndCommit(db, *locked, request);
        rotation.live = request.successor;
        break;
      case Verdict::kRepeat:
        rotation.live = ReadLiveAndCommit(db, *locked);
        break;
      case Verdict::kReused:
        EndAndCommit(db, *locked, request.now);
        break;
      case Verdict::kEnded:
      case Verdict::kExpired:
        Commit(db);
        break;
    }
    return rotation;
  });
}

Task<absl::StatusOr<std::vector<Session>>> PostgresAccountStore::ListSessions(UserId user, UnixMillis now,
                                                                              int sessions_max) {
  using Sessions = std::vector<Session>;
  return pool_.Run<Sessions>(
      [user = std::move(user), now, sessions_max](pg::Connection& db) -> absl::StatusOr<Sessions> {
        pg::Script script;
        Sessions sessions;
        script.Bind(user).Execute("list_sessions", user.value(), now.value, sessions_max);
        for (const pqxx::row& row : db.Query(script)) {
          sessions.push_back({.session = SessionId(row["session_id"].as<std::string>()),
                              .device = DeviceId(row["device_id"].as<std::string>()),
                              .created_at = {row["created_at"].as<int64_t>()},
                              .last_used_at = {row["rotated_at"].as<int64_t>()}});
        }
        return sessions;
      });
}

Task<absl::StatusOr<std::optional<Revocation>>> PostgresAccountStore::EndSession(RefreshTokenHash token,
                                                                                 UnixMillis now) {
  using Ended = std::optional<Revocation>;
  return pool_.Run<Ended>([token = std::move(token), now](pg::Connection& db) -> absl::StatusOr<Ended> {
    const std::optional<LockedToken> locked = BeginAndLock(db, token);
    if (!locked.has_value()) {
      Commit(db);
      return std::nullopt;
    }
    EndAndCommit(db, *locked, now);
    return Revocation{locked->session, now};
  });
}

Task<absl::StatusOr<Revocation>> PostgresAccountStore::RevokeSession(UserId user, SessionId session,
                                                                     UnixMillis now) {
  return pool_.Run<Revocation>([user = std::move(user), session = std::move(session),
                                now](pg::Connection& db) -> absl::StatusOr<Revocation> {
    pg::Script script;
    script.Bind(user)
        .Execute("find_session", user.value(), session.value())
        .Execute("end_session", user.value(), session.value(), now.value);
    // Results: bind, session, ended.
    if (db.QueryEach(script)[1].empty()) return absl::NotFoundError("there is no such session");
    return Revocation{session, now};
  });
}

Task<absl::StatusOr<std::vector<Revocation>>> PostgresAccountStore::RevokeOtherSessions(UserId user,
                                                                                        SessionId keeps,
                                                                                        UnixMillis now) {
  using Ended = std::vector<Revocation>;
  return pool_.Run<Ended>(
      [user = std::move(user), keeps = std::move(keeps), now](pg::Connection& db) -> absl::StatusOr<Ended> {
        pg::Script script;
        return ReadRevocations(db.Query(ExecuteEndOthers(script.Bind(user), user, keeps, now)));
      });
}

Task<absl::StatusOr<std::vector<Revocation>>> PostgresAccountStore::ChangePassword(PasswordChange change) {
  using Ended = std::vector<Revocation>;
  return pool_.Run<Ended>([change = std::move(change)](pg::Connection& db) -> absl::StatusOr<Ended> {
    pqxx::result changed = db.Query(
        pg::Script()
            .Begin()
            .Bind(change.user)
            .Execute("change_password", change.user.value(), change.password_hash, change.replaces_version));
    if (changed.empty()) return absl::NotFoundError("the password has changed");
    // With the account locked, in a statement of its own: it sees sessions that were being opened.
    pg::Script script;
    ExecuteEndOthers(script, change.user, change.keeps, change.now);
    // Results: ended, commit.
    return ReadRevocations(db.QueryEach(script.Commit())[0]);
  });
}

Task<absl::StatusOr<std::vector<Revocation>>> PostgresAccountStore::DeleteAccount(UserId user,
                                                                                  UnixMillis now) {
  using Ended = std::vector<Revocation>;
  return pool_.Run<Ended>([user = std::move(user), now](pg::Connection& db) -> absl::StatusOr<Ended> {
    pg::Script script;
    script.Begin().Bind(user).Execute("lock_account", user.value());
    ExecuteEndOthers(script, user, std::nullopt, now).Execute("delete_account", user.value()).Commit();
    // Results: begin, bind, lock, ended, deleted, commit.
    return ReadRevocations(db.QueryEach(script)[3]);
  });
}

Task<absl::StatusOr<std::vector<Revocation>>> PostgresAccountStore::RevokedSince(UnixMillis since) {
  using Revocations = std::vector<Revocation>;
  return pool_.Run<Revocations>([since](pg::Connection& db) -> absl::StatusOr<Revocations> {
    return ReadRevocations(db.Query(pg::Script().Execute("revoked_since", since.value)));
  });
}

Task<absl::Status> PostgresAccountStore::ForgetRevoked(UnixMillis before) {
  return RunWrite(pool_, [before](pg::Connection& db) {
    db.Query(pg::Script().Execute("forget_revoked", before.value));
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
