// What the auth service does, one method per rpc (proto/tidemark/v1/auth.proto says what each promises).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/async/task.h"
#include "common/clock/clock.h"
#include "common/ids/ids.h"
#include "common/random/random.h"
#include "services/auth/domain/access_token.h"
#include "services/auth/domain/password.h"
#include "services/auth/engine/key_ring.h"
#include "services/auth/engine/password_hasher.h"
#include "services/auth/engine/revocation_feed.h"
#include "services/auth/engine/task_eraser.h"
#include "services/auth/storage/account_store.h"
#include "services/ratelimit/client/limiter.h"
#include "services/ratelimit/client/quota.h"

namespace tidemark::auth {

struct Policy {
  TokenScope scope{.issuer = "tidemark", .audience = "tidemark"};
  absl::Duration access_token_lifetime = absl::Minutes(15);
  absl::Duration refresh_token_lifetime = absl::Hours(24 * 30);
  // In characters.
  int password_length_min = kPasswordLengthMin;
};

struct Credentials {
  std::string email;
  std::string password;
  // The device the session is for, if one was named.
  std::optional<std::string> device_id;
};

struct Tokens {
  UserId user;
  std::string access_token;
  absl::Duration expires_in;
  std::string refresh_token;
};

// The bucket that a call took from, for the RateLimit headers; of several, the one nearest to empty.
struct MetBucket {
  ratelimit::Ask ask;
  ratelimit::Decision decision;
};

struct Caller {
  // Without port.
  std::string address;
  Origin origin = {};
  // The value of the Authorization header; empty: none.
  std::string authorization = {};
  // Filled by the call.
  std::optional<MetBucket> bucket = std::nullopt;
};

struct SessionList {
  // Live ones, the last used first.
  std::vector<Session> sessions;
  // The caller's own.
  SessionId current;
};

// Thread-safe. Beside the errors named, each method may answer UNAVAILABLE, and all but
// GetJwks `quota_exhausted`. A method that ends sessions returns when those who watch the feed refuse their
// tokens.
class Engine {
 public:
  // The latest are listed.
  static constexpr int kSessionsListedMax = 1000;

  struct Parts {
    AccountStore& accounts;
    KeyRing& keys;
    RevocationFeed& revocations;
    PasswordHasher& hasher;
    TaskEraser& tasks;
    ratelimit::Limiter& limiter;
    ratelimit::Quota& quota;
    const Clock& clock;
    Random& random;
    // Derive the successors of refresh tokens; one at least.
    SecretKeys successor_keys;
    // Hashes the networks that sessions are opened from.
    SecretKey network_key;
  };
  // What `parts` refers to outlives the engine.
  Engine(Parts parts, Policy policy);

  // `email_taken`, `invalid_email`, `weak_password`, `validation`, `rate_limited`.
  Task<absl::StatusOr<Tokens>> Register(Credentials credentials, Caller& caller);

  // `bad_credentials`, with the same text and after the same time whether or not there is such an account;
  // `validation`, `rate_limited`.
  Task<absl::StatusOr<Tokens>> Login(Credentials credentials, Caller& caller);

  // `invalid_token`, `expired_token`, `token_reused`, `rate_limited`.
  Task<absl::StatusOr<Tokens>> Refresh(std::string refresh_token, Caller& caller);

  // OK whatever the token is worth: afterwards it is worth nothing. `rate_limited`.
  Task<absl::Status> Logout(std::string refresh_token, Caller& caller);

  Task<absl::StatusOr<std::vector<PublicKey>>> GetJwks(Origin origin);

  // These speak for the live session that `caller.authorization` names: `missing_token`, `invalid_token`,
  // `expired_token`; `rate_limited`.

  // Ends every other session. `bad_credentials`, `weak_password`, `validation`.
  Task<absl::Status> ChangePassword(std::string current_password, std::string new_password, Caller& caller);
  Task<absl::StatusOr<SessionList>> ListSessions(Caller& caller);
  // `not_found`: the caller has no session of that name.
  Task<absl::Status> RevokeSession(std::string session, Caller& caller);
  // Ends the other sessions, has the tasks erased, and removes the account last: where it fails in between,
  // it can be asked again, by this session or a new one. `bad_credentials`.
  Task<absl::Status> DeleteAccount(std::string password, Caller& caller);

 private:
  // Who calls, when somebody is signed in.
  struct SignedIn {
    Account account;
    SessionId session;
  };

  // A session that is about to begin, with the token that only the client will have.
  struct Opening {
    NewSession session;
    RefreshToken first_token;
  };

  // Takes from a bucket; a caller's first must find room in the day's quota too. `rate_limited`,
  // `quota_exhausted`.
  Task<absl::Status> Take(ratelimit::Ask ask, Caller& caller);
  // Nothing for what is no e-mail address, too.
  Task<absl::StatusOr<std::optional<FoundAccount>>> Find(std::string email, NetworkHash network);
  // The account, if the password is its own. `bad_credentials`, after the same time for nothing.
  Task<absl::StatusOr<Account>> Authenticate(std::optional<Account> account, std::string password);
  // Reads the database, so it takes from the session's bucket before. `rate_limited`.
  Task<absl::StatusOr<SignedIn>> WhoIsSignedIn(Caller& caller);
  // Has who is signed in give the password once more. `bad_credentials`, `rate_limited`.
  Task<absl::Status> ConfirmPassword(Account account, std::string password, Caller& caller);
  Task<absl::StatusOr<AccessClaims>> VerifyToken(const Caller& caller);
  Opening OpeningFor(const Account& account, const Credentials& credentials, const std::string& network);
  Tokens TokensFor(const UserId& user, const SessionId& session, const RefreshToken& token,
                   const SigningKey& key);
  UnixMillis RefreshExpiry(UnixMillis now) const;

  Parts parts_;
  const Policy policy_;
};

}  // namespace tidemark::auth
