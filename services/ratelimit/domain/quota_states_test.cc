#include <gtest/gtest.h>

#include "services/ratelimit/domain/quota.h"

namespace tidemark::ratelimit {
namespace {

// 2025-01-01T00:00:00Z.
constexpr UnixMillis kMidnight{1'735'689'600'000};

DayCounts Used(Resource resource, int64_t count) {
  DayCounts used;
  used[resource] = count;
  return used;
}

Budgets Budget(Resource resource, int64_t budget) {
  Budgets budgets;
  budgets[resource] = budget;
  return budgets;
}

// SPEC 8: each budget but the cache's.
class QuotaStates : public testing::TestWithParam<Resource> {
 protected:
  static QuotaState After(int64_t used, int64_t budget) {
    return StateOf(Used(GetParam(), used), Budget(GetParam(), budget));
  }
};

TEST_P(QuotaStates, ReadsArePausedAboveNineTenthsAndNotAtNineTenths) {
  EXPECT_EQ(After(90, 100), QuotaState::kOpen);
  EXPECT_EQ(After(91, 100), QuotaState::kReadPaused);
  EXPECT_EQ(After(99, 100), QuotaState::kReadPaused);
}

TEST_P(QuotaStates, AllIsRefusedFromTheWholeOn) {
  EXPECT_EQ(After(100, 100), QuotaState::kExhausted);
  EXPECT_EQ(After(1'000, 100), QuotaState::kExhausted);
}

TEST_P(QuotaStates, HoldForAnyBudget) {
  for (int64_t budget = 1; budget <= 1'000; ++budget) {
    for (int64_t used = 0; used <= budget + 1; ++used) {
      const QuotaState expected = used >= budget           ? QuotaState::kExhausted
                                  : 10 * used > 9 * budget ? QuotaState::kReadPaused
                                                           : QuotaState::kOpen;
      ASSERT_EQ(After(used, budget), expected) << used << " of " << budget;
    }
  }
}

TEST_P(QuotaStates, HoldAtTheGreatestBudget) {
  EXPECT_EQ(After(kCountMax / 10 * 9, kCountMax), QuotaState::kOpen);
  EXPECT_EQ(After(kCountMax - 1, kCountMax), QuotaState::kReadPaused);
  EXPECT_EQ(After(kCountMax, kCountMax), QuotaState::kExhausted);
}

INSTANTIATE_TEST_SUITE_P(OfEach, QuotaStates,
                         testing::Values(Resource::kRequests, Resource::kDatabaseReads,
                                         Resource::kDatabaseWrites),
                         [](const auto& resource) { return std::string(NameOf(resource.param)); });

class CacheBudgets : public testing::TestWithParam<Resource> {};

TEST_P(CacheBudgets, SwitchTheCacheOffAndNeverTheService) {
  const Budgets budgets = Budget(GetParam(), 100);
  for (const int64_t used : {91, 99, 100, 1'000}) {
    EXPECT_EQ(StateOf(Used(GetParam(), used), budgets), QuotaState::kOpen) << used;
    EXPECT_EQ(CacheIsOff(Used(GetParam(), used), budgets), used >= 100) << used;
  }
}

INSTANTIATE_TEST_SUITE_P(OfEach, CacheBudgets, testing::Values(Resource::kCacheReads, Resource::kCacheWrites),
                         [](const auto& resource) { return std::string(NameOf(resource.param)); });

TEST(Quota, WithoutBudgetsNothingEnds) {
  DayCounts used;
  for (const Resource resource : kResources) used[resource] = kCountMax;
  EXPECT_EQ(StateOf(used, Budgets()), QuotaState::kOpen);
  EXPECT_FALSE(CacheIsOff(used, Budgets()));
  EXPECT_EQ(Scarcest(used, Budgets()), std::nullopt);
}

TEST(Quota, TheWorstBudgetDecides) {
  Budgets budgets = Budget(Resource::kRequests, 100);
  budgets[Resource::kDatabaseWrites] = 10;
  DayCounts used = Used(Resource::kRequests, 95);
  EXPECT_EQ(StateOf(used, budgets), QuotaState::kReadPaused);
  EXPECT_EQ(Scarcest(used, budgets), Resource::kRequests);
  used[Resource::kDatabaseWrites] = 10;
  EXPECT_EQ(StateOf(used, budgets), QuotaState::kExhausted);
  EXPECT_EQ(Scarcest(used, budgets), Resource::kDatabaseWrites);
}

TEST(Quota, BudgetsOfNothingAreRefused) {
  EXPECT_TRUE(CheckBudgets(Budgets()).ok());
  EXPECT_TRUE(CheckBudgets(Budget(Resource::kRequests, 1)).ok());
  EXPECT_EQ(CheckBudgets(Budget(Resource::kCacheReads, 0)).message(),
            "budget cache_reads is 0, 1 to 9007199254740991 are possible");
  EXPECT_FALSE(CheckBudgets(Budget(Resource::kRequests, kCountMax + 1)).ok());
}

TEST(QuotaDay, AddsUpWithinADayAndStartsOverAtMidnight) {
  const Day first = Added(std::nullopt, Used(Resource::kRequests, 3), {kMidnight.value + 5});
  EXPECT_EQ(first, (Day{kMidnight, Used(Resource::kRequests, 3)}));
  const Day later = Added(first, Used(Resource::kRequests, 4), {kMidnight.value + kDayMillis - 1});
  EXPECT_EQ(later, (Day{kMidnight, Used(Resource::kRequests, 7)}));
  const Day next = Added(later, Used(Resource::kRequests, 1), {kMidnight.value + kDayMillis});
  EXPECT_EQ(next, (Day{{kMidnight.value + kDayMillis}, Used(Resource::kRequests, 1)}));
}

TEST(QuotaDay, AClockThatGoesBackOverMidnightBeginsNoNewDay) {
  const Day day = Added(std::nullopt, Used(Resource::kRequests, 3), kMidnight);
  EXPECT_EQ(Added(day, Used(Resource::kRequests, 1), {kMidnight.value - 1}),
            (Day{kMidnight, Used(Resource::kRequests, 4)}));
}

TEST(QuotaDay, CountsStayWhereTheyAreExact) {
  const Day day = Added(std::nullopt, Used(Resource::kRequests, kCountMax), kMidnight);
  EXPECT_EQ(Added(day, Used(Resource::kRequests, 5), kMidnight), day);
}

}  // namespace
}  // namespace tidemark::ratelimit
