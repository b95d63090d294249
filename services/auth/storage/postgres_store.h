// Both ports in PostgreSQL, schema `auth` (migrations/).
#pragma once

#include <string>
#include <vector>

#include "common/pg/pool.h"
#include "services/auth/storage/account_store.h"
#include "services/auth/storage/key_store.h"

namespace tidemark::auth {

// What the pool of these stores has to prepare.
std::vector<pg::Statement> Statements();

// Thread-safe.
class PostgresAccountStore : public AccountStore {
 public:
  // `pool` has prepared Statements() and outlives the store.
  explicit PostgresAccountStore(pg::Pool& pool) : pool_(pool) {}

  Task<absl::Status> CreateAccount(Account account, NewSession session) override;
  Task<absl::StatusOr<std::optional<FoundAccount>>> FindAccount(std::string email_key,
                                                                NetworkHash network) override;
  Task<absl::StatusOr<std::optional<Account>>> FindAccountOfSession(UserId user, SessionId session,
                                                                    UnixMillis now) override;
  Task<absl::Status> OpenSession(NewSession session) override;
  Task<absl::StatusOr<std::vector<Session>>> ListSessions(UserId user, UnixMillis now,
                                                          int sessions_max) override;
  Task<absl::StatusOr<std::optional<Rotation>>> Rotate(RotationRequest request) override;
  Task<absl::StatusOr<std::optional<Revocation>>> EndSession(RefreshTokenHash token, UnixMillis now) override;
  Task<absl::StatusOr<Revocation>> RevokeSession(UserId user, SessionId session, UnixMillis now) override;
  Task<absl::StatusOr<std::vector<Revocation>>> RevokeOtherSessions(UserId user, SessionId keeps,
                                                                    UnixMillis now) override;
  Task<absl::StatusOr<std::vector<Revocation>>> ChangePassword(PasswordChange change) override;
  Task<absl::StatusOr<std::vector<Revocation>>> DeleteAccount(UserId user, UnixMillis now) override;
  Task<absl::StatusOr<std::vector<Revocation>>> RevokedSince(UnixMillis since) override;
  Task<absl::Status> ForgetRevoked(UnixMillis before) override;

 private:
  pg::Pool& pool_;
};

// Thread-safe.
class PostgresKeyStore : public KeyStore {
 public:
  // As above.
  explicit PostgresKeyStore(pg::Pool& pool) : pool_(pool) {}

  Task<absl::StatusOr<std::vector<StoredKey>>> LoadKeys() override;
  Task<absl::Status> AddKey(StoredKey key) override;

 private:
  pg::Pool& pool_;
};

}  // namespace tidemark::auth
