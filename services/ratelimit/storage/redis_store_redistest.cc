#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>

#include "common/redis/test_server.h"
#include "services/ratelimit/storage/bucket_store_contract.h"
#include "services/ratelimit/storage/redis_store.h"

namespace tidemark::ratelimit {
namespace {

std::string RedisUrl() {
  const char* url = std::getenv("TIDEMARK_TEST_REDIS_URL");
  return url == nullptr ? "TIDEMARK_TEST_REDIS_URL is not set: run this through ./test" : url;
}

// Four loops are four connections.
class RedisUnderTest : public StoreUnderTest {
 public:
  RedisUnderTest() {
    if (!redis::AwaitConnected(loops_, redis_)) throw std::runtime_error("no Redis at " + RedisUrl());
  }
  EventLoops& loops() override { return loops_; }
  BucketStore& store() override { return store_; }
  redis::Client& redis() { return redis_; }

 private:
  EventLoops loops_{4};
  redis::Client redis_{loops_, {.url = RedisUrl(), .command_timeout = absl::Seconds(20)}};
  RedisStore store_{redis_};
};

INSTANTIATE_TEST_SUITE_P(Redis, BucketStoreContract,
                         testing::Values(+[]() -> std::unique_ptr<StoreUnderTest> {
                           return std::make_unique<RedisUnderTest>();
                         }));

class RedisStoreExpiry : public testing::Test {
 protected:
  int64_t MillisToLive(const std::string& key) {
    absl::StatusOr<redis::Reply> reply =
        RunBlocking<absl::StatusOr<redis::Reply>>(redis_.loops().Next(), [&] {
          return redis_.redis().Command({"PTTL", key});
        });
    EXPECT_TRUE(reply.ok()) << reply.status();
    return reply.ok() ? reply->integer : 0;
  }

  const Policy sync_{"sync", TokenBucket{10, absl::Hours(4)}};
  const std::string subject_ = absl::StrCat("expiry-", absl::Hex(std::random_device()()));
  const std::string key_ = "bucket:sync:" + subject_;
  RedisUnderTest redis_;
};

TEST_F(RedisStoreExpiry, ABucketExpiresWhenItWouldBeFull) {
  const Decision decision = *redis_.Take(sync_, subject_, 2, std::nullopt);
  EXPECT_EQ(decision.reset_after, absl::Hours(8));
  const int64_t left = MillisToLive(key_);
  EXPECT_LE(left, absl::ToInt64Milliseconds(decision.reset_after));
  EXPECT_GT(left, absl::ToInt64Milliseconds(decision.reset_after - absl::Minutes(1)));
}

TEST_F(RedisStoreExpiry, ACounterExpiresWithItsDay) {
  const Policy daily{"sync", DailyCounter{100}};
  const Decision decision = *redis_.Take(daily, subject_, 1, std::nullopt);
  EXPECT_LE(MillisToLive(key_), absl::ToInt64Milliseconds(decision.reset_after));
  EXPECT_GT(MillisToLive(key_), 0);
}

TEST_F(RedisStoreExpiry, LooksAndRefusalsLeaveNothingBehind) {
  EXPECT_TRUE(redis_.Take(sync_, subject_, 0, std::nullopt)->allowed);
  EXPECT_FALSE(redis_.Take(sync_, subject_, 11, std::nullopt)->allowed);
  EXPECT_EQ(MillisToLive(key_), -2);
}

TEST_F(RedisStoreExpiry, APassedTimeOutlivesShortIntervalsOnRedisClock) {
  const Policy fast{"sync", TokenBucket{10, absl::Milliseconds(1)}};
  ASSERT_TRUE(redis_.Take(fast, subject_, 10, UnixMillis{1000}).ok());
  EXPECT_GT(MillisToLive(key_), 3'000'000);
}

}  // namespace
}  // namespace tidemark::ratelimit
