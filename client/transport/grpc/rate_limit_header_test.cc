#include <gtest/gtest.h>

#include "client/transport/grpc/rate_limit.h"

namespace tidemark::client {
namespace {

TEST(RateLimitMetadata, SaysWhatIsLeftAndHowItFills) {
  const std::optional<LimitTold> limit = ParseRateLimit(R"("sync";r=9;t=14400)", R"("sync";q=10;w=144000)");
  ASSERT_TRUE(limit);
  EXPECT_EQ(limit->policy, "sync");
  EXPECT_EQ(limit->remaining, 9);
  EXPECT_EQ(limit->limit, 10);
  EXPECT_EQ(limit->reset, absl::Hours(4));
  EXPECT_EQ(limit->window, absl::Hours(40));
}

TEST(RateLimitMetadata, MayHaveParametersThatWeDoNotKnow) {
  EXPECT_TRUE(ParseRateLimit(R"("sync";r=9;t=1;x=5)", R"("sync";q=10;w=1)"));
}

TEST(RateLimitMetadata, OfAnotherFormSaysNothing) {
  constexpr const char* kPolicy = R"("sync";q=10;w=144000)";
  for (const char* limit : {"", "sync;r=9;t=1", R"("sync)", R"("sync")", R"("sync";r=9)", R"("sync";r=;t=1)",
                            R"("sync";r=-1;t=1)", R"("sync" r=9;t=1)", R"("sync";r;t=1)",
                            R"("sync";r=99999999999999999999;t=1)", R"("check";r=9;t=1)"}) {
    EXPECT_FALSE(ParseRateLimit(limit, kPolicy)) << limit;
  }
  EXPECT_FALSE(ParseRateLimit(R"("sync";r=9;t=1)", ""));
  EXPECT_FALSE(ParseRateLimit(R"("sync";r=9;t=1)", R"("sync";q=10)"));
}

}  // namespace
}  // namespace tidemark::client
