#include "services/sync/domain/etag.h"

#include <gtest/gtest.h>

namespace tidemark::sync {
namespace {

const Head kHead{
    .high_water = {1'735'689'800'000}, .live_count = 12, .version_sum = 40, .purged_through = {}};

TEST(Etag, IsCountThenNewestStampThenVersionSum) {
  EXPECT_EQ(FormatEtag(kHead), "\"12-1735689800000-40\"");
  EXPECT_EQ(FormatEtag(Head{}), "\"0-0-0\"");
}

TEST(Etag, DoesNotTellWhatWasPurged) {
  Head purged = kHead;
  purged.purged_through = {1'735'689'700'000};
  EXPECT_EQ(FormatEtag(purged), FormatEtag(kHead));
}

struct HeaderCase {
  const char* name;
  std::string header;
  bool matches;
};

class IfNoneMatch : public testing::TestWithParam<HeaderCase> {};

TEST_P(IfNoneMatch, NamesTheCurrentState) {
  EXPECT_EQ(Matches(GetParam().header, kHead, Wildcard::kMatches), GetParam().matches) << GetParam().header;
}

const HeaderCase kHeaders[] = {
    {"Quoted", "\"12-1735689800000-40\"", true},
    {"Unquoted", "12-1735689800000-40", true},
    {"Weak", "W/\"12-1735689800000-40\"", true},
    {"WeakUnquoted", "W/12-1735689800000-40", true},
    {"SpacesAround", " \t\"12-1735689800000-40\" ", true},
    {"LastOfAList", "\"a\", W/\"b\", \"12-1735689800000-40\"", true},
    {"FirstOfAList", "\"12-1735689800000-40\",\"a\"", true},
    {"ListWithoutSpacesAndWithEmptyMembers", ",,\"12-1735689800000-40\",", true},
    {"Any", "*", true},
    {"AnyWithSpaces", "  * ", true},
    {"Empty", "", false},
    {"OnlyACommaAndSpace", " , ", false},
    {"AnotherCount", "\"13-1735689800000-40\"", false},
    {"AnotherStamp", "\"12-1735689800001-40\"", false},
    {"AnotherSum", "\"12-1735689800000-41\"", false},
    {"APrefix", "\"12-1735689800000-4\"", false},
    {"MoreThanIt", "\"12-1735689800000-400\"", false},
    {"QuotedAny", "\"*\"", false},
    {"LowerCaseWeak", "w/\"12-1735689800000-40\"", false},
    {"AnUnclosedQuote", "\"12-1735689800000-40", false},
};

INSTANTIATE_TEST_SUITE_P(Headers, IfNoneMatch, testing::ValuesIn(kHeaders),
                         [](const auto& header) { return std::string(header.param.name); });

TEST(Etag, AnyNeverMatchesWhereItIsNotAllowed) {
  EXPECT_FALSE(Matches("*", kHead, Wildcard::kNever));
  EXPECT_FALSE(Matches("\"a\", *", kHead, Wildcard::kNever));
  EXPECT_TRUE(Matches("*, \"12-1735689800000-40\"", kHead, Wildcard::kNever));
}

}  // namespace
}  // namespace tidemark::sync
