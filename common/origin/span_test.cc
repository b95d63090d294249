#include "common/origin/span.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tidemark {
namespace {

constexpr TraceId kTrace{0x0af7651916cd43dd, 0x8448eb211c80319c};
constexpr SpanId kCaller{0xb7ad6b7169203331};
const std::string kTraceText = "0af7651916cd43dd8448eb211c80319c";
const std::string kCallerText = "b7ad6b7169203331";
const std::string kIds = kTraceText + "-" + kCallerText;
const std::string kGood = "00-" + kIds + "-01";

struct Row {
  std::string name;
  std::string traceparent;
};

class AcceptedTest : public testing::TestWithParam<Row> {};

TEST_P(AcceptedTest, GetsASpanOfItsOwnInTheTraceThatItNames) {
  const Span span = SpanFrom(GetParam().traceparent);
  EXPECT_EQ(span.trace, kTrace);
  EXPECT_EQ(span.parent, kCaller);
  EXPECT_TRUE(span.exists());
  EXPECT_NE(span.id, kCaller);
}

INSTANTIATE_TEST_SUITE_P(
    Traceparent, AcceptedTest,
    testing::Values(Row{"AsItShouldBe", kGood}, Row{"NotSampled", "00-" + kIds + "-00"},
                    Row{"FlagsThatWeDoNotKnow", "00-" + kIds + "-fe"},
                    Row{"LaterVersion", "01-" + kIds + "-01"}, Row{"LastVersion", "fe-" + kIds + "-01"},
                    Row{"LaterVersionWithMore", "cc-" + kIds + "-01-what-the-future-says"},
                    Row{"LaterVersionWithAnEmptyRest", "cc-" + kIds + "-01-"}),
    [](const auto& row) { return row.param.name; });

class RefusedTest : public testing::TestWithParam<Row> {};

TEST_P(RefusedTest, BeginsATraceOfItsOwn) {
  const Span span = SpanFrom(GetParam().traceparent);
  EXPECT_TRUE(span.exists());
  EXPECT_EQ(span.parent, SpanId());
  EXPECT_NE(span.trace, kTrace);
  EXPECT_NE(span.trace, TraceId());
  EXPECT_TRUE(span.sampled);
}

INSTANTIATE_TEST_SUITE_P(
    Traceparent, RefusedTest,
    testing::Values(
        Row{"None", ""}, Row{"NoVersion", kIds + "-01"}, Row{"VersionFf", "ff-" + kIds + "-01"},
        Row{"VersionFfWithMore", "ff-" + kIds + "-01-more"}, Row{"VersionOfOneDigit", "0-" + kIds + "-01"},
        Row{"VersionOfThreeDigits", "000-" + kIds + "-01"}, Row{"VersionNotHex", "0g-" + kIds + "-01"},
        Row{"VersionInUpperCase", "CC-" + kIds + "-01"}, Row{"Version00WithMore", kGood + "-more"},
        Row{"Version00WithADash", kGood + "-"}, Row{"Version00WithASpace", kGood + " "},
        Row{"SpaceBefore", " " + kGood}, Row{"LaterVersionWithMoreUnparted", "cc-" + kIds + "-01more"},
        Row{"LaterVersionCutShort", "cc-" + kIds}, Row{"FlagsMissing", "00-" + kIds},
        Row{"FlagsEmpty", "00-" + kIds + "-"}, Row{"FlagsOfOneDigit", "00-" + kIds + "-1"},
        Row{"FlagsOfThreeDigits", "00-" + kIds + "-001"}, Row{"FlagsNotHex", "00-" + kIds + "-0x"},
        Row{"FlagsInUpperCase", "00-" + kIds + "-0A"},
        Row{"TraceIdZero", "00-" + std::string(32, '0') + "-" + kCallerText + "-01"},
        Row{"TraceIdInUpperCase", "00-0AF7651916CD43DD8448EB211C80319C-" + kCallerText + "-01"},
        Row{"TraceIdTooShort", "00-" + kTraceText.substr(1) + "-" + kCallerText + "-01"},
        Row{"TraceIdTooLong", "00-0" + kTraceText + "-" + kCallerText + "-01"},
        Row{"TraceIdNotHex", "00-0af7651916cd43dd8448eb211c80319z-" + kCallerText + "-01"},
        Row{"ParentIdZero", "00-" + kTraceText + "-0000000000000000-01"},
        Row{"ParentIdInUpperCase", "00-" + kTraceText + "-B7AD6B7169203331-01"},
        Row{"ParentIdTooShort", "00-" + kTraceText + "-" + kCallerText.substr(1) + "-01"},
        Row{"ParentIdTooLong", "00-" + kTraceText + "-0" + kCallerText + "-01"},
        Row{"ParentIdWithASign", "00-" + kTraceText + "-+7ad6b7169203331-01"},
        Row{"DashesAreOthers", "00_" + kTraceText + "_" + kCallerText + "_01"},
        Row{"DashesAtTheWrongPlaces", "00" + kTraceText + "--" + kCallerText + "--01"},
        Row{"TwoOfThem", kGood + ", " + kGood}, Row{"TwoOfALaterVersion", "cc-" + kIds + "-01, " + kGood},
        Row{"ByteZeroWithin",
            "00-" + kTraceText + "-" + std::string(1, '\0') + kCallerText.substr(1) + "-01"},
        Row{"NotAscii", "00-" + kTraceText + "-" + "\xff" + kCallerText.substr(1) + "-01"},
        Row{"FullWidthDigits", "00-" + kTraceText + "-\xEF\xBC\x91" + kCallerText.substr(3) + "-01"},
        Row{"Dashes", std::string(55, '-')}, Row{"Long", std::string(100'000, '0')}),
    [](const auto& row) { return row.param.name; });

TEST(Span, OfARequestWithoutATraceIsTheFirstOfANewOne) {
  const Span span = SpanFrom("");
  EXPECT_TRUE(span.exists());
  EXPECT_EQ(span.parent, SpanId());
  EXPECT_NE(SpanFrom("").trace, span.trace);
}

TEST(Span, IsAnotherForEachCallOfOneCaller) {
  std::set<uint64_t> ids;
  for (int i = 0; i < 100; ++i) ids.insert(SpanFrom(kGood).id.value);
  EXPECT_EQ(ids.size(), 100u);
}

TEST(Span, IsTheParentOfThoseWhoAreToldOfIt) {
  const Span mine = SpanFrom(kGood);
  const Span below = SpanFrom(Traceparent(mine));
  EXPECT_EQ(below.trace, mine.trace);
  EXPECT_EQ(below.parent, mine.id);
  EXPECT_NE(below.id, mine.id);
}

TEST(Traceparent, IsOfVersion00WhateverCame) {
  Span span = SpanFrom("cc-" + kIds + "-01-more");
  span.id = {0x1f};
  EXPECT_EQ(Traceparent(span), "00-" + kTraceText + "-000000000000001f-01");
}

TEST(Traceparent, TellsTheSampledFlagAsItCameAndNoOther) {
  const auto flags = [](const std::string& given) {
    return Traceparent(SpanFrom("00-" + kIds + "-" + given)).substr(53);
  };
  EXPECT_EQ(flags("01"), "01");
  EXPECT_EQ(flags("00"), "00");
  EXPECT_EQ(flags("ff"), "01");
  EXPECT_EQ(flags("fe"), "00");
}

TEST(Hex, KeepsLeadingZeros) {
  const auto trace = Hex(TraceId{0, 0xabc});
  EXPECT_EQ(std::string(trace.begin(), trace.end()), "00000000000000000000000000000abc");
  const auto span = Hex(SpanId{0x00f067aa0ba902b7});
  EXPECT_EQ(std::string(span.begin(), span.end()), "00f067aa0ba902b7");
}

}  // namespace
}  // namespace tidemark
