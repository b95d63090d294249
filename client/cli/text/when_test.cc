#include "client/cli/text/when.h"

#include <gtest/gtest.h>

namespace tidemark::cli {
namespace {

TEST(When, DurationsAreToldInTheUnitThatTellsMost) {
  EXPECT_EQ(InWords(absl::ZeroDuration()), "0 s");
  EXPECT_EQ(InWords(absl::Milliseconds(1'200)), "2 s");
  EXPECT_EQ(InWords(absl::Seconds(90)), "90 s");
  EXPECT_EQ(InWords(absl::Seconds(91)), "2 min");
  EXPECT_EQ(InWords(absl::Minutes(91)), "2 h");
  EXPECT_EQ(InWords(absl::Hours(37)), "2 days");
  EXPECT_EQ(InWords(absl::Seconds(-5)), "0 s");
}

TEST(When, APastMomentIsToldByItsDistance) {
  EXPECT_EQ(Ago(UnixMillis{1'000}, UnixMillis{2'000}), "just now");
  EXPECT_EQ(Ago(UnixMillis{0}, UnixMillis{600'000}), "10 min ago");
  // A clock that was set back.
  EXPECT_EQ(Ago(UnixMillis{9'000}, UnixMillis{0}), "just now");
}

TEST(When, AMinuteIsOfThePersonsZone) {
  EXPECT_EQ(AtMinute(UnixMillis{0}, absl::UTCTimeZone()), "1970-01-01 00:00");
  EXPECT_EQ(AtMinute(UnixMillis{0}, absl::FixedTimeZone(3'600)), "1970-01-01 01:00");
}

}  // namespace
}  // namespace tidemark::cli
