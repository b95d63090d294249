#include "client/cli/text/short_ids.h"

#include <gtest/gtest.h>

namespace tidemark::cli {
namespace {

using Ids = std::vector<std::string>;

TEST(ShortIds, AreAsShortAsTellsThemApart) {
  EXPECT_EQ(ShortIds({"abcdef01", "abcdff01", "12345678"}), Ids({"abcde", "abcdf", "1234"}));
}

TEST(ShortIds, AreInTheOrderOfTheIds) { EXPECT_EQ(ShortIds({"zzzzzz", "aaaaaa"}), Ids({"zzzz", "aaaa"})); }

TEST(ShortIds, AnIdThatAnotherBeginsWithStaysWhole) {
  EXPECT_EQ(ShortIds({"milk", "milk-2", "m"}), Ids({"milk", "milk-", "m"}));
}

TEST(ShortIds, OfNothingAreNone) { EXPECT_TRUE(ShortIds({}).empty()); }

}  // namespace
}  // namespace tidemark::cli
