#include "services/auth/domain/password.h"

#include <gtest/gtest.h>

#include <optional>

#include "common/status/error.h"

namespace tidemark::auth {
namespace {

// The code of the refusal, or nothing if the password may be chosen.
std::optional<Code> Refusal(const std::string& password) {
  absl::Status status = CheckNewPassword(password);
  if (status.ok()) return std::nullopt;
  EXPECT_EQ(ErrorInfoOf(status).details.pointer, "/password");
  return ErrorInfoOf(status).code;
}

std::string Repeat(std::string_view text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

TEST(Password, HasAtLeastTenCharacters) {
  EXPECT_EQ(Refusal("k7#mq9!wz"), Code::kWeakPassword);
  EXPECT_EQ(Refusal("k7#mq9!wzt"), std::nullopt);
}

TEST(Password, IsMeasuredInCharactersNotBytes) {
  EXPECT_EQ(Refusal(Repeat("\xc3\xa9", 9)), Code::kWeakPassword);
  EXPECT_EQ(Refusal(Repeat("\xc3\xa9", 10)), std::nullopt);
  EXPECT_EQ(Refusal(Repeat("\xf0\x9f\x8c\x8a", 256)), std::nullopt);
}

TEST(Password, HasAtMost256Characters) {
  EXPECT_EQ(Refusal(Repeat("ab", 128)), std::nullopt);
  EXPECT_EQ(Refusal(Repeat("ab", 128) + "c"), Code::kValidation);
}

TEST(Password, NeedsNoDigitsOrSymbols) { EXPECT_EQ(Refusal("the tide comes in"), std::nullopt); }

TEST(Password, IsNotAmongTheCommonOnesInAnyCase) {
  for (const char* common :
       {"1234567890", "qwertyuiop", "password123", "Password123!", "QWERTYUIOP", "aaaaaaaaaa"}) {
    EXPECT_EQ(Refusal(common), Code::kWeakPassword) << common;
  }
}

TEST(Password, LengthIsASetting) {
  EXPECT_FALSE(CheckNewPassword("twelve chars", 13).ok());
  EXPECT_TRUE(CheckNewPassword("twelve chars", 12).ok());
}

}  // namespace
}  // namespace tidemark::auth
