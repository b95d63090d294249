// The TokenVerifier of every service: the auth service's published keys, fetched over gRPC, and a bounded
// cache of tokens that were already verified.
//
//   auth::JwksTokenVerifier verifier(loops, rpc::NewChannel(settings.auth_address), clock);
//
// Keys are fetched at first use, anew when a minute old (in the background: nobody waits), and at once for a
// token that names an unknown key, at most every few seconds. While the auth service is away the last keys
// stay good.
#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "common/async/event_loops.h"
#include "common/clock/clock.h"
#include "services/auth/client/key_source.h"
#include "services/auth/client/revoked_sessions.h"
#include "services/auth/client/token_verifier.h"

namespace tidemark::auth {

struct TokenVerifierOptions {
  // What a token's `iss` and `aud` must say.
  std::string issuer = "tidemark";
  std::string audience = "tidemark";
  // Verified tokens remembered; the oldest go first.
  int cached_tokens_max = 65'536;
  // Whose tokens are refused with `invalid_token`; outlives the verifier. Null: nobody's.
  const RevokedSessions* revoked = nullptr;
};

// Thread-safe.
class JwksTokenVerifier : public TokenVerifier {
 public:
  // `loops` and `clock` outlive the verifier.
  JwksTokenVerifier(EventLoops& loops, std::shared_ptr<grpc::Channel> auth_service, const Clock& clock,
                    TokenVerifierOptions options = {});
  JwksTokenVerifier(EventLoops& loops, std::unique_ptr<KeySource> keys, const Clock& clock,
                    TokenVerifierOptions options = {});
  // Waits for a fetch under way (at most its timeout of 2 s). Call while the loops still run.
  ~JwksTokenVerifier() override;

  Task<absl::StatusOr<Identity>> Verify(std::string authorization, Origin origin) override;

  // It can verify tokens: it has keys. Fetches them where it has none, at most every few seconds.
  Task<bool> HasKeys();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemark::auth
