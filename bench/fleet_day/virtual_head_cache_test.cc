#include "bench/fleet_day/virtual_head_cache.h"

#include <gtest/gtest.h>

#include "common/async/event_loops.h"
#include "services/sync/storage/memory/memory_head_cache.h"

namespace tidemark::fleet {
namespace {

constexpr sync::Head kHead{.high_water = {7}, .live_count = 1, .version_sum = 1, .purged_through = {}};
constexpr int64_t kLifeMillis = 300'000;

class VirtualHeadCacheTest : public testing::Test {
 protected:
  sync::CacheRead Read() {
    return RunBlocking<sync::CacheRead>(loops_.at(0), [this] { return cache_.Read(space_, user_); });
  }
  void Push(sync::Head head) {
    RunBlocking<void>(loops_.at(0), [this, head]() -> Task<void> {
      std::optional<std::string> owner = co_await cache_.Fence(space_, user_, sync::FenceLeaves::kTheHead);
      co_await cache_.Publish(space_, user_, *owner, head);
    });
  }
  void Fill(const sync::CacheRead& read) {
    RunBlocking<void>(loops_.at(0), [&] { return cache_.Fill(space_, user_, *read.lease, kHead); });
  }

  const sync::CacheSpace space_{.epoch = sync::Epoch("e1"), .generation = 1};
  const UserId user_{"ada"};
  ManualClock clock_{UnixMillis{1'772'409'600'000}};
  EventLoops loops_{1};
  sync::MemoryHeadCache memory_{clock_};
  VirtualHeadCache cache_{memory_, clock_, absl::Milliseconds(kLifeMillis)};
};

TEST_F(VirtualHeadCacheTest, AValueIsThereUntilItsTimeIsOverByTheVirtualClock) {
  Fill(Read());
  clock_.AdvanceMillis(kLifeMillis - 1);
  EXPECT_EQ(Read().head, kHead);
  clock_.AdvanceMillis(1);
  const sync::CacheRead read = Read();
  EXPECT_FALSE(read.head);
  EXPECT_TRUE(read.lease) << "and whoever misses it may fill it again";
}

TEST_F(VirtualHeadCacheTest, APushBeginsItsTimeAnewAndAReadDoesNot) {
  Push(kHead);
  clock_.AdvanceMillis(kLifeMillis - 1);
  EXPECT_TRUE(Read().head);
  Push(kHead);
  clock_.AdvanceMillis(kLifeMillis - 1);
  EXPECT_TRUE(Read().head);
  clock_.AdvanceMillis(1);
  EXPECT_FALSE(Read().head);
}

TEST_F(VirtualHeadCacheTest, CountsWhatItAnswers) {
  Fill(Read());
  Read();
  Read();
  EXPECT_EQ(cache_.hits(), 2);
  EXPECT_EQ(cache_.misses(), 1);
}

}  // namespace
}  // namespace tidemark::fleet
