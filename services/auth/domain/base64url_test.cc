#include "services/auth/domain/base64url.h"

#include <gtest/gtest.h>

#include <cctype>

namespace tidemark::auth {
namespace {

TEST(Base64Url, ReadsBackWhatItWrote) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    EXPECT_EQ(Base64UrlDecode(Base64UrlEncode(bytes)), bytes) << i;
    bytes.push_back(static_cast<char>(i));
  }
}

TEST(Base64Url, UsesTheUrlAlphabetWithoutPadding) {
  EXPECT_EQ(Base64UrlEncode("\xfb\xff"), "-_8");
  EXPECT_EQ(Base64UrlEncode("a"), "YQ");
}

TEST(Base64Url, RefusesEveryOtherSpelling) {
  for (const char* text : {"YQ==", "YQ=", "Y", "YR", "Y Q", "YQ\n", "+/8", "-_9"}) {
    EXPECT_EQ(Base64UrlDecode(text), std::nullopt) << text;
  }
}

TEST(Base64Url, RefusesEveryByteOutsideTheAlphabet) {
  for (int byte = 0; byte < 256; ++byte) {
    std::string text(4, static_cast<char>(byte));
    std::optional<std::string> decoded = Base64UrlDecode(text);
    bool in_alphabet = isalnum(byte) || byte == '-' || byte == '_';
    EXPECT_EQ(decoded.has_value(), in_alphabet) << byte;
  }
}

}  // namespace
}  // namespace tidemark::auth
