// What every QuotaStore holds. A test file of a store includes this and instantiates QuotaStoreContract.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/async/event_loops.h"
#include "services/ratelimit/storage/quota_store.h"

namespace tidemark::ratelimit {

// A store under test that has no day yet, and the loops to ask it from.
class QuotaStoreUnderTest {
 public:
  virtual ~QuotaStoreUnderTest() = default;
  virtual EventLoops& loops() = 0;
  virtual QuotaStore& store() = 0;
};

using MakeQuotaStore = std::unique_ptr<QuotaStoreUnderTest> (*)();

class QuotaStoreContract : public testing::TestWithParam<MakeQuotaStore> {
 protected:
  Day Add(const std::string& reporter, int64_t number, int64_t requests, std::optional<UnixMillis> now) {
    QuotaReport report{.reporter = reporter, .number = number, .counts = {}};
    report.counts[Resource::kRequests] = requests;
    return Add(report, now);
  }
  Day Add(const QuotaReport& report, std::optional<UnixMillis> now) {
    const absl::StatusOr<Day> day = RunBlocking<absl::StatusOr<Day>>(
        under_test_->loops().Next(), [&] { return under_test_->store().Add(report, now); });
    EXPECT_TRUE(day.ok()) << day.status();
    return day.value_or(Day());
  }
  Day Read(std::optional<UnixMillis> now) { return Add("", 0, 0, now); }
  static Day Requests(UnixMillis since, int64_t requests) {
    Day day{.since = since, .counts = {}};
    day.counts[Resource::kRequests] = requests;
    return day;
  }

  const UnixMillis midnight_{1'735'689'600'000};
  const UnixMillis noon_{midnight_.value + kDayMillis / 2};
  const UnixMillis next_midnight_{midnight_.value + kDayMillis};
  const std::unique_ptr<QuotaStoreUnderTest> under_test_ = GetParam()();
};

TEST_P(QuotaStoreContract, ADayNeverHeardOfIsEmpty) { EXPECT_EQ(Read(noon_), Requests(midnight_, 0)); }

TEST_P(QuotaStoreContract, AddsUpWhatEachReports) {
  EXPECT_EQ(Add("a", 1, 3, noon_), Requests(midnight_, 3));
  EXPECT_EQ(Add("b", 1, 4, noon_), Requests(midnight_, 7));
  EXPECT_EQ(Add("a", 2, 5, noon_), Requests(midnight_, 12));
  EXPECT_EQ(Read(noon_), Requests(midnight_, 12));
}

TEST_P(QuotaStoreContract, KeepsEachResourceApart) {
  QuotaReport report{.reporter = "a", .number = 1, .counts = {}};
  for (const Resource resource : kResources) report.counts[resource] = 1 + static_cast<int64_t>(resource);
  EXPECT_EQ(Add(report, noon_), (Day{midnight_, report.counts}));
}

TEST_P(QuotaStoreContract, AReportSentAgainAddsNothing) {
  Add("a", 1, 3, noon_);
  EXPECT_EQ(Add("a", 1, 3, noon_), Requests(midnight_, 3));
  Add("a", 2, 3, noon_);
  EXPECT_EQ(Add("a", 1, 3, noon_), Requests(midnight_, 6));
}

TEST_P(QuotaStoreContract, AReportSentAgainAfterMidnightAddsNothingToTheNewDay) {
  Add("a", 1, 3, noon_);
  EXPECT_EQ(Add("a", 1, 3, next_midnight_), Requests(next_midnight_, 0));
}

TEST_P(QuotaStoreContract, StartsOverAtMidnightAndNotAMillisecondBefore) {
  Add("a", 1, 3, noon_);
  EXPECT_EQ(Read(UnixMillis{next_midnight_.value - 1}), Requests(midnight_, 3));
  EXPECT_EQ(Read(next_midnight_), Requests(next_midnight_, 0));
  EXPECT_EQ(Add("a", 2, 1, next_midnight_), Requests(next_midnight_, 1));
  EXPECT_EQ(Add("a", 3, 1, next_midnight_), Requests(next_midnight_, 2));
}

TEST_P(QuotaStoreContract, AClockThatGoesBackOverMidnightBeginsNoNewDay) {
  Add("a", 1, 3, midnight_);
  EXPECT_EQ(Add("b", 1, 1, UnixMillis{midnight_.value - 1}), Requests(midnight_, 4));
}

TEST_P(QuotaStoreContract, CountsStayWhereTheyAreExact) {
  EXPECT_EQ(Add("a", 1, kCountMax - 1, noon_), Requests(midnight_, kCountMax - 1));
  EXPECT_EQ(Add("a", 2, kCountMax, noon_), Requests(midnight_, kCountMax));
}

TEST_P(QuotaStoreContract, WithoutATimeItsOwnClockHolds) {
  const Day day = Add("a", 1, 3, std::nullopt);
  EXPECT_EQ(day.since, MidnightBefore(day.since));
  EXPECT_EQ(Read(std::nullopt).counts[Resource::kRequests], 3);
}

TEST_P(QuotaStoreContract, ParallelReportsAreAllAdded) {
  constexpr int kReports = 200;
  std::atomic<int> left{kReports};
  std::promise<void> done;
  for (int i = 0; i < kReports; ++i) {
    Spawn(under_test_->loops().Next(), [&, i]() -> Task<void> {
      QuotaReport report{.reporter = absl::StrCat("reporter ", i), .number = 1, .counts = {}};
      report.counts[Resource::kRequests] = 7;
      const absl::StatusOr<Day> day = co_await under_test_->store().Add(std::move(report), noon_);
      EXPECT_TRUE(day.ok()) << day.status();
      if (--left == 0) done.set_value();
    });
  }
  done.get_future().get();
  EXPECT_EQ(Read(noon_), Requests(midnight_, 7 * kReports));
}

}  // namespace tidemark::ratelimit
