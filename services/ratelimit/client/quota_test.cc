#include "services/ratelimit/client/quota.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "common/status/error.h"

namespace tidemark::ratelimit {
namespace {

// 2025-01-01T00:00:00Z.
constexpr UnixMillis kMidnight{1'735'689'600'000};

class QuotaTest : public testing::Test {
 protected:
  static Limits Budget(Resource resource, int64_t budget) {
    Limits limits;
    limits.budgets[resource] = budget;
    return limits;
  }
  static Day Elsewhere(int64_t requests, UnixMillis since = kMidnight) {
    Day day{.since = since, .counts = {}};
    day.counts[Resource::kRequests] = requests;
    return day;
  }
  // As services do: what is let in is counted.
  std::string Ask(Access access) {
    const absl::Status status = quota_.Check(access);
    if (status.ok()) quota_.Count(Resource::kRequests);
    return status.ok() ? "ok" : std::string(InfoOf(ErrorInfoOf(status).code).name);
  }
  // Counts requests until so many are.
  void Serve(int64_t requests) {
    quota_.Count(Resource::kRequests, requests - quota_.Look().used[Resource::kRequests]);
  }

  ManualClock clock_{UnixMillis{kMidnight.value + kDayMillis / 4}};
  Versioned<Limits> limits_{Budget(Resource::kRequests, 100)};
  Quota quota_{limits_, clock_};
};

TEST_F(QuotaTest, AboveNineTenthsOnlyWritesAreLetIn) {
  Serve(90);
  EXPECT_EQ(Ask(Access::kRead), "ok");
  EXPECT_EQ(Ask(Access::kRead), "read_paused") << "91 are used";
  EXPECT_EQ(Ask(Access::kWrite), "ok");
}

TEST_F(QuotaTest, UsedUpNothingIsLetIn) {
  Serve(99);
  EXPECT_EQ(Ask(Access::kWrite), "ok");
  EXPECT_EQ(Ask(Access::kWrite), "quota_exhausted");
  EXPECT_EQ(Ask(Access::kRead), "quota_exhausted");
}

TEST_F(QuotaTest, EveryRefusalSaysHowLongItIsToMidnightUtc) {
  Serve(91);
  EXPECT_EQ(ErrorInfoOf(quota_.Check(Access::kRead)).details.retry_after, absl::Hours(18));
  EXPECT_EQ(quota_.ReadPause(), absl::Hours(18));
  Serve(100);
  clock_.AdvanceMillis(kDayMillis / 2);
  EXPECT_EQ(ErrorInfoOf(quota_.Check(Access::kWrite)).details.retry_after, absl::Hours(6));
}

TEST_F(QuotaTest, MidnightRestoresServiceByItself) {
  Serve(100);
  clock_.AdvanceMillis(kDayMillis * 3 / 4 - 1);
  EXPECT_EQ(Ask(Access::kWrite), "quota_exhausted");
  clock_.AdvanceMillis(1);
  EXPECT_EQ(Ask(Access::kRead), "ok");
  EXPECT_EQ(quota_.ReadPause(), std::nullopt);
}

TEST_F(QuotaTest, WhatOthersUsedCountsOnceItIsKnown) {
  EXPECT_EQ(Ask(Access::kRead), "ok");
  quota_.TakeUnreported();
  EXPECT_EQ(Ask(Access::kRead), "ok");
  quota_.Learn(Elsewhere(90));
  EXPECT_EQ(quota_.Look().used[Resource::kRequests], 91) << "89 of others and two of its own";
  EXPECT_EQ(Ask(Access::kRead), "read_paused");
}

TEST_F(QuotaTest, ADayThatWasBegunAnewIsOpenAndCounts) {
  Serve(100);
  clock_.AdvanceMillis(kDayMillis);
  ASSERT_TRUE(quota_.DayIsOver());
  quota_.BeginDay();
  EXPECT_FALSE(quota_.DayIsOver());
  Serve(91);
  EXPECT_EQ(Ask(Access::kRead), "read_paused");
}

TEST_F(QuotaTest, BudgetsAreThoseOfTheNewestLimits) {
  Serve(100);
  limits_.Replace(Limits());
  EXPECT_EQ(Ask(Access::kRead), "ok");
  limits_.Replace(Budget(Resource::kRequests, 10));
  EXPECT_EQ(Ask(Access::kWrite), "quota_exhausted");
}

TEST_F(QuotaTest, ACacheBudgetSwitchesTheCacheOffUntilMidnight) {
  limits_.Replace(Budget(Resource::kCacheWrites, 10));
  quota_.Count(Resource::kCacheWrites, 9);
  EXPECT_FALSE(quota_.CacheIsOff());
  quota_.Count(Resource::kCacheWrites);
  EXPECT_TRUE(quota_.CacheIsOff());
  EXPECT_EQ(Ask(Access::kRead), "ok");
  clock_.AdvanceMillis(kDayMillis);
  EXPECT_FALSE(quota_.CacheIsOff());
}

TEST_F(QuotaTest, HeadersTellTheScarcestBudget) {
  Serve(40);
  const std::optional<QuotaHeaders> headers = HeadersOf(quota_.Look());
  ASSERT_TRUE(headers);
  EXPECT_EQ(RateLimitHeader(headers->ask, headers->decision), R"("requests";r=60;t=64800)");
  EXPECT_EQ(RateLimitPolicyHeader(headers->ask, headers->decision), R"("requests";q=100;w=86400)");
  limits_.Replace(Limits());
  EXPECT_FALSE(HeadersOf(quota_.Look()));
}

TEST_F(QuotaTest, NoCountIsLostWhileDaysAreLearned) {
  constexpr int kEach = 20'000;
  std::vector<std::thread> counting;
  for (int i = 0; i < 4; ++i) {
    counting.emplace_back([this] {
      for (int count = 0; count < kEach; ++count) quota_.Count(Resource::kDatabaseReads);
    });
  }
  Day day{.since = kMidnight, .counts = {}};
  for (int report = 0; report < 1'000; ++report) {
    day.counts[Resource::kDatabaseReads] += quota_.TakeUnreported()[Resource::kDatabaseReads];
    quota_.Learn(day);
  }
  for (std::thread& thread : counting) thread.join();
  EXPECT_EQ(quota_.Look().used[Resource::kDatabaseReads], 4 * kEach);
}

}  // namespace
}  // namespace tidemark::ratelimit
