#include <cstdlib>

#include "common/redis/test_server.h"
#include "services/sync/storage/head_cache_rules_contract.h"
#include "services/sync/storage/redis/redis_head_cache.h"

namespace tidemark::sync {
namespace {

std::string SharedRedisUrl() {
  const char* url = std::getenv("TIDEMARK_TEST_REDIS_URL");
  return url == nullptr ? "" : url;
}

class RedisHeadCacheUnderTest : public HeadCacheUnderTest {
 public:
  RedisHeadCacheUnderTest(const std::string& url, absl::Duration cold)
      : redis_(loops_, {.url = url}), cache_(redis_, random_, registry_, {.cold = cold}) {
    EXPECT_TRUE(Connected());
  }
  EventLoops& loops() override { return loops_; }
  HeadCache& cache() override { return cache_; }

  void Lose(const CacheSpace& space, const UserId& user) override {
    Ask({"DEL", Prefix(space) + user.value(), Prefix(space) + "warm_at"});
  }
  void Warm(const CacheSpace& space) override { Ask({"SET", Prefix(space) + "warm_at", "0"}); }

  bool Connected() { return redis::AwaitConnected(loops_, redis_); }

 private:
  void Ask(std::vector<std::string> command) {
    const auto reply =
        RunBlocking<absl::StatusOr<redis::Reply>>(loops_.at(0), [&] { return redis_.Command(command); });
    EXPECT_TRUE(reply.ok()) << reply.status();
  }
  std::string Prefix(const CacheSpace& space) {
    const std::string run_id =
        RunBlocking<std::string>(loops_.at(0), [&]() -> Task<std::string> { co_return redis_.run_id(); });
    return absl::StrCat("head:", run_id, ":", space.generation, ":", space.epoch.value(), ":");
  }

  EventLoops loops_{1};
  redis::Client redis_;
  SystemRandom random_;
  metrics::Registry registry_;
  RedisHeadCache cache_;
};

const auto kRedis = testing::Values(+[](absl::Duration cold) -> std::unique_ptr<HeadCacheUnderTest> {
  return std::make_unique<RedisHeadCacheUnderTest>(SharedRedisUrl(), cold);
});
INSTANTIATE_TEST_SUITE_P(Redis, HeadCacheContract, kRedis);
INSTANTIATE_TEST_SUITE_P(Redis, ColdHeadCacheContract, kRedis);
INSTANTIATE_TEST_SUITE_P(Redis, HeadCacheRulesContract, kRedis);

class RedisHeadCacheTest : public testing::Test {
 protected:
  redis::TestServer server_;
  RedisHeadCacheUnderTest cache_{server_.url(), absl::ZeroDuration()};
  const CacheSpace space_{Epoch("e1"), 1};
  const UserId user_{"00000000-0000-4000-8000-000000000001"};

  std::string Key() {
    const std::string key = server_.Ask({"RANDOMKEY"});
    return key.ends_with("warm_at") ? Key() : key;
  }
  int64_t MillisToLive() { return std::stoll(server_.Ask({"PTTL", Key()})); }
};

TEST_F(RedisHeadCacheTest, ValuesLeasesAndFencesExpire) {
  const CacheRead read = cache_.Read(space_, user_);
  EXPECT_GT(MillisToLive(), 4'000);
  EXPECT_LE(MillisToLive(), 5'000);
  cache_.Fill(space_, user_, *read.lease, HeadAt(10));
  EXPECT_GT(MillisToLive(), 23 * 3'600'000);
  EXPECT_LE(MillisToLive(), 24 * 3'600'000);
  const std::optional<std::string> owner = cache_.Fence(space_, user_);
  EXPECT_GT(MillisToLive(), 59'000);
  EXPECT_LE(MillisToLive(), 60'000);
  cache_.Publish(space_, user_, *owner, HeadAt(11));
  EXPECT_GT(MillisToLive(), 23 * 3'600'000);
}

TEST_F(RedisHeadCacheTest, ARestartedRedisStartsCold) {
  const std::optional<std::string> owner = cache_.Fence(space_, user_);
  cache_.Publish(space_, user_, *owner, HeadAt(10));
  const std::string key = Key();
  const std::string dump = server_.Ask({"GET", key});
  server_.Stop();
  server_.Start();
  // As a replica that was promoted would have it.
  server_.Ask({"SET", key, dump});
  ASSERT_TRUE(cache_.Connected());
  EXPECT_EQ(cache_.Read(space_, user_).head, std::nullopt);
}

TEST_F(RedisHeadCacheTest, WhileRedisIsAwayReadsAreEmptyAndPushesKnowThatTheyHaveNoFence) {
  const std::optional<std::string> owner = cache_.Fence(space_, user_);
  const CacheRead before = cache_.Read(space_, UserId("00000000-0000-4000-8000-000000000002"));
  server_.Stop();
  const CacheRead read = cache_.Read(space_, user_);
  EXPECT_FALSE(read.head);
  EXPECT_FALSE(read.lease);
  EXPECT_FALSE(cache_.Fence(space_, user_));
  cache_.Publish(space_, user_, *owner, HeadAt(10));
  cache_.Fill(space_, UserId("00000000-0000-4000-8000-000000000002"), *before.lease, HeadAt(10));
  cache_.Unfence(space_, user_, *owner);
}

TEST_F(RedisHeadCacheTest, WorksAgainWhenRedisIsBack) {
  server_.Stop();
  EXPECT_FALSE(cache_.Fence(space_, user_));
  server_.Start();
  ASSERT_TRUE(cache_.Connected());
  const std::optional<std::string> owner = cache_.Fence(space_, user_);
  ASSERT_TRUE(owner);
  cache_.Publish(space_, user_, *owner, HeadAt(10));
  EXPECT_EQ(cache_.Read(space_, user_).head, HeadAt(10));
}

TEST_F(RedisHeadCacheTest, AFlushLosesWhatSaysThatItIsWarm) {
  RedisHeadCacheUnderTest cold(server_.url(), absl::Hours(1));
  cold.Warm(space_);
  cold.Publish(space_, user_, *cold.Fence(space_, user_), HeadAt(10));
  EXPECT_EQ(cold.Read(space_, user_).head, HeadAt(10));
  server_.Ask({"FLUSHALL"});
  EXPECT_FALSE(cold.Read(space_, user_).lease);
}

}  // namespace
}  // namespace tidemark::sync
