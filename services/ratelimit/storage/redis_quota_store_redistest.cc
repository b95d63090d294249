#include <cstdlib>
#include <stdexcept>

#include "common/redis/test_server.h"
#include "services/ratelimit/storage/quota_store_contract.h"
#include "services/ratelimit/storage/redis_quota_store.h"

namespace tidemark::ratelimit {
namespace {

std::string RedisUrl() {
  const char* url = std::getenv("TIDEMARK_TEST_REDIS_URL");
  return url == nullptr ? "TIDEMARK_TEST_REDIS_URL is not set: run this through ./test" : url;
}

class RedisQuotaStoreUnderTest : public QuotaStoreUnderTest {
 public:
  RedisQuotaStoreUnderTest() {
    if (!redis::AwaitConnected(loops_, redis_)) throw std::runtime_error("no Redis at " + RedisUrl());
  }
  EventLoops& loops() override { return loops_; }
  QuotaStore& store() override { return store_; }
  int64_t MillisToLive() {
    const absl::StatusOr<redis::Reply> reply =
        RunBlocking<absl::StatusOr<redis::Reply>>(loops_.Next(), [this] {
          return redis_.Command({"PTTL", key_});
        });
    return reply.ok() ? reply->integer : 0;
  }

 private:
  const std::string key_ = absl::StrCat("quota:", absl::Hex(std::random_device()()));
  EventLoops loops_{4};
  redis::Client redis_{loops_, {.url = RedisUrl(), .command_timeout = absl::Seconds(20)}};
  RedisQuotaStore store_{redis_, key_};
};

INSTANTIATE_TEST_SUITE_P(Redis, QuotaStoreContract,
                         testing::Values(+[]() -> std::unique_ptr<QuotaStoreUnderTest> {
                           return std::make_unique<RedisQuotaStoreUnderTest>();
                         }));

TEST(RedisQuotaStore, ADayIsForgottenAfterItsEnd) {
  RedisQuotaStoreUnderTest redis;
  const QuotaReport report{.reporter = "a", .number = 1, .counts = {}};
  ASSERT_TRUE(RunBlocking<absl::StatusOr<Day>>(redis.loops().Next(), [&] {
                return redis.store().Add(report, std::nullopt);
              }).ok());
  EXPECT_GT(redis.MillisToLive(), kDayMillis);
  EXPECT_LE(redis.MillisToLive(), 2 * kDayMillis);
}

TEST(RedisQuotaStore, AReadingLeavesNothingBehind) {
  RedisQuotaStoreUnderTest redis;
  ASSERT_TRUE(RunBlocking<absl::StatusOr<Day>>(redis.loops().Next(), [&] {
                return redis.store().Add(QuotaReport(), std::nullopt);
              }).ok());
  EXPECT_EQ(redis.MillisToLive(), -2);
}

}  // namespace
}  // namespace tidemark::ratelimit
