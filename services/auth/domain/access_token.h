// Access tokens: JWTs (RFC 7519) signed with Ed25519 (RFC 8037), of exactly the form made here.
//
//   std::string token = SignAccessToken(claims, key);
//   absl::StatusOr<std::string> kid = KeyIdOf(token);                  // which key to look for
//   absl::StatusOr<AccessClaims> claims = VerifyAccessToken(token, public_key, audience, now);
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "common/ids/ids.h"
#include "services/auth/domain/signing_key.h"

namespace tidemark::auth {

// Longer ones are not looked at.
inline constexpr size_t kAccessTokenBytesMax = 2048;

// Who tokens are made by, and for whom.
struct TokenScope {
  std::string issuer;
  std::string audience;
  bool operator==(const TokenScope&) const = default;
};

struct AccessClaims {
  TokenScope scope;   // iss, aud
  UserId user;        // sub
  SessionId session;  // sid
  std::string id;     // jti
  // A JWT knows whole seconds: iat is rounded down and exp up, so that a token lives as long as was said.
  UnixMillis issued_at;
  UnixMillis expires_at;
};

std::string SignAccessToken(const AccessClaims& claims, const SigningKey& key);

// What the token says its key is; not to be believed before VerifyAccessToken. UNAUTHENTICATED
// `invalid_token`.
absl::StatusOr<std::string> KeyIdOf(std::string_view token);

// The algorithm is Ed25519 because `key` is an Ed25519 key, whatever the token says; a token that says
// anything else is refused all the same. UNAUTHENTICATED: `invalid_token`, also for one from more than a
// minute ahead of `now` (clocks differ), or `expired_token` when nothing but the end of its time is wrong.
absl::StatusOr<AccessClaims> VerifyAccessToken(std::string_view token, const PublicKey& key,
                                               const TokenScope& scope, UnixMillis now);

// The errors, for whoever decides them elsewhere.
absl::Status MissingTokenError();
absl::Status InvalidTokenError();
absl::Status ExpiredTokenError();

}  // namespace tidemark::auth
