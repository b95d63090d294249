#include "common/vitals/last_hour.h"

#include <gtest/gtest.h>

namespace tidemark::vitals {
namespace {

constexpr UnixMillis kNoon{1'735'732'800'000};

UnixMillis After(int64_t minutes, int64_t millis = 0) {
  return {kNoon.value + minutes * kMinuteMillis + millis};
}

TEST(LastHour, CountsByTheMinuteOldestFirst) {
  LastHour<int> hour;
  hour.At(kNoon) += 1;
  hour.At(After(0, 59'999)) += 1;
  hour.At(After(1)) += 5;
  const auto minutes = hour.Until(After(1, 10));
  ASSERT_EQ(minutes.size(), 2u);
  EXPECT_EQ(minutes[0], std::make_pair(kNoon, 2));
  EXPECT_EQ(minutes[1], std::make_pair(After(1), 5));
}

TEST(LastHour, AMinuteInWhichNothingHappenedIsNotThere) {
  LastHour<int> hour;
  hour.At(kNoon) = 1;
  hour.At(After(7)) = 2;
  EXPECT_EQ(hour.Until(After(7)).size(), 2u);
}

TEST(LastHour, ForgetsAMinuteWhenItIsAnHourOld) {
  LastHour<int> hour;
  hour.At(kNoon) = 1;
  EXPECT_EQ(hour.Until(After(59, 59'999)).size(), 1u);
  EXPECT_TRUE(hour.Until(After(60)).empty());
  hour.At(After(60)) += 3;
  ASSERT_EQ(hour.Until(After(60)).size(), 1u);
  EXPECT_EQ(hour.Until(After(60))[0].second, 3) << "begun anew in the place of the old one";
}

TEST(LastHour, OfAClockThatWasSetBackTellsTheNewTime) {
  LastHour<int> hour;
  hour.At(After(30)) = 1;
  hour.At(kNoon) += 2;
  const auto minutes = hour.Until(kNoon);
  ASSERT_EQ(minutes.size(), 1u);
  EXPECT_EQ(minutes[0].second, 2);
}

TEST(LastHour, InTheFirstHourOfTheEpochIsAsAnyOther) {
  LastHour<int> hour;
  hour.At(UnixMillis{0}) = 4;
  ASSERT_EQ(hour.Until(UnixMillis{10}).size(), 1u);
  EXPECT_EQ(hour.Until(UnixMillis{10})[0].second, 4);
}

}  // namespace
}  // namespace tidemark::vitals
