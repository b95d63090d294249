#include "services/sync/domain/purge.h"

#include <gtest/gtest.h>

#include <string>

namespace tidemark::sync {
namespace {

constexpr UnixMillis kNow{1'735'689'600'000};
constexpr int64_t kOld = kNow.value - kKeptMillis;

constexpr UnixMillis DaysAgo(int64_t days) { return {kNow.value - days * kDayMillis}; }

struct Case {
  std::string name;
  std::vector<DeviceProgress> devices;
  UnixMillis v1_seen;
  int64_t tombstones_through;
};

class PurgeTable : public testing::TestWithParam<Case> {};

TEST_P(PurgeTable, TombstonesGoThrough) {
  const Case& c = GetParam();
  const PurgePlan plan = PlanPurge({.devices = c.devices, .v1_seen = c.v1_seen}, kNow);
  EXPECT_EQ(plan.tombstones_through.value, c.tombstones_through);
  EXPECT_EQ(plan.values_through.value, kOld) << "history and conflicts go by age alone";
}

constexpr Stamp kAhead{kOld + 500};
constexpr Stamp kBehind{kOld + 300};
constexpr UnixMillis kNever{0};

INSTANTIATE_TEST_SUITE_P(
    Cases, PurgeTable,
    testing::Values(
        Case{"WhatItsOnlyDeviceConfirmed", {{kAhead, kNow}}, kNever, kAhead.value},
        Case{
            "WhatTheSlowestDeviceConfirmed", {{kAhead, kNow}, {kBehind, DaysAgo(89)}}, kNever, kBehind.value},
        Case{"NothingEarlyWhileADeviceHasConfirmedNothing", {{kAhead, kNow}, {{0}, kNow}}, kNever, kOld},
        Case{"NothingEarlyWhereNoDeviceIsKnown", {}, kNever, kOld},
        Case{"NothingEarlyWhereNoDeviceIsInUse", {{kAhead, DaysAgo(98)}}, kNever, kOld},
        Case{
            "WithoutRegardToADeviceOutOfUse", {{kAhead, kNow}, {kBehind, DaysAgo(98)}}, kNever, kAhead.value},
        Case{"WithRegardToADeviceThatMayHaveBeenSeenSinceItWasNoted",
             {{kAhead, kNow}, {kBehind, DaysAgo(97)}},
             kNever,
             kBehind.value},
        Case{"NothingEarlyBesideAV1Client", {{kAhead, kNow}}, DaysAgo(89), kOld},
        Case{"EarlyAgainWhenTheV1ClientIsOutOfUse", {{kAhead, kNow}}, DaysAgo(98), kAhead.value},
        Case{"WhateverIsOldThoughADeviceHasNotConfirmedIt", {{{kOld - 1}, kNow}}, kNever, kOld},
        Case{"WhateverIsOldBesideAV1Client", {{{kOld - 1}, kNow}}, kNow, kOld}),
    [](const auto& param) { return param.param.name; });

TEST(Purge, DevicesGoWhenTheyCannotHaveBeenSeenForNinetyDays) {
  EXPECT_EQ(PlanPurge({}, kNow).devices_seen_before, DaysAgo(90 + 7));
}

TEST(Purge, NothingIsOldSoonAfterTheClocksBeginning) {
  const PurgePlan plan = PlanPurge({}, {5});
  EXPECT_EQ(plan.tombstones_through, Stamp{0});
  EXPECT_EQ(plan.devices_seen_before, UnixMillis{0});
}

}  // namespace
}  // namespace tidemark::sync
