#include <gtest/gtest.h>

#include "common/status/error.h"
#include "services/ratelimit/client/limiter.h"

namespace tidemark::ratelimit {
namespace {

const Ask kSync{.subject = "user", .policy = "sync"};

TEST(RateLimitHeaders, AreThoseOfTheDraft) {
  const Decision decision{
      .allowed = true, .remaining = 9, .limit = 10, .reset_after = absl::Hours(4), .window = absl::Hours(40)};
  EXPECT_EQ(RateLimitHeader(kSync, decision), R"("sync";r=9;t=14400)");
  EXPECT_EQ(RateLimitPolicyHeader(kSync, decision), R"("sync";q=10;w=144000)");
}

TEST(RateLimitHeaders, RoundSecondsUp) {
  const Decision decision{.remaining = 0, .limit = 1, .reset_after = absl::Milliseconds(1001)};
  EXPECT_EQ(RateLimitHeader(kSync, decision), R"("sync";r=0;t=2)");
}

TEST(RateLimitedError, CarriesTheWaitAndTheDetail) {
  const Decision refused{.retry_after = absl::Hours(3)};
  const absl::Status status = RateLimitedError(refused, "Daily sync limit reached");
  const ErrorInfo info = ErrorInfoOf(status);
  EXPECT_EQ(info.code, Code::kRateLimited);
  EXPECT_EQ(info.details.retry_after, absl::Hours(3));
  EXPECT_EQ(status.message(), "Daily sync limit reached");
}

}  // namespace
}  // namespace tidemark::ratelimit
