// Both ports in this process' memory: what tests of the engine run on.
#pragma once

#include <map>
#include <mutex>
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
  Task<absl::StatusOr<std::optional<Account>>> FindAccount(std::string email_key) override;
  Task<absl::Status> OpenSession(NewSession session) override;
  Task<absl::StatusOr<std::optional<Rotation>>> Rotate(RotationRequest request) override;
  Task<absl::Status> EndSession(RefreshTokenHash token, UnixMillis now) override;

 private:
  struct Session {
    UserId user;
    SessionState state;
    UnixMillis expires_at;
  };
  struct Token {
    SessionId session;
    PresentedToken presented;
  };

  void Insert(const NewSession& session);
  void ForgetExpiredSessions(const UserId& user, UnixMillis now);

  std::mutex mutex_;
  std::map<std::string, Account> accounts_by_key_;
  std::map<SessionId, Session> sessions_;
  std::map<RefreshTokenHash, Token> tokens_;
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
