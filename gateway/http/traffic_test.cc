#include "gateway/http/traffic.h"

#include <gtest/gtest.h>

namespace tidemark::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr UnixMillis kNoon{1'735'732'800'000};

class TrafficTest : public testing::Test {
 protected:
  Traffic::Minute LastMinute() const { return traffic_.LastHour().back(); }

  ManualClock clock_{kNoon};
  Traffic traffic_{clock_};
};

TEST_F(TrafficTest, CountsRequestsByWhatCameOfThem) {
  for (const int status : {200, 201, 204, 304, 429, 400, 401, 404, 500, 503}) {
    traffic_.Note("/sync", status, milliseconds(1));
  }
  const Traffic::Outcomes outcomes = LastMinute().outcomes;
  EXPECT_EQ(outcomes.ok, 3);
  EXPECT_EQ(outcomes.not_modified, 1);
  EXPECT_EQ(outcomes.limited, 1);
  EXPECT_EQ(outcomes.refused, 3);
  EXPECT_EQ(outcomes.failed, 2);
}

TEST_F(TrafficTest, ProbesAndTheStatusPageItselfAreNone) {
  for (const char* route : {"/livez", "/readyz", "/status", "/status.json", "/status/{file}"}) {
    traffic_.Note(route, 200, milliseconds(1));
  }
  EXPECT_EQ(LastMinute().outcomes.ok, 0);
}

TEST_F(TrafficTest, TellsEachMinuteFromTheGatewaysFirstOnWithoutGaps) {
  clock_.AdvanceMillis(2 * vitals::kMinuteMillis);
  traffic_.Note("/sync", 200, milliseconds(1));
  clock_.AdvanceMillis(vitals::kMinuteMillis);
  const std::vector<Traffic::Minute> minutes = traffic_.LastHour();
  ASSERT_EQ(minutes.size(), 4u);
  EXPECT_EQ(minutes[0].begins, kNoon);
  EXPECT_FALSE(minutes[0].p50_micros);
  EXPECT_EQ(minutes[2].outcomes.ok, 1);
  EXPECT_TRUE(minutes[2].p50_micros);
  EXPECT_EQ(minutes[3].outcomes.ok, 0) << "the one under way";
}

TEST_F(TrafficTest, KeepsAnHourAndNoMore) {
  traffic_.Note("/sync/check", 304, milliseconds(1));
  clock_.AdvanceMillis(59 * vitals::kMinuteMillis);
  EXPECT_EQ(traffic_.LastHour().size(), 60u);
  EXPECT_EQ(traffic_.LastHour().front().outcomes.not_modified, 1);
  EXPECT_EQ(traffic_.ChecksOfLastHour().answered, 1);
  clock_.AdvanceMillis(10 * vitals::kMinuteMillis);
  EXPECT_EQ(traffic_.LastHour().size(), 60u);
  EXPECT_EQ(traffic_.LastHour().front().outcomes.not_modified, 0);
  EXPECT_EQ(traffic_.ChecksOfLastHour().answered, 0);
}

TEST_F(TrafficTest, TheShareOf304sIsOfChecksThatWereAnswered) {
  traffic_.Note("/sync/check", 304, milliseconds(1));
  traffic_.Note("/sync/check", 200, milliseconds(1));
  traffic_.Note("/sync/check", 503, milliseconds(1));
  traffic_.Note("/docs", 304, milliseconds(1));
  EXPECT_EQ(traffic_.ChecksOfLastHour().answered, 2);
  EXPECT_EQ(traffic_.ChecksOfLastHour().not_modified, 1);
}

TEST(Times, QuantilesAreTrueToATenth) {
  Times times;
  for (int i = 1; i <= 1000; ++i) times.Add(milliseconds(i));
  EXPECT_NEAR(*times.Quantile(0.5), 500'000, 50'000);
  EXPECT_NEAR(*times.Quantile(0.95), 950'000, 95'000);
  EXPECT_NEAR(*times.Quantile(0.99), 990'000, 99'000);
}

TEST(Times, OneAloneIsEveryQuantile) {
  Times times;
  times.Add(milliseconds(20));
  EXPECT_NEAR(*times.Quantile(0.5), 20'000, 2'000);
  EXPECT_EQ(times.Quantile(0.99), times.Quantile(0.5));
}

TEST(Times, WhatTookNoTimeOrForeverIsAtTheEndsOfTheScale) {
  Times times;
  times.Add(seconds(0));
  times.Add(seconds(3'600));
  EXPECT_LE(*times.Quantile(0.5), 50);
  EXPECT_GT(*times.Quantile(1), 45'000'000);
}

TEST(Times, OfNoneThereIsNoQuantile) { EXPECT_FALSE(Times().Quantile(0.5)); }

}  // namespace
}  // namespace tidemark::gateway
