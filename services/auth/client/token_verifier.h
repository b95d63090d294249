// How every service knows who calls: access tokens verified locally with the auth service's published keys
// (SPEC 9).
//
//   absl::StatusOr<Identity> caller = co_await verifier.Verify(call.authorization, call.origin);
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/clock/clock.h"
#include "common/ids/ids.h"
#include "common/origin/origin.h"

namespace tidemark::auth {

// Who a valid access token speaks for.
struct Identity {
  UserId user;
  SessionId session;
  UnixMillis expires_at;
};

// Thread-safe.
class TokenVerifier {
 public:
  virtual ~TokenVerifier() = default;
  // `authorization`: the value of the Authorization header, "Bearer <token>".
  // UNAUTHENTICATED: missing_token (none given, or another scheme), invalid_token, expired_token.
  // UNAVAILABLE: no key was ever fetched. If keys have to be fetched, that is on behalf of `origin`.
  virtual Task<absl::StatusOr<Identity>> Verify(std::string authorization, Origin origin) = 0;
};

}  // namespace tidemark::auth
