// Who calls: an access token met for the first time, and one that was verified before.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <utility>

#include "common/async/event_loops.h"
#include "services/auth/client/verified_tokens.h"
#include "services/auth/domain/access_token.h"
#include "services/auth/testing/test_tokens.h"

namespace tidemark::auth {
namespace {

constexpr UnixMillis kNow{1'735'689'600'000};
const UserId kUser("7b6f6ad8-8c39-4b5a-9d5f-0f5f4b9f1c11");

void VerifySignature(benchmark::State& state) {
  const SigningKey key(std::string(kSeedBytes, 'b'));
  const TokenScope scope{.issuer = "tidemark", .audience = "tidemark"};
  const std::string token = SignAccessToken({.scope = scope,
                                             .user = kUser,
                                             .session = SessionId("session"),
                                             .id = "token",
                                             .issued_at = kNow,
                                             .expires_at = {kNow.value + 900'000}},
                                            key);
  for (auto _ : state) {
    absl::StatusOr<AccessClaims> claims = VerifyAccessToken(token, key.public_key(), scope, kNow);
    if (!claims.ok()) state.SkipWithError("a good token was refused");
    benchmark::DoNotOptimize(claims);
  }
}
BENCHMARK(VerifySignature);

void FindVerified(benchmark::State& state) {
  const ManualClock clock(kNow);
  const std::string token = TestTokens(clock).TokenOf(kUser);
  VerifiedTokens verified(65'536);
  verified.Add(DigestOf(token), {kUser, SessionId("session"), kNow});
  for (auto _ : state) {
    std::optional<Identity> identity = verified.Find(DigestOf(token));
    if (!identity) state.SkipWithError("a verified token was forgotten");
    benchmark::DoNotOptimize(identity);
  }
}
BENCHMARK(FindVerified);

// As a service asks: the header's value in, on an event loop, the token known.
void VerifyKnown(benchmark::State& state) {
  const ManualClock clock(kNow);
  const TestTokens tokens(clock);
  const std::string authorization = tokens.AuthorizationOf(kUser);
  EventLoops loops(1);
  const std::unique_ptr<TokenVerifier> verifier = tokens.NewVerifier(loops);
  const Origin nobodys;
  RunBlocking<void>(loops.at(0), [&]() -> Task<void> {
    for (auto _ : state) {
      std::string given = authorization;
      absl::StatusOr<Identity> identity = co_await verifier->Verify(std::move(given), nobodys);
      if (!identity.ok()) state.SkipWithError("a good token was refused");
      benchmark::DoNotOptimize(identity);
    }
  });
}
BENCHMARK(VerifyKnown);

}  // namespace
}  // namespace tidemark::auth
