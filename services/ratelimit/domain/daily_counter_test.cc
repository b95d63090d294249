#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>

#include "services/ratelimit/domain/bucket.h"

namespace tidemark::ratelimit {
namespace {

constexpr int64_t kHour = 3'600'000;
// 2025-01-01T00:00:00Z.
constexpr UnixMillis kMidnight{1'735'689'600'000};

const Policy kV1Sync{"v1_sync", DailyCounter{100}};

UnixMillis After(int64_t millis) { return {kMidnight.value + millis}; }

class Subject {
 public:
  Decision Ask(int64_t cost, UnixMillis now) {
    Taken taken = Take(kV1Sync, stored_, cost, now);
    if (taken.decision.allowed) stored_ = taken.bucket;
    return taken.decision;
  }

 private:
  std::optional<Bucket> stored_;
};

TEST(DailyCounter, GivesItsLimitOnceADay) {
  Subject subject;
  for (int sync = 1; sync <= 100; ++sync) {
    Decision decision = subject.Ask(1, After(sync * 60'000));
    ASSERT_TRUE(decision.allowed);
    ASSERT_EQ(decision.remaining, 100 - sync);
  }
  EXPECT_FALSE(subject.Ask(1, After(23 * kHour)).allowed);
}

TEST(DailyCounter, RefusesUntilMidnightUtc) {
  Subject subject;
  subject.Ask(100, After(6 * kHour));
  Decision refused = subject.Ask(1, After(20 * kHour));
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_after, absl::Hours(4));
  EXPECT_EQ(refused.reset_after, absl::Hours(4));
}

TEST(DailyCounter, StartsOverAtMidnightAndNotAMillisecondBefore) {
  Subject subject;
  subject.Ask(100, After(0));
  EXPECT_FALSE(subject.Ask(1, After(kDayMillis - 1)).allowed);
  Decision next_day = subject.Ask(1, After(kDayMillis));
  EXPECT_TRUE(next_day.allowed);
  EXPECT_EQ(next_day.remaining, 99);
}

TEST(DailyCounter, TellsTheEndOfTheDayEvenWhenUntouched) {
  EXPECT_EQ(Subject().Ask(0, After(1)).reset_after, kDay - absl::Milliseconds(1));
}

TEST(DailyCounter, SavesNothingForTheNextDay) {
  Subject subject;
  subject.Ask(1, After(0));
  EXPECT_EQ(subject.Ask(0, After(3 * kDayMillis)).remaining, 100);
}

TEST(DailyCounter, ClockGoingBackOverMidnightStartsNoNewDay) {
  Subject subject;
  subject.Ask(100, After(0));
  EXPECT_FALSE(subject.Ask(1, After(-1)).allowed);
  EXPECT_FALSE(subject.Ask(1, After(0)).allowed);
}

TEST(DailyCounter, KeepsToALoweredLimit) {
  const Policy lowered{"v1_sync", DailyCounter{10}};
  EXPECT_EQ(Take(lowered, Bucket{90, kMidnight}, 1, kMidnight).decision.remaining, 9);
}

class DailyCounterLaw : public testing::TestWithParam<unsigned> {};

TEST_P(DailyCounterLaw, IssuesExactlyWhatWasAskedUpToTheLimitOfEachDay) {
  std::mt19937_64 random(GetParam());
  std::uniform_int_distribution<int64_t> step(0, kDayMillis / 60);
  std::uniform_int_distribution<int64_t> cost(0, 5);
  Subject subject;
  std::map<int64_t, int64_t> left_by_day;
  int64_t elapsed = 0;
  for (int ask = 0; ask < 2000; ++ask) {
    elapsed += step(random);
    int64_t& left = left_by_day.try_emplace(elapsed / kDayMillis, 100).first->second;
    const int64_t wanted = cost(random);
    const bool expected = wanted <= left;
    if (expected) left -= wanted;
    const Decision decision = subject.Ask(wanted, After(elapsed));
    ASSERT_EQ(decision.allowed, expected);
    ASSERT_EQ(decision.remaining, left);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, DailyCounterLaw, testing::Range(1u, 17u));

}  // namespace
}  // namespace tidemark::ratelimit
