#include "services/auth/domain/refresh_token.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tidemark::auth {
namespace {

const RefreshToken kToken{std::string(32, '\x5a')};
const SecretKey kKey = *ParseSecretKey(std::string(64, '1'));

TEST(RefreshToken, ReadsBackAsWritten) {
  std::string text = FormatRefreshToken(kToken);
  EXPECT_EQ(text.size(), 43u);
  ASSERT_TRUE(ParseRefreshToken(text).has_value());
  EXPECT_EQ(ParseRefreshToken(text)->secret, kToken.secret);
}

TEST(RefreshToken, IsExactly32BytesOfBase64Url) {
  std::string text = FormatRefreshToken(kToken);
  for (const std::string& wrong : {std::string(), text + "A", text.substr(1), text + "=", " " + text,
                                   std::string(43, '*'), std::string(100'000, 'A')}) {
    EXPECT_FALSE(ParseRefreshToken(wrong).has_value()) << wrong.substr(0, 60);
  }
}

TEST(RefreshToken, HasTheSameSuccessorEachTimeItIsAsked) {
  EXPECT_EQ(SuccessorOf(kToken, kKey).secret, SuccessorOf(kToken, kKey).secret);
  EXPECT_EQ(SuccessorOf(kToken, kKey).secret.size(), kRefreshTokenBytes);
}

TEST(RefreshToken, SuccessorCannotBeComputedFromTokenOrHashAlone) {
  SecretKey other = *ParseSecretKey(std::string(64, '2'));
  EXPECT_NE(SuccessorOf(kToken, kKey).secret, SuccessorOf(kToken, other).secret);
  EXPECT_NE(SuccessorOf(kToken, kKey).secret, HashOf(kToken).bytes);
}

TEST(RefreshToken, TheSuccessorUnderAKeyThatIsBeingReplacedIsFoundByItsHash) {
  const SecretKey other = *ParseSecretKey(std::string(64, '2'));
  const std::vector<RefreshToken> successors = SuccessorsOf(kToken, {other, kKey});
  const RefreshToken before = SuccessorOf(kToken, kKey);
  ASSERT_TRUE(TokenOf(HashOf(before), successors).has_value());
  EXPECT_EQ(TokenOf(HashOf(before), successors)->secret, before.secret);
  EXPECT_FALSE(TokenOf(HashOf(kToken), successors).has_value());
}

TEST(RefreshToken, ChainNeverReturnsToAnEarlierToken) {
  RefreshToken token = kToken;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(seen.insert(token.secret).second) << "after " << i;
    token = SuccessorOf(token, kKey);
  }
}

}  // namespace
}  // namespace tidemark::auth
