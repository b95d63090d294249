// The port through which the auth engine keeps accounts and sessions.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/clock/clock.h"
#include "common/ids/ids.h"
#include "services/auth/domain/email.h"
#include "services/auth/domain/refresh_token.h"
#include "services/auth/domain/rotation.h"

namespace tidemark::auth {

struct Account {
  UserId user;
  Email email;
  std::string password_hash;
  UnixMillis created_at;
};

// A session with its first refresh token.
struct NewSession {
  SessionId session;
  UserId user;
  // Empty: none was named.
  DeviceId device;
  RefreshTokenHash first_token;
  UnixMillis created_at;
  UnixMillis expires_at;
};

struct RotationRequest {
  RefreshTokenHash presented;
  // What becomes live if `presented` is.
  RefreshTokenHash successor;
  UnixMillis successor_expires_at;
  UnixMillis now;
};

struct Rotation {
  Verdict verdict = Verdict::kExpired;
  UserId user;
  SessionId session;
};

// Thread-safe. Every method may answer UNAVAILABLE or DEADLINE_EXCEEDED; the outcome of a write is then
// unknown.
class AccountStore {
 public:
  virtual ~AccountStore() = default;

  // Both or neither. ALREADY_EXISTS: the address has an account.
  virtual Task<absl::Status> CreateAccount(Account account, NewSession session) = 0;

  // Nothing if the address has no account.
  virtual Task<absl::StatusOr<std::optional<Account>>> FindAccount(std::string email_key) = 0;

  // Also forgets the user's sessions that have expired by then. NOT_FOUND: there is no such user any more.
  virtual Task<absl::Status> OpenSession(NewSession session) = 0;

  // Judges the presented token (domain/rotation.h) and does what the verdict says, in one step: of any number
  // at once, one rotates. Nothing if the token was never given out, or is forgotten.
  virtual Task<absl::StatusOr<std::optional<Rotation>>> Rotate(RotationRequest request) = 0;

  // Ends the session that any token of it belongs to. OK also if there is none.
  virtual Task<absl::Status> EndSession(RefreshTokenHash token, UnixMillis now) = 0;
};

}  // namespace tidemark::auth
