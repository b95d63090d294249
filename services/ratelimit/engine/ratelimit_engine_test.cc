#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/async/event_loops.h"
#include "common/metrics/metrics.h"
#include "common/status/error.h"
#include "services/ratelimit/engine/engine.h"
#include "services/ratelimit/storage/memory_quota_store.h"
#include "services/ratelimit/storage/memory_store.h"

namespace tidemark::ratelimit {
namespace {

using testing::HasSubstr;

constexpr UnixMillis kStart{1'735'689'600'000};

Limits SomeLimits() {
  Limits limits;
  EXPECT_TRUE(limits.policies.Add({"sync", TokenBucket{10, absl::Hours(4)}}).ok());
  EXPECT_TRUE(limits.policies.Add({"v1_sync", DailyCounter{100}}).ok());
  limits.budgets[Resource::kRequests] = 100;
  return limits;
}

class EngineTest : public testing::Test {
 protected:
  absl::StatusOr<Decision> Ask(AcquireCommand command) {
    const absl::StatusOr<Acquired> acquired =
        RunBlocking<absl::StatusOr<Acquired>>(loops_.Next(), [&] { return engine_.Acquire(command); });
    if (!acquired.ok()) return acquired.status();
    state_ = acquired->quota_state;
    return acquired->decision;
  }
  absl::StatusOr<std::vector<Decision>> Peek(PeekCommand command) {
    return RunBlocking<absl::StatusOr<std::vector<Decision>>>(loops_.Next(),
                                                              [&] { return engine_.Peek(command); });
  }
  absl::StatusOr<Reported> Report(const std::string& reporter, int64_t number, int64_t requests) {
    ReportCommand command{.report = {.reporter = reporter, .number = number, .counts = {}}};
    command.report.counts[Resource::kRequests] = requests;
    return RunBlocking<absl::StatusOr<Reported>>(loops_.Next(), [&] { return engine_.Report(command); });
  }
  void Tick() {
    RunBlocking<void>(loops_.Next(), [this] { return engine_.Tick(); });
  }
  // The day's, as an ask of now is told.
  QuotaState State() {
    EXPECT_TRUE(Ask({.subject = "user", .policy = "sync", .cost = 0}).ok());
    return state_;
  }
  Code CodeOf(AcquireCommand command) {
    absl::StatusOr<Decision> taken = Ask(command);
    EXPECT_FALSE(taken.ok());
    return taken.ok() ? Code::kInternal : ErrorInfoOf(taken.status()).code;
  }

  ManualClock clock_{kStart};
  MemoryStore store_{clock_};
  MemoryQuotaStore quota_{clock_};
  Versioned<Limits> limits_{SomeLimits()};
  metrics::Registry registry_;
  DecisionCounters counters_{registry_, limits_.Get().policies};
  Engine engine_{limits_, store_, quota_, counters_, clock_};
  EventLoops loops_{1};
  QuotaState state_ = QuotaState::kOpen;
};

using Acquire = EngineTest;

TEST_F(Acquire, TakesFromTheSubjectsBucket) {
  absl::StatusOr<Decision> taken = Ask({.subject = "user", .policy = "sync", .cost = 3});
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_TRUE(taken->allowed);
  EXPECT_EQ(taken->remaining, 7);
}

TEST_F(Acquire, LimitsByTheTimePassed) {
  const UnixMillis long_ago{0};
  ASSERT_TRUE(Ask({.subject = "user", .policy = "sync", .cost = 10, .now = long_ago}).ok());
  EXPECT_FALSE(Ask({.subject = "user", .policy = "sync", .now = long_ago})->allowed);
  EXPECT_TRUE(Ask({.subject = "user", .policy = "sync"})->allowed);
}

TEST_F(Acquire, UnknownPolicyIsNotFound) {
  EXPECT_EQ(CodeOf({.subject = "user", .policy = "nothing"}), Code::kNotFound);
}

TEST_F(Acquire, SubjectsAreBounded) {
  EXPECT_EQ(CodeOf({.subject = "", .policy = "sync"}), Code::kValidation);
  EXPECT_EQ(CodeOf({.subject = std::string(257, 's'), .policy = "sync"}), Code::kValidation);
  EXPECT_TRUE(Ask({.subject = std::string(256, 's'), .policy = "sync"}).ok());
}

TEST_F(Acquire, CostsThatCouldNeverBeTakenAreRefused) {
  EXPECT_EQ(CodeOf({.subject = "user", .policy = "sync", .cost = -1}), Code::kValidation);
  EXPECT_EQ(CodeOf({.subject = "user", .policy = "sync", .cost = 11}), Code::kValidation);
  EXPECT_TRUE(Ask({.subject = "user", .policy = "sync", .cost = 10}).ok());
}

TEST_F(Acquire, TimesAreBoundedSoThatSumsStayExact) {
  const int64_t now_max = kUnixMillisMax - absl::ToInt64Milliseconds(kWindowMax);
  EXPECT_EQ(CodeOf({.subject = "user", .policy = "sync", .now = UnixMillis{-1}}), Code::kValidation);
  EXPECT_EQ(CodeOf({.subject = "user", .policy = "sync", .now = UnixMillis{now_max + 1}}), Code::kValidation);
  EXPECT_TRUE(Ask({.subject = "user", .policy = "sync", .now = UnixMillis{now_max}}).ok());
}

TEST_F(Acquire, TheErrorNamesTheField) {
  absl::StatusOr<Decision> taken = Ask({.subject = "user", .policy = "sync", .cost = 11});
  EXPECT_EQ(ErrorInfoOf(taken.status()).details.pointer, "/cost");
}

TEST_F(Acquire, CountsWhatBecameOfEachAskAndNotLooks) {
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(Ask({.subject = "user", .policy = "sync"}).ok());
  ASSERT_TRUE(Ask({.subject = "user", .policy = "sync", .cost = 0}).ok());
  const std::string text = registry_.Text();
  EXPECT_THAT(text, HasSubstr(R"(tidemark_ratelimit_decisions_total{policy="sync",result="allowed"} 10)"));
  EXPECT_THAT(text, HasSubstr(R"(tidemark_ratelimit_decisions_total{policy="sync",result="limited"} 2)"));
  EXPECT_THAT(text, HasSubstr(R"(tidemark_ratelimit_decisions_total{policy="v1_sync",result="allowed"} 0)"));
}

TEST_F(Acquire, GoesByTheNewestLimits) {
  ASSERT_TRUE(Ask({.subject = "user", .policy = "sync", .cost = 10}).ok());
  Limits changed;
  ASSERT_TRUE(changed.policies.Add({"sync", TokenBucket{20, absl::Hours(1)}}).ok());
  ASSERT_TRUE(changed.policies.Add({"new", DailyCounter{5}}).ok());
  limits_.Replace(std::move(changed));
  counters_.Use(limits_.Get().policies);
  EXPECT_EQ(Ask({.subject = "user", .policy = "sync"})->retry_after, absl::Hours(1));
  EXPECT_EQ(Ask({.subject = "another", .policy = "sync"})->remaining, 19);
  EXPECT_EQ(Ask({.subject = "user", .policy = "new"})->remaining, 4);
  EXPECT_EQ(CodeOf({.subject = "user", .policy = "v1_sync"}), Code::kNotFound);
  EXPECT_THAT(registry_.Text(),
              HasSubstr(R"(tidemark_ratelimit_decisions_total{policy="new",result="allowed"} 1)"));
}

using Peeking = EngineTest;

TEST_F(Peeking, LooksIntoSeveralBucketsAndTakesFromNone) {
  ASSERT_TRUE(Ask({.subject = "user", .policy = "sync", .cost = 3}).ok());
  for (int i = 0; i < 2; ++i) {
    const auto seen = Peek({.subject = "user", .policies = {"v1_sync", "sync"}});
    ASSERT_TRUE(seen.ok()) << seen.status();
    ASSERT_EQ(seen->size(), 2u);
    EXPECT_EQ((*seen)[0].remaining, 100);
    EXPECT_EQ((*seen)[1].remaining, 7);
    EXPECT_EQ((*seen)[1].reset_after, absl::Hours(12));
  }
}

TEST_F(Peeking, IsBounded) {
  const auto code = [this](PeekCommand command) {
    return ErrorInfoOf(Peek(std::move(command)).status()).code;
  };
  EXPECT_EQ(code({.subject = "user", .policies = {}}), Code::kValidation);
  EXPECT_EQ(code({.subject = "user", .policies = std::vector<std::string>(17, "sync")}), Code::kValidation);
  EXPECT_EQ(code({.subject = "", .policies = {"sync"}}), Code::kValidation);
  EXPECT_EQ(code({.subject = "user", .policies = {"sync", "nothing"}}), Code::kNotFound);
}

using Reporting = EngineTest;

TEST_F(Reporting, AddsUpAndTellsTheDay) {
  ASSERT_TRUE(Report("a", 1, 50).ok());
  const absl::StatusOr<Reported> second = Report("b", 1, 41);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->day.counts[Resource::kRequests], 91);
  EXPECT_EQ(second->day.since, kStart);
  EXPECT_EQ(second->quota_state, QuotaState::kReadPaused);
  EXPECT_EQ(Report("b", 1, 41)->day.counts[Resource::kRequests], 91) << "sent again";
}

TEST_F(Reporting, WhoAsksForTokensIsToldTheState) {
  EXPECT_EQ(State(), QuotaState::kOpen);
  ASSERT_TRUE(Report("a", 1, 100).ok());
  EXPECT_EQ(State(), QuotaState::kExhausted);
  clock_.AdvanceMillis(kDayMillis);
  EXPECT_EQ(State(), QuotaState::kOpen) << "the day is over";
}

TEST_F(Reporting, WhatAnotherReplicaWasToldIsKnownAfterATick) {
  QuotaReport report{.reporter = "elsewhere", .number = 1, .counts = {}};
  report.counts[Resource::kRequests] = 95;
  ASSERT_TRUE(
      RunBlocking<absl::StatusOr<Day>>(loops_.Next(), [&] { return quota_.Add(report, std::nullopt); }).ok());
  EXPECT_EQ(State(), QuotaState::kOpen);
  Tick();
  EXPECT_EQ(State(), QuotaState::kReadPaused);
}

TEST_F(Reporting, IsBounded) {
  EXPECT_EQ(ErrorInfoOf(Report(std::string(65, 'r'), 1, 1).status()).code, Code::kValidation);
  EXPECT_EQ(ErrorInfoOf(Report("a", 0, 1).status()).code, Code::kValidation);
  EXPECT_EQ(ErrorInfoOf(Report("a", 1, -1).status()).code, Code::kValidation);
  EXPECT_EQ(ErrorInfoOf(Report("a", 1, kCountMax + 1).status()).details.pointer, "/counts/requests");
}

}  // namespace
}  // namespace tidemark::ratelimit
