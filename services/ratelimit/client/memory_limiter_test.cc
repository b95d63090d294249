#include "services/ratelimit/client/memory_limiter.h"

#include <gtest/gtest.h>

#include "common/async/event_loops.h"

namespace tidemark::ratelimit {
namespace {

class MemoryLimiterTest : public testing::Test {
 protected:
  MemoryLimiterTest() { EXPECT_TRUE(policies_.Add({"sync", TokenBucket{2, absl::Hours(4)}}).ok()); }

  Decision Ask(MemoryLimiter& limiter) {
    return RunBlocking<Decision>(loops_.Next(), [&] {
      return limiter.Acquire({.subject = "user", .policy = "sync"}, {.request_id = "request"});
    });
  }

  PolicySet policies_;
  ManualClock clock_{UnixMillis{1'735'689'600'000}};
  EventLoops loops_{1};
};

TEST_F(MemoryLimiterTest, LimitsOnTheInjectedClock) {
  MemoryLimiter limiter(policies_, clock_);
  EXPECT_TRUE(Ask(limiter).allowed);
  EXPECT_TRUE(Ask(limiter).allowed);
  EXPECT_EQ(Ask(limiter).retry_after, absl::Hours(4));
  clock_.AdvanceMillis(4 * 3'600'000);
  EXPECT_TRUE(Ask(limiter).allowed);
}

}  // namespace
}  // namespace tidemark::ratelimit
