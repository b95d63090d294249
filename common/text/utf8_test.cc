#include "common/text/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace tidemark::text {
namespace {

TEST(Utf8, TakesEveryLengthOfCharacter) {
  EXPECT_EQ(FirstCharacterLength("a"), 1u);
  EXPECT_EQ(FirstCharacterLength("é"), 2u);
  EXPECT_EQ(FirstCharacterLength("€"), 3u);
  EXPECT_EQ(FirstCharacterLength("😀"), 4u);
  EXPECT_TRUE(IsUtf8("a é € 😀"));
  EXPECT_TRUE(IsUtf8(""));
}

TEST(Utf8, TakesTheEdgesOfEachRange) {
  for (const char* edge : {"\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                           "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(IsUtf8(edge)) << testing::PrintToString(std::string(edge));
  }
}

TEST(Utf8, RefusesWhatRfc3629Refuses) {
  for (const char* bad :
       {"\x80", "\xFF", "\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xE2\x28\xA1"}) {
    EXPECT_FALSE(IsUtf8(bad)) << testing::PrintToString(std::string(bad));
  }
}

TEST(Utf8, FindsABadByteAfterGoodOnes) { EXPECT_FALSE(IsUtf8("good \xC3")); }

}  // namespace
}  // namespace tidemark::text
