#include "client/cli/text/harmless.h"

#include <gtest/gtest.h>

namespace tidemark::cli {
namespace {

TEST(Harmless, OrdinaryTextOfAnyScriptIsAsItWas) {
  for (const char* text : {"", "Buy milk", "Käse & Öl", "牛乳を買う", "👩‍👩‍👧 picnic", "שלום"})
    EXPECT_EQ(Harmless(text), text);
}

TEST(Harmless, NothingThatATerminalObeysIsLeft) {
  EXPECT_EQ(Harmless("a\x1b[2Jb"), "a␛[2Jb");
  EXPECT_EQ(Harmless("\x1b]0;title\x07"), "␛]0;title␇");
  EXPECT_EQ(Harmless("a\rb\x7f"), "a␍b␡");
  EXPECT_EQ(Harmless("a\xc2\x9b"
                     "31mb"),
            "a\uFFFD31mb");
}

TEST(Harmless, ATaskStaysOnOneLine) {
  EXPECT_EQ(Harmless("a\nb\tc"), "a⏎b c");
  EXPECT_EQ(Harmless("a\u2028b"), "a\uFFFDb");
}

TEST(Harmless, WritingIsNotTurnedAround) { EXPECT_EQ(Harmless("a\u202Eb"), "a\uFFFDb"); }

TEST(Harmless, BytesThatAreNoTextAreShownAsSuch) { EXPECT_EQ(Harmless("a\xff\xc3"), "a\uFFFD\uFFFD"); }

TEST(HarmlessJson, MeansTheSameAndHoldsNothingThatATerminalObeys) {
  EXPECT_EQ(HarmlessJson("{\"content\":\"a\xc2\x9b\x7f\u202E牛\"}\n"),
            "{\"content\":\"a\\u009b\\u007f\\u202e牛\"}\n");
}

}  // namespace
}  // namespace tidemark::cli
