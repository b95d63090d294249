#include "services/auth/client/jwks_token_verifier.h"

#include <optional>
#include <utility>

#include "services/auth/client/grpc_key_source.h"
#include "services/auth/client/published_keys.h"
#include "services/auth/client/verified_tokens.h"
#include "services/auth/domain/access_token.h"
#include "services/auth/domain/bearer.h"

namespace tidemark::auth {

struct JwksTokenVerifier::Impl {
  Impl(EventLoops& loops, std::unique_ptr<KeySource> source, const Clock& the_clock,
       const TokenVerifierOptions& options)
      : clock(the_clock),
        scope{.issuer = options.issuer, .audience = options.audience},
        revoked(options.revoked),
        verified(options.cached_tokens_max),
        keys(loops, std::move(source), the_clock) {}

  // Verifies a token that is not remembered.
  Task<absl::StatusOr<Identity>> VerifyAnew(std::string token, Origin origin) {
    absl::StatusOr<std::string> key_id = KeyIdOf(token);
    if (!key_id.ok()) co_return key_id.status();
    absl::StatusOr<std::optional<PublicKey>> key = co_await keys.Find(*key_id, std::move(origin));
    if (!key.ok()) co_return key.status();
    if (!key->has_value()) co_return InvalidTokenError();
    absl::StatusOr<AccessClaims> claims = VerifyAccessToken(token, **key, scope, clock.Now());
    if (!claims.ok()) co_return claims.status();
    co_return Identity{.user = claims->user, .session = claims->session, .expires_at = claims->expires_at};
  }

  bool IsRevoked(const Identity& identity) const {
    return revoked != nullptr && revoked->Contains(identity.session);
  }

  const Clock& clock;
  const TokenScope scope;
  const RevokedSessions* const revoked;
  VerifiedTokens verified;
  PublishedKeys keys;
};

JwksTokenVerifier::JwksTokenVerifier(EventLoops& loops, std::shared_ptr<grpc::Channel> auth_service,
                                     const Clock& clock, TokenVerifierOptions options)
    : JwksTokenVerifier(loops, std::make_unique<GrpcKeySource>(std::move(auth_service)), clock,
                        std::move(options)) {}

JwksTokenVerifier::JwksTokenVerifier(EventLoops& loops, std::unique_ptr<KeySource> keys, const Clock& clock,
                                     TokenVerifierOptions options)
    : impl_(std::make_unique<Impl>(loops, std::move(keys), clock, options)) {}

JwksTokenVerifier::~JwksTokenVerifier() = default;

Task<absl::StatusOr<Identity>> JwksTokenVerifier::Verify(std::string authorization, Origin origin) {
  std::optional<std::string_view> token = BearerToken(authorization);
  if (!token.has_value()) co_return MissingTokenError();
  const TokenDigest digest = DigestOf(*token);
  if (std::optional<Identity> known = impl_->verified.Find(digest)) {
    if (impl_->clock.Now() >= known->expires_at) co_return ExpiredTokenError();
    if (impl_->IsRevoked(*known)) co_return InvalidTokenError();
    co_return *std::move(known);
  }
  absl::StatusOr<Identity> identity = co_await impl_->VerifyAnew(std::string(*token), std::move(origin));
  if (!identity.ok()) co_return identity;
  impl_->verified.Add(digest, *identity);
  if (impl_->IsRevoked(*identity)) co_return InvalidTokenError();
  co_return identity;
}

Task<bool> JwksTokenVerifier::HasKeys() { return impl_->keys.Hold(); }

}  // namespace tidemark::auth
