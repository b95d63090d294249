#include "common/redis/backoff.h"

#include <gtest/gtest.h>

#include <limits>

namespace tidemark::redis {
namespace {

TEST(Backoff, DoublesFromFiftyMillisecondsToOneSecond) {
  EXPECT_EQ(Backoff(1, 1), absl::Milliseconds(50));
  EXPECT_EQ(Backoff(2, 1), absl::Milliseconds(100));
  EXPECT_EQ(Backoff(5, 1), absl::Milliseconds(800));
  EXPECT_EQ(Backoff(6, 1), absl::Seconds(1));
  EXPECT_EQ(Backoff(std::numeric_limits<int>::max(), 1), absl::Seconds(1));
}

TEST(Backoff, JitterTakesUpToHalf) {
  EXPECT_EQ(Backoff(1, 0), absl::Milliseconds(25));
  EXPECT_EQ(Backoff(1, 0.5), absl::Microseconds(37'500));
  EXPECT_EQ(Backoff(9, 0), absl::Milliseconds(500));
}

}  // namespace
}  // namespace tidemark::redis
