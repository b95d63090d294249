#include "services/sync/storage/counted/counted_head_cache.h"

#include <gtest/gtest.h>

#include "common/async/event_loops.h"
#include "services/sync/storage/memory/memory_head_cache.h"

namespace tidemark::sync {
namespace {

class CountedHeadCacheTest : public testing::Test {
 protected:
  CacheRead Read() {
    return RunBlocking<CacheRead>(loops_.at(0), [this] { return counted_.Read(space_, user_); });
  }
  void Push(Head head) {
    RunBlocking<void>(loops_.at(0), [this, head]() -> Task<void> {
      std::optional<std::string> owner = co_await counted_.Fence(space_, user_, FenceLeaves::kTheHead);
      co_await counted_.Publish(space_, user_, *owner, head);
    });
  }

  const CacheSpace space_{.epoch = Epoch("e1"), .generation = 1};
  const UserId user_{"ada"};
  ManualClock clock_{UnixMillis{1'735'689'600'000}};
  EventLoops loops_{1};
  MemoryHeadCache cache_{clock_};
  vitals::HitShare share_{clock_};
  CountedHeadCache counted_{cache_, share_};
};

TEST_F(CountedHeadCacheTest, AReadIsAHitWhereItFindsAHead) {
  EXPECT_TRUE(Read().lease) << "nothing is there, and the reader may fill it";
  Push({.high_water = {7}, .live_count = 1, .version_sum = 1, .purged_through = {}});
  EXPECT_TRUE(Read().head);
  EXPECT_TRUE(Read().head);
  EXPECT_EQ(share_.InLastHour().all, 3);
  EXPECT_EQ(share_.InLastHour().hits, 2);
}

TEST_F(CountedHeadCacheTest, WhatTheCacheBehindItGivesAndTakesPassesThrough) {
  const CacheRead read = Read();
  const Head head{.high_water = {7}, .live_count = 1, .version_sum = 1, .purged_through = {}};
  RunBlocking<void>(loops_.at(0), [&] { return counted_.Fill(space_, user_, *read.lease, head); });
  EXPECT_EQ(Read().head, head);
  RunBlocking<void>(loops_.at(0), [&]() -> Task<void> {
    std::optional<std::string> owner = co_await counted_.Fence(space_, user_, FenceLeaves::kTheHead);
    EXPECT_FALSE((co_await counted_.Read(space_, user_)).head) << "behind the fence";
    co_await counted_.Unfence(space_, user_, *owner);
  });
}

}  // namespace
}  // namespace tidemark::sync
