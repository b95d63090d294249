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
#include "services/auth/storage/account_store.h"
#include "services/ratelimit/client/limiter.h"

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
  std::string request_id;
  // Filled by the call.
  std::optional<MetBucket> bucket;
};

// Thread-safe. Beside the errors named, each method may answer UNAVAILABLE.
class Engine {
 public:
  struct Parts {
    AccountStore& accounts;
    KeyRing& keys;
    PasswordHasher& hasher;
    ratelimit::Limiter& limiter;
    const Clock& clock;
    Random& random;
    // Derives the successors of refresh tokens.
    SecretKey successor_key;
  };
  // What `parts` refers to outlives the engine.
  Engine(Parts parts, Policy policy);

  // `email_taken`, `invalid_email`, `weak_password`, `validation`, `rate_limited`.
  Task<absl::StatusOr<Tokens>> Register(Credentials credentials, Caller& caller);

  // `bad_credentials`, with the same text and after the same time whether or not there is such an account;
  // `validation`, `rate_limited`.
  Task<absl::StatusOr<Tokens>> Login(Credentials credentials, Caller& caller);

  // `invalid_token`, `expired_token`, `token_reused`.
  Task<absl::StatusOr<Tokens>> Refresh(std::string refresh_token);

  // OK whatever the token is worth: afterwards it is worth nothing.
  Task<absl::Status> Logout(std::string refresh_token);

  Task<absl::StatusOr<std::vector<PublicKey>>> GetJwks();

 private:
  // A session that is about to begin, with the token that only the client will have.
  struct Opening {
    NewSession session;
    RefreshToken first_token;
  };

  // Takes from a bucket. `rate_limited` if it is empty.
  Task<absl::Status> Take(ratelimit::Ask ask, Caller& caller);
  // The user, if the password is theirs. `bad_credentials`.
  Task<absl::StatusOr<UserId>> Authenticate(Credentials credentials);
  Opening OpeningFor(const UserId& user, const Credentials& credentials);
  Tokens TokensFor(const UserId& user, const SessionId& session, const RefreshToken& token,
                   const SigningKey& key);
  UnixMillis RefreshExpiry(UnixMillis now) const;

  Parts parts_;
  const Policy policy_;
};

}  // namespace tidemark::auth
