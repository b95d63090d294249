#include "services/auth/domain/password_hash.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemark::auth {
namespace {

using testing::StartsWith;

constexpr char kParameters[] = "$argon2id$v=19$m=19456,t=2,p=1$";

TEST(PasswordHash, IsArgon2idWithTheDocumentedCost) {
  EXPECT_THAT(HashPassword("correct horse battery"), StartsWith(kParameters));
}

TEST(PasswordHash, MatchesItsOwnPasswordAlone) {
  std::string hash = HashPassword("correct horse battery");
  EXPECT_TRUE(PasswordMatches(hash, "correct horse battery"));
  EXPECT_FALSE(PasswordMatches(hash, "correct horse batterY"));
  EXPECT_FALSE(PasswordMatches(hash, ""));
}

TEST(PasswordHash, IsSaltedSoEqualPasswordsDiffer) {
  EXPECT_NE(HashPassword("correct horse battery"), HashPassword("correct horse battery"));
}

TEST(HashOfNobody, CostsTheSameAndMatchesNothing) {
  EXPECT_THAT(HashOfNobody(), StartsWith(kParameters));
  EXPECT_EQ(HashOfNobody().size(), HashPassword("correct horse battery").size());
  EXPECT_FALSE(PasswordMatches(HashOfNobody(), ""));
  EXPECT_FALSE(PasswordMatches(HashOfNobody(), "correct horse battery"));
}

}  // namespace
}  // namespace tidemark::auth
