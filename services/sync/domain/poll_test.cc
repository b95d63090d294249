#include "services/sync/domain/poll.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tidemark::sync {
namespace {

constexpr int64_t kHour = 60 * 60;
constexpr int64_t kOneDay = 24 * kHour * 1000;
constexpr UnixMillis kNow{1'735'689'600'000};
const UserId kUser("u");

int64_t Wait(int64_t days_since_change, double load, std::string device = "phone") {
  return NextSyncIn(kUser, DeviceId(std::move(device)), {kNow.value - days_since_change * kOneDay}, kNow,
                    load);
}

auto About(int64_t hours) {
  return testing::AllOf(testing::Ge(hours * kHour * 9 / 10), testing::Le(hours * kHour * 11 / 10));
}

TEST(Poll, IsSixHoursForSevenDaysAfterAChangeAndTwelveThen) {
  for (int i = 0; i < 200; ++i) {
    const std::string device = "device-" + std::to_string(i);
    EXPECT_THAT(Wait(0, 0, device), About(6));
    EXPECT_THAT(Wait(7, 0, device), About(6));
    EXPECT_THAT(Wait(8, 0, device), About(12));
  }
}

TEST(Poll, OfAUserWithoutAnyTaskIsTwelveHours) {
  EXPECT_THAT(NextSyncIn(kUser, DeviceId("phone"), {0}, kNow, 0), About(12));
}

TEST(Poll, IsSpreadOverTheDevicesAndSteadyForEach) {
  std::set<int64_t> waits;
  for (int i = 0; i < 200; ++i) {
    const std::string device = "device-" + std::to_string(i);
    waits.insert(Wait(0, 0, device));
    EXPECT_EQ(Wait(0, 0, device), Wait(0, 0, device));
  }
  EXPECT_GT(waits.size(), 150u);
  EXPECT_LT(*waits.begin(), 6 * kHour * 95 / 100);
  EXPECT_GT(*waits.rbegin(), 6 * kHour * 105 / 100);
}

TEST(Poll, IsStretchedByLoadUpToTwice) {
  const int64_t idle = Wait(0, 0);
  EXPECT_NEAR(static_cast<double>(Wait(0, 0.5)), 1.5 * static_cast<double>(idle), 2);
  EXPECT_NEAR(static_cast<double>(Wait(0, 1)), 2.0 * static_cast<double>(idle), 2);
  EXPECT_EQ(Wait(0, 7), Wait(0, 1));
  EXPECT_EQ(Wait(0, -1), idle);
}

}  // namespace
}  // namespace tidemark::sync
