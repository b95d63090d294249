#include <gtest/gtest.h>

#include <optional>

#include "common/redis/test_server.h"
#include "services/ratelimit/storage/fallback_store.h"
#include "services/ratelimit/storage/memory_store.h"
#include "services/ratelimit/storage/redis_store.h"

namespace tidemark::ratelimit {
namespace {

// The stores as main.cc wires them, over a Redis that the test owns.
class RedisOutage : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(redis::AwaitConnected(loops_, redis_)); }

  Decision Ask(int64_t cost) {
    absl::StatusOr<Decision> taken = RunBlocking<absl::StatusOr<Decision>>(
        loops_.Next(), [&] { return store_.Take(sync_, "user", cost, std::nullopt, Origin()); });
    EXPECT_TRUE(taken.ok()) << taken.status();
    return taken.value_or(Decision());
  }

  const Policy sync_{"sync", TokenBucket{10, absl::Hours(4)}};
  ManualClock clock_{UnixMillis{1'735'689'600'000}};
  redis::TestServer server_;
  EventLoops loops_{1};
  redis::Client redis_{loops_, {.url = server_.url(), .command_timeout = absl::Seconds(2)}};
  RedisStore shared_{redis_};
  MemoryStore memory_{clock_};
  FallbackStore store_{shared_, memory_};
};

TEST_F(RedisOutage, StoppedRedisLeavesLimitsStanding) {
  EXPECT_EQ(Ask(4).remaining, 6);
  server_.Stop();
  EXPECT_EQ(Ask(10).remaining, 0);
  EXPECT_FALSE(Ask(1).allowed);
}

TEST_F(RedisOutage, SilentRedisLeavesLimitsStanding) {
  server_.Pause();
  EXPECT_EQ(Ask(10).remaining, 0);
  EXPECT_FALSE(Ask(1).allowed);
  server_.Continue();
}

TEST_F(RedisOutage, RedisIsUsedAgainWhenItIsBack) {
  server_.Stop();
  EXPECT_EQ(Ask(10).remaining, 0);
  server_.Start();
  ASSERT_TRUE(redis::AwaitConnected(loops_, redis_));
  EXPECT_EQ(Ask(1).remaining, 9);
  EXPECT_EQ(server_.Ask({"EXISTS", "bucket:sync:user"}), "1");
}

TEST_F(RedisOutage, RedisThatForgetsItsScriptsIsTaughtAgain) {
  EXPECT_EQ(Ask(4).remaining, 6);
  server_.Ask({"SCRIPT", "FLUSH"});
  EXPECT_EQ(Ask(1).remaining, 5);
  EXPECT_EQ(memory_.size(), 0u);
}

}  // namespace
}  // namespace tidemark::ratelimit
