#include "services/sync/domain/limits.h"

#include <gtest/gtest.h>

#include "services/sync/domain/test_edit.h"

namespace tidemark::sync {
namespace {

Edit Good() { return Edit("task-1").By(kPhone).Version(1).At(1000).Content("milk"); }

TEST(Limits, IdentifiersTakeLettersDigitsAndFourMarks) {
  EXPECT_TRUE(IsIdentifier("AZaz09_.:-", 10));
  EXPECT_TRUE(IsIdentifier("a", 1));
  for (std::string text : {"", "a b", "a/b", "a~b", "@", "[", "`", "{", "é", "a\n", "*"}) {
    EXPECT_FALSE(IsIdentifier(text, 10)) << text;
  }
  EXPECT_FALSE(IsIdentifier(std::string("a\0b", 3), 10));
}

TEST(Limits, TimesAreWhatJsonNumbersCarryExactly) {
  EXPECT_TRUE(IsTime(0));
  EXPECT_TRUE(IsTime((int64_t{1} << 53) - 1));
  EXPECT_FALSE(IsTime(-1));
  EXPECT_FALSE(IsTime(int64_t{1} << 53));
}

TEST(Limits, AGoodChangeHasNoFlaw) { EXPECT_FALSE(FindFlaw(Good())); }

// A change at a limit, and the flaw it has one past it.
struct LimitCase {
  const char* name;
  Change at_the_limit;
  Change one_past;
  const char* code;
  const char* member;
};

class ChangeLimit : public testing::TestWithParam<LimitCase> {};

TEST_P(ChangeLimit, HoldsAtItAndNotOnePast) {
  const LimitCase& c = GetParam();
  EXPECT_FALSE(FindFlaw(c.at_the_limit));
  const std::optional<Flaw> flaw = FindFlaw(c.one_past);
  ASSERT_TRUE(flaw);
  EXPECT_EQ(flaw->code, c.code);
  EXPECT_EQ(flaw->member, c.member);
  EXPECT_FALSE(flaw->detail.empty());
}

Change WithId(std::string id) {
  Change change = Good();
  change.id = TaskId(std::move(id));
  return change;
}

Change ByDevice(std::string device) { return Good().By(DeviceId(std::move(device))); }

const LimitCase kLimits[] = {
    {"IdHas128Bytes", WithId(std::string(128, 'i')), WithId(std::string(129, 'i')), "bad_id", "id"},
    {"IdIsNotEmpty", WithId("i"), WithId(""), "bad_id", "id"},
    {"IdKeepsToItsAlphabet", WithId("a:b"), WithId("a/b"), "bad_id", "id"},
    {"DeviceHas64Bytes", ByDevice(std::string(64, 'd')), ByDevice(std::string(65, 'd')), "bad_device_id",
     "device_id"},
    {"DeviceIsNotEmpty", ByDevice("d"), ByDevice(""), "bad_device_id", "device_id"},
    {"ContentHas16384Bytes", Good().Content(std::string(16'384, 'c')),
     Good().Content(std::string(16'385, 'c')), "content_too_long", "content"},
    {"ContentIsCountedInBytes", Good().Content(std::string(16'382, 'c') + "é"),
     Good().Content(std::string(16'383, 'c') + "é"), "content_too_long", "content"},
    {"ContentMayBeEmptyButHoldsNoNul", Good().Content(""), Good().Content(std::string("\0", 1)),
     "bad_content", "content"},
    {"ContentIsUtf8", Good().Content("\xF0\x9F\x8C\x8A"), Good().Content("\xF0\x9F\x8C"), "bad_content",
     "content"},
    {"VersionBeginsAtOne", Good().Version(1), Good().Version(0), "bad_version", "version"},
    {"VersionHasAnEnd", Good().Version(kVersionMax), Good().Version(kVersionMax + 1), "bad_version",
     "version"},
    {"NumberBeginsAtOne", Good().Number(1), Good().Number(0), "bad_mutation_id", "mutation_id"},
    {"NumberIsExactInJson", Good().Number(kUnixMillisMax), Good().Number(kUnixMillisMax + 1),
     "bad_mutation_id", "mutation_id"},
    {"UpdatedAtIsExactInJson", Good().At(kUnixMillisMax), Good().At(kUnixMillisMax + 1), "bad_time",
     "updated_at"},
    {"UpdatedAtIsNotNegative", Good().At(0), Good().At(-1), "bad_time", "updated_at"},
    {"CreatedAtIsNotNegative", Good().CreatedAt(0), Good().CreatedAt(-1), "bad_time", "created_at"},
    {"DeletedAtIsNotNegative", Good().Deleted(0), Good().Deleted(-1), "bad_time", "deleted_at"},
    {"DeletedAtIsExactInJson", Good().Deleted(kUnixMillisMax), Good().Deleted(kUnixMillisMax + 1), "bad_time",
     "deleted_at"},
};

INSTANTIATE_TEST_SUITE_P(Of, ChangeLimit, testing::ValuesIn(kLimits),
                         [](const auto& limit) { return std::string(limit.param.name); });

}  // namespace
}  // namespace tidemark::sync
