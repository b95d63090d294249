#include "services/auth/client/verified_tokens.h"

#include <gtest/gtest.h>

#include <string>

namespace tidemark::auth {
namespace {

Identity IdentityOf(int number) {
  return {
      .user = UserId("user-" + std::to_string(number)), .session = SessionId("s"), .expires_at = {number}};
}

TokenDigest Digest(int number) { return DigestOf("token-" + std::to_string(number)); }

TEST(VerifiedTokens, FindsWhatWasAddedAndNothingElse) {
  VerifiedTokens tokens(1000);
  tokens.Add(Digest(1), IdentityOf(1));
  tokens.Add(Digest(2), IdentityOf(2));
  ASSERT_TRUE(tokens.Find(Digest(1)).has_value());
  EXPECT_EQ(tokens.Find(Digest(1))->user, IdentityOf(1).user);
  EXPECT_FALSE(tokens.Find(Digest(3)).has_value());
}

TEST(VerifiedTokens, HoldsAtMostItsBoundAndTheOldestGoFirst) {
  constexpr int kMax = 160;
  VerifiedTokens tokens(kMax);
  for (int i = 0; i < 10 * kMax; ++i) tokens.Add(Digest(i), IdentityOf(i));
  int held = 0;
  for (int i = 0; i < 10 * kMax; ++i) held += tokens.Find(Digest(i)).has_value() ? 1 : 0;
  EXPECT_LE(held, kMax);
  EXPECT_TRUE(tokens.Find(Digest(10 * kMax - 1)).has_value());
  EXPECT_FALSE(tokens.Find(Digest(0)).has_value());
}

TEST(VerifiedTokens, AddingAgainTakesNoSecondPlace) {
  VerifiedTokens tokens(16);
  for (int i = 0; i < 100; ++i) tokens.Add(Digest(1), IdentityOf(1));
  EXPECT_TRUE(tokens.Find(Digest(1)).has_value());
}

}  // namespace
}  // namespace tidemark::auth
