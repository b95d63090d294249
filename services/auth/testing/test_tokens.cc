#include "services/auth/testing/test_tokens.h"

#include "services/auth/client/jwks_token_verifier.h"
#include "services/auth/client/key_source.h"
#include "services/auth/domain/access_token.h"

namespace tidemark::auth {
namespace {

constexpr int64_t kLifetimeMillis = 15 * 60'000;

class FixedKey : public KeySource {
 public:
  explicit FixedKey(PublicKey key) : key_(std::move(key)) {}
  Task<absl::StatusOr<std::vector<PublicKey>>> Fetch(Origin) override {
    co_return std::vector<PublicKey>{key_};
  }

 private:
  const PublicKey key_;
};

}  // namespace

TestTokens::TestTokens(const Clock& clock) : clock_(clock), key_(std::string(kSeedBytes, 't')) {}

std::string TestTokens::TokenOf(const UserId& user, const SessionId& session) const {
  const UnixMillis now = clock_.Now();
  const AccessClaims claims{.scope = {.issuer = "tidemark", .audience = "tidemark"},
                            .user = user,
                            .session = session,
                            .id = "test-token",
                            .issued_at = now,
                            .expires_at = {now.value + kLifetimeMillis}};
  return SignAccessToken(claims, key_);
}

std::string TestTokens::AuthorizationOf(const UserId& user) const { return "Bearer " + TokenOf(user); }

std::unique_ptr<TokenVerifier> TestTokens::NewVerifier(EventLoops& loops) const {
  return std::make_unique<JwksTokenVerifier>(loops, std::make_unique<FixedKey>(key_.public_key()), clock_);
}

}  // namespace tidemark::auth
