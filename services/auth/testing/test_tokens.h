// Access tokens for the tests of other services, which need no auth service for them.
//
//   auth::TestTokens tokens(clock);
//   std::unique_ptr<auth::TokenVerifier> verifier = tokens.NewVerifier(loops);
//   call.authorization = tokens.AuthorizationOf(user);
#pragma once

#include <memory>
#include <string>

#include "common/async/event_loops.h"
#include "common/clock/clock.h"
#include "common/ids/ids.h"
#include "services/auth/client/token_verifier.h"
#include "services/auth/domain/signing_key.h"

namespace tidemark::auth {

// Signs with one fixed key. Thread-safe.
class TestTokens {
 public:
  // `clock` outlives the object.
  explicit TestTokens(const Clock& clock);

  // A token that lives for 15 minutes from now.
  std::string TokenOf(const UserId& user, const SessionId& session = SessionId("test-session")) const;
  // "Bearer <token>".
  std::string AuthorizationOf(const UserId& user) const;

  // The real verifier, given the fixed key.
  std::unique_ptr<TokenVerifier> NewVerifier(EventLoops& loops) const;

 private:
  const Clock& clock_;
  const SigningKey key_;
};

}  // namespace tidemark::auth
