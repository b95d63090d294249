#include "services/sync/storage/metered/metered_head_cache.h"

#include <gtest/gtest.h>

#include "common/async/event_loops.h"
#include "common/clock/clock.h"
#include "services/sync/storage/memory/memory_head_cache.h"

namespace tidemark::sync {
namespace {

class MeteredHeadCacheTest : public testing::Test {
 protected:
  template <typename T>
  T Run(std::function<Task<T>()> body) {
    return RunBlocking<T>(loops_.at(0), std::move(body));
  }
  static Head At(int64_t high_water) {
    return {.high_water = {high_water}, .live_count = 1, .version_sum = 1, .purged_through = {}};
  }
  // As another process does, whose cache is on.
  CacheRead ReadElsewhere() {
    return Run<CacheRead>([this] { return cache_.Read(space_, user_); });
  }
  CacheRead Read() {
    return Run<CacheRead>([this] { return metered_.Read(space_, user_); });
  }
  std::string Fence() {
    return *Run<std::optional<std::string>>(
        [this] { return metered_.Fence(space_, user_, FenceLeaves::kTheHead); });
  }
  void Publish(const std::string& owner, int64_t high_water) {
    Run<void>([&] { return metered_.Publish(space_, user_, owner, At(high_water)); });
  }
  void Cache(int64_t high_water) {
    const CacheRead read = Read();
    ASSERT_TRUE(read.lease);
    Run<void>([&] { return metered_.Fill(space_, user_, *read.lease, At(high_water)); });
  }

  const CacheSpace space_{.epoch = Epoch("e1"), .generation = 1};
  const UserId user_{"ada"};
  ManualClock clock_{UnixMillis{1'735'689'600'000}};
  EventLoops loops_{1};
  MemoryHeadCache cache_{clock_};
  bool off_ = false;
  int reads_ = 0;
  int writes_ = 0;
  MeteredHeadCache metered_{cache_,
                            {.is_off = [this] { return off_; },
                             .count_read = [this] { ++reads_; },
                             .count_write = [this] { ++writes_; }}};
};

TEST_F(MeteredHeadCacheTest, CountsReadsAndWritesOfHeadsAndNoFences) {
  Cache(1);
  EXPECT_EQ(Read().head, At(1));
  EXPECT_EQ(reads_, 2);
  EXPECT_EQ(writes_, 1);
  const std::string owner = Fence();
  EXPECT_EQ(writes_, 1);
  Publish(owner, 2);
  EXPECT_EQ(writes_, 2);
  EXPECT_EQ(ReadElsewhere().head, At(2));
}

TEST_F(MeteredHeadCacheTest, OffItIsNotReadAndNothingIsCounted) {
  Cache(1);
  off_ = true;
  const CacheRead read = Read();
  EXPECT_FALSE(read.head);
  EXPECT_FALSE(read.lease) << "so nothing is filled either";
  EXPECT_EQ(reads_, 1);
}

TEST_F(MeteredHeadCacheTest, APushWhileItIsOffTakesTheOldHeadAwayAndWritesNone) {
  Cache(1);
  off_ = true;
  Publish(Fence(), 2);
  EXPECT_EQ(writes_, 1);
  EXPECT_FALSE(ReadElsewhere().head) << "neither the old nor the new one";
}

TEST_F(MeteredHeadCacheTest, WhatNobodyPushedToIsStillTrueWhenItIsOnAgain) {
  Cache(1);
  off_ = true;
  EXPECT_FALSE(Read().head);
  off_ = false;
  EXPECT_EQ(Read().head, At(1));
}

// Of two replicas one has learned already that the budget is used up.
TEST_F(MeteredHeadCacheTest, APushThatSharesItsFenceWithOneOfAnOpenCacheLeavesNoOlderHead) {
  const std::string elsewhere =
      *Run<std::optional<std::string>>([this] { return cache_.Fence(space_, user_, FenceLeaves::kTheHead); });
  off_ = true;
  const std::string owner = Fence();
  Run<void>([&] { return cache_.Publish(space_, user_, elsewhere, At(1)); });
  Publish(owner, 2);
  EXPECT_FALSE(ReadElsewhere().head);
}

TEST_F(MeteredHeadCacheTest, SwitchedOffDuringAPushItLeavesTheNewHead) {
  Cache(1);
  const std::string owner = Fence();
  off_ = true;
  Publish(owner, 2);
  EXPECT_EQ(ReadElsewhere().head, At(2)) << "true, so it may be told";
}

TEST_F(MeteredHeadCacheTest, SwitchedOnDuringAPushItLeavesNothing) {
  off_ = true;
  const std::string owner = Fence();
  off_ = false;
  Publish(owner, 2);
  EXPECT_FALSE(ReadElsewhere().head);
}

}  // namespace
}  // namespace tidemark::sync
