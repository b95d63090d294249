#include "client/cli/text/width.h"

#include <gtest/gtest.h>

namespace tidemark::cli {
namespace {

TEST(Width, WideCharactersTakeTwoColumnsAndCombiningOnesNone) {
  EXPECT_EQ(WidthOf("milk"), 4);
  EXPECT_EQ(WidthOf("Käse"), 4);
  EXPECT_EQ(WidthOf("牛乳"), 4);
  EXPECT_EQ(WidthOf("e\u0301"), 1);
  EXPECT_EQ(WidthOf("🥛"), 2);
  EXPECT_EQ(WidthOf(""), 0);
}

TEST(Width, PaddingCountsColumnsRatherThanBytes) {
  EXPECT_EQ(Padded("牛乳", 6), "牛乳  ");
  EXPECT_EQ(Padded("milk", 6), "milk  ");
  EXPECT_EQ(Padded("too long", 3), "too long");
}

TEST(Width, CutTextFitsAndIsCutBetweenCharacters) {
  EXPECT_EQ(Cut("milk", 4), "milk");
  EXPECT_EQ(Cut("milky way", 5), "milk…");
  EXPECT_EQ(Cut("牛乳牛乳", 4), "牛…");
  EXPECT_EQ(Cut("milk", 1), "…");
  EXPECT_EQ(Cut("milk", 0), "");
}

TEST(Width, LowerCaseIsOfAnyScript) {
  EXPECT_EQ(LowerCase("Käse ÖL ЖУК 牛 🥛"), "käse öl жук 牛 🥛");
}

}  // namespace
}  // namespace tidemark::cli
