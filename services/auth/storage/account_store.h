// The port through which the auth engine keeps accounts and sessions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/clock/clock.h"
#include "common/ids/ids.h"
#include "services/auth/domain/email.h"
#include "services/auth/domain/network.h"
#include "services/auth/domain/refresh_token.h"
#include "services/auth/domain/rotation.h"

namespace tidemark::auth {

struct Account {
  UserId user;
  Email email;
  std::string password_hash;
  // Counts the passwords there have been.
  int64_t password_version = 1;
  UnixMillis created_at;
};

struct FoundAccount {
  Account account;
  // A session that is not forgotten was opened from the network that was asked for.
  bool knows_network = false;
};

// A session with its first refresh token.
struct NewSession {
  SessionId session;
  UserId user;
  // Empty: none was named.
  DeviceId device;
  NetworkHash network;
  // Of the password that was checked for it.
  int64_t password_version = 1;
  RefreshTokenHash first_token;
  UnixMillis created_at;
  UnixMillis expires_at;
};

struct Session {
  SessionId session;
  // Empty: none was named.
  DeviceId device;
  UnixMillis created_at;
  UnixMillis last_used_at;
};

// An end of a session that access tokens of it may outlive.
struct Revocation {
  SessionId session;
  UnixMillis revoked_at;
  bool operator==(const Revocation&) const = default;
};

struct PasswordChange {
  UserId user;
  std::string password_hash;
  // Of the password that it replaces.
  int64_t replaces_version = 0;
  // The one session that goes on. Nothing: all end.
  std::optional<SessionId> keeps;
  UnixMillis now;
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
  // What is live after kRotate or kRepeat. A repeat's may be another than its request names: derived
  // under another of the keys.
  RefreshTokenHash live = {};
};

// Thread-safe. Every method may answer UNAVAILABLE or DEADLINE_EXCEEDED; the outcome of a write is then
// unknown. Whatever ends a session records its revocation in the same step.
class AccountStore {
 public:
  virtual ~AccountStore() = default;

  // Both or neither. ALREADY_EXISTS: the address has an account.
  virtual Task<absl::Status> CreateAccount(Account account, NewSession session) = 0;

  // Nothing if the address has no account; the same work either way.
  virtual Task<absl::StatusOr<std::optional<FoundAccount>>> FindAccount(std::string email_key,
                                                                        NetworkHash network) = 0;

  // Nothing if the user has no such session, or it is not live any more.
  virtual Task<absl::StatusOr<std::optional<Account>>> FindAccountOfSession(UserId user, SessionId session,
                                                                            UnixMillis now) = 0;

  // Also forgets the user's sessions that have expired by then. NOT_FOUND: there is no such user any more, or
  // the password has changed.
  virtual Task<absl::Status> OpenSession(NewSession session) = 0;

  // Those that are live, the last used first, at most `sessions_max`.
  virtual Task<absl::StatusOr<std::vector<Session>>> ListSessions(UserId user, UnixMillis now,
                                                                  int sessions_max) = 0;

  // Judges the presented token (domain/rotation.h) and does what the verdict says, in one step: of any number
  // at once, one rotates. Nothing if the token was never given out, or is forgotten.
  virtual Task<absl::StatusOr<std::optional<Rotation>>> Rotate(RotationRequest request) = 0;

  // Ends the session that any token of it belongs to. Nothing if there is none.
  virtual Task<absl::StatusOr<std::optional<Revocation>>> EndSession(RefreshTokenHash token,
                                                                     UnixMillis now) = 0;

  // Ends one session of the user's. NOT_FOUND: there is none of that name. One that has ended stays ended.
  virtual Task<absl::StatusOr<Revocation>> RevokeSession(UserId user, SessionId session, UnixMillis now) = 0;

  // Ends the user's sessions but `keeps`. Those that it ended.
  virtual Task<absl::StatusOr<std::vector<Revocation>>> RevokeOtherSessions(UserId user, SessionId keeps,
                                                                            UnixMillis now) = 0;

  // Sets the password and ends the sessions that were opened under those before, in one step. Those that it
  // ended. NOT_FOUND: the password is not of that version any more, or the user is gone.
  virtual Task<absl::StatusOr<std::vector<Revocation>>> ChangePassword(PasswordChange change) = 0;

  // Removes account and sessions. Those that it ended; none if the user is gone.
  virtual Task<absl::StatusOr<std::vector<Revocation>>> DeleteAccount(UserId user, UnixMillis now) = 0;

  // Of all users, by rising time, from `since` on.
  virtual Task<absl::StatusOr<std::vector<Revocation>>> RevokedSince(UnixMillis since) = 0;
  // Those before go.
  virtual Task<absl::Status> ForgetRevoked(UnixMillis before) = 0;
};

}  // namespace tidemark::auth
