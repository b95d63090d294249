#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <stdexcept>

#include "common/redis/test_server.h"
#include "services/sync/storage/redis/redis_user_counter.h"

namespace tidemark::sync {
namespace {

std::string ServerUrl() {
  const char* url = std::getenv("TIDEMARK_TEST_REDIS_URL");
  if (url == nullptr) throw std::runtime_error("TIDEMARK_TEST_REDIS_URL is not set: run this through ./test");
  return url;
}

class RedisUserCounterTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(redis::AwaitConnected(loops_, redis_)); }

  int64_t Add(UserCounter& counter, int64_t day, std::vector<uint64_t> users) {
    const auto count = RunBlocking<absl::StatusOr<int64_t>>(
        loops_.at(0), [&] { return counter.Add(DayNumber{day}, users); });
    EXPECT_TRUE(count.ok()) << count.status();
    return count.value_or(-1);
  }
  // Of this test alone: others use the same server.
  const std::string prefix_ = "test:" + std::to_string(std::random_device()()) + ":";
  EventLoops loops_{1};
  redis::Client redis_{loops_, {.url = ServerUrl(), .command_timeout = absl::Seconds(20)}};
  RedisUserCounter counter_{redis_, prefix_};
  RedisUserCounter other_{redis_, prefix_};
};

TEST_F(RedisUserCounterTest, CountsAUserOnceHoweverOftenAndByWhichProcess) {
  EXPECT_EQ(Add(counter_, 20'000, {1, 2, 3}), 3);
  EXPECT_EQ(Add(other_, 20'000, {3, 2, 4}), 4);
  EXPECT_EQ(Add(counter_, 20'000, {}), 4);
}

TEST_F(RedisUserCounterTest, EachDayBeginsWithNobody) {
  EXPECT_EQ(Add(counter_, 20'000, {1, 2}), 2);
  EXPECT_EQ(Add(counter_, 20'001, {}), 0);
  EXPECT_EQ(Add(counter_, 20'001, {1}), 1);
}

TEST_F(RedisUserCounterTest, TakesMoreUsersAtOnceThanAScriptTakesArguments) {
  std::vector<uint64_t> users;
  for (uint64_t i = 0; i < 20'500; ++i) users.push_back(i * 0x9e3779b97f4a7c15u);
  EXPECT_NEAR(static_cast<double>(Add(counter_, 20'000, users)), 20'500, 20'500 * 0.04);
}

}  // namespace
}  // namespace tidemark::sync
