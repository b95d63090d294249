#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/async/event_loops.h"
#include "common/metrics/metrics.h"
#include "common/status/error.h"
#include "services/ratelimit/engine/engine.h"
#include "services/ratelimit/storage/memory_store.h"

namespace tidemark::ratelimit {
namespace {

using testing::HasSubstr;

constexpr UnixMillis kStart{1'735'689'600'000};

PolicySet Policies() {
  PolicySet policies;
  EXPECT_TRUE(policies.Add({"sync", TokenBucket{10, absl::Hours(4)}}).ok());
  EXPECT_TRUE(policies.Add({"v1_sync", DailyCounter{100}}).ok());
  return policies;
}

class Acquire : public testing::Test {
 protected:
  absl::StatusOr<Decision> Ask(AcquireCommand command) {
    return RunBlocking<absl::StatusOr<Decision>>(loops_.Next(), [&] { return engine_.Acquire(command); });
  }
  Code CodeOf(AcquireCommand command) {
    absl::StatusOr<Decision> taken = Ask(command);
    EXPECT_FALSE(taken.ok());
    return taken.ok() ? Code::kInternal : ErrorInfoOf(taken.status()).code;
  }

  ManualClock clock_{kStart};
  MemoryStore store_{clock_};
  PolicySet policies_ = Policies();
  metrics::Registry registry_;
  DecisionCounters counters_{registry_, policies_};
  Engine engine_{policies_, store_, counters_};
  EventLoops loops_{1};
};

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

}  // namespace
}  // namespace tidemark::ratelimit
