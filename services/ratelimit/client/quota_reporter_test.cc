#include "services/ratelimit/client/quota_reporter.h"

#include <gtest/gtest.h>

#include <vector>

#include "common/async/event_loops.h"
#include "services/ratelimit/storage/memory_quota_store.h"

namespace tidemark::ratelimit {
namespace {

// 2025-01-01T00:00:00Z.
constexpr UnixMillis kMidnight{1'735'689'600'000};

class QuotaReporterTest : public testing::Test {
 protected:
  enum class Service { kAnswers, kIsAway, kLosesItsAnswer };

  QuotaReporterTest() { Tick(); }

  void Tick() {
    RunBlocking<void>(loops_.at(0), [this] { return reporter_.Tick(); });
  }
  void Flush() {
    RunBlocking<void>(loops_.at(0), [this] { return reporter_.Flush(); });
  }
  int64_t Stored() {
    const absl::StatusOr<Day> day = RunBlocking<absl::StatusOr<Day>>(
        loops_.at(0), [this] { return store_.Add(QuotaReport(), std::nullopt); });
    return day->counts[Resource::kRequests];
  }
  void Wait() { clock_.AdvanceMillis(absl::ToInt64Milliseconds(kReportAge)); }

  Task<absl::StatusOr<Day>> Send(QuotaReport report) {
    ++sent_;
    if (service_ == Service::kIsAway) co_return absl::UnavailableError("away");
    absl::StatusOr<Day> day = co_await store_.Add(std::move(report), std::nullopt);
    if (service_ == Service::kLosesItsAnswer) co_return absl::DeadlineExceededError("lost");
    co_return day;
  }

  Service service_ = Service::kAnswers;
  int sent_ = 0;
  ManualClock clock_{UnixMillis{kMidnight.value + kDayMillis / 2}};
  EventLoops loops_{1};
  MemoryQuotaStore store_{clock_};
  Versioned<Limits> limits_{Limits()};
  Quota quota_{limits_, clock_};
  QuotaReporter reporter_{quota_, clock_, "reporter",
                          [this](QuotaReport report) { return Send(std::move(report)); }};
};

TEST_F(QuotaReporterTest, AsksForTheDayAtOnceAndThenOnlyWhenThereIsSomethingToTell) {
  EXPECT_EQ(sent_, 1);
  Wait();
  Tick();
  EXPECT_EQ(sent_, 1);
}

TEST_F(QuotaReporterTest, ManyRequestsAreOneReport) {
  quota_.Count(Resource::kRequests, kReportRequests - 1);
  Tick();
  EXPECT_EQ(Stored(), 0);
  quota_.Count(Resource::kRequests);
  Tick();
  EXPECT_EQ(Stored(), kReportRequests);
  EXPECT_EQ(sent_, 2);
}

TEST_F(QuotaReporterTest, FewWaitForAWhile) {
  quota_.Count(Resource::kRequests);
  Tick();
  EXPECT_EQ(Stored(), 0);
  Wait();
  Tick();
  EXPECT_EQ(Stored(), 1);
}

TEST_F(QuotaReporterTest, AReportWhoseAnswerWasLostCountsOnce) {
  quota_.Count(Resource::kRequests, kReportRequests);
  service_ = Service::kLosesItsAnswer;
  Tick();
  quota_.Count(Resource::kRequests, kReportRequests);
  service_ = Service::kAnswers;
  Wait();
  Tick();
  Tick();
  EXPECT_EQ(Stored(), 2 * kReportRequests);
  EXPECT_EQ(quota_.Look().used[Resource::kRequests], 2 * kReportRequests);
}

TEST_F(QuotaReporterTest, WhileNobodyTakesReportsItGoesOnCountingAndHandsOverLater) {
  service_ = Service::kIsAway;
  for (int i = 0; i < 5; ++i) {
    quota_.Count(Resource::kRequests, kReportRequests);
    Tick();
  }
  EXPECT_EQ(sent_, 2) << "it does not knock at each turn";
  EXPECT_EQ(quota_.Look().used[Resource::kRequests], 5 * kReportRequests);
  service_ = Service::kAnswers;
  Wait();
  Tick();
  Tick();
  EXPECT_EQ(Stored(), 5 * kReportRequests);
}

TEST_F(QuotaReporterTest, WhatOthersCountedIsLearnedWithTheNextAnswer) {
  QuotaReport others{.reporter = "others", .number = 1, .counts = {}};
  others.counts[Resource::kRequests] = 5;
  ASSERT_TRUE(
      RunBlocking<absl::StatusOr<Day>>(loops_.at(0), [&] { return store_.Add(others, std::nullopt); }).ok());
  quota_.Count(Resource::kRequests, kReportRequests);
  Tick();
  EXPECT_EQ(quota_.Look().used[Resource::kRequests], kReportRequests + 5);
}

TEST_F(QuotaReporterTest, AnOutageOverMidnightLeavesNothingOfTheOldDayToTheNewOne) {
  service_ = Service::kIsAway;
  quota_.Count(Resource::kRequests, kReportRequests);
  Tick();
  quota_.Count(Resource::kRequests, kReportRequests);
  clock_.AdvanceMillis(kDayMillis / 2);
  Tick();
  EXPECT_EQ(quota_.Look().used[Resource::kRequests], 0);
  quota_.Count(Resource::kRequests, 3);
  service_ = Service::kAnswers;
  Wait();
  Tick();
  EXPECT_EQ(Stored(), 3);
}

TEST_F(QuotaReporterTest, TheLastReportTellsAllThatIsLeft) {
  quota_.Count(Resource::kRequests, 2);
  Flush();
  EXPECT_EQ(Stored(), 2);
  Flush();
  EXPECT_EQ(sent_, 2) << "nothing is left to tell";
}

}  // namespace
}  // namespace tidemark::ratelimit
