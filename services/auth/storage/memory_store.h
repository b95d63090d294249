// Both ports in this process' memory: what tests of the engine run on.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/auth/storage/account_store.h"
#include "services/auth/storage/key_store.h"

namespace tidemark::auth {

// Thread-safe.
class MemoryAccountStore : public AccountStore {
 public:
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
  struct StoredSession {
    UserId user;
    DeviceId device;
    NetworkHash network;
    SessionState state;
    UnixMillis created_at;
    UnixMillis expires_at;
  };
  struct Token {
    SessionId session;
    PresentedToken presented;
  };

  // All with the lock held.
  Account* FindUser(const UserId& user);
  void Insert(const NewSession& session);
  void ForgetSessions(const std::function<bool(const StoredSession&)>& are_forgotten);
  RefreshTokenHash LiveTokenOf(const SessionId& session) const;
  Revocation End(const SessionId& session, UnixMillis now);
  std::vector<Revocation> EndAllBut(const UserId& user, const std::optional<SessionId>& keeps,
                                    UnixMillis now);

  std::mutex mutex_;
  std::map<std::string, Account> accounts_by_key_;
  std::map<SessionId, StoredSession> sessions_;
  std::map<RefreshTokenHash, Token> tokens_;
  std::map<SessionId, Revocation> revoked_;
};

// Thread-safe.
class MemoryKeyStore : public KeyStore {
 public:
  Task<absl::StatusOr<std::vector<StoredKey>>> LoadKeys() override;
  Task<absl::Status> AddKey(StoredKey key) override;

 private:
  std::mutex mutex_;
  std::map<int64_t, StoredKey> keys_;
};

}  // namespace tidemark::auth
