#include "services/sync/storage/near/near_head_cache.h"

#include <gtest/gtest.h>

#include "common/async/event_loops.h"
#include "services/sync/storage/memory/memory_head_announcer.h"
#include "services/sync/storage/memory/memory_head_cache.h"

namespace tidemark::sync {
namespace {

Head At(int64_t high_water) {
  return {.high_water = {high_water}, .live_count = 1, .version_sum = 1, .purged_through = {}};
}

struct CountingListener : HeadListener {
  void Heard(const Announcement&) override { ++heard; }
  void HearsOthers(bool) override { ++hears_others; }
  int heard = 0;
  int hears_others = 0;
};

// Two replicas over one cache, which both have read the head 10.
class NearHeadCacheTest : public testing::Test {
 protected:
  NearHeadCacheTest() {
    Push(near_, At(10));
    EXPECT_EQ(Cached(near_), At(10));
    EXPECT_EQ(Cached(other_), At(10));
  }

  std::optional<Head> Cached(HeadCache& cache) { return CachedIn(cache, space_); }
  std::optional<Head> CachedIn(HeadCache& cache, const CacheSpace& space) {
    return RunBlocking<CacheRead>(loops_.at(0), [&] { return cache.Read(space, user_); }).head;
  }
  void Push(HeadCache& cache, const Head& head) {
    const auto owner = RunBlocking<std::optional<std::string>>(
        loops_.at(0), [&] { return cache.Fence(space_, user_, FenceLeaves::kTheHead); });
    RunBlocking<void>(loops_.at(0), [&] { return cache.Publish(space_, user_, *owner, head); });
  }

  const CacheSpace space_{Epoch("e1"), 1};
  const UserId user_{"00000000-0000-4000-8000-000000000001"};
  EventLoops loops_{1};
  ManualClock clock_{UnixMillis{1'000}};
  AnnouncementBus bus_;
  MemoryHeadAnnouncer announcer_{bus_};
  MemoryHeadAnnouncer other_announcer_{bus_};
  MemoryHeadCache cache_{clock_};
  metrics::Registry registry_;
  NearHeadCache near_{cache_, announcer_, clock_, absl::Milliseconds(50), registry_};
  NearHeadCache other_{cache_, other_announcer_, clock_, absl::Milliseconds(50), registry_};
};

TEST_F(NearHeadCacheTest, AnswersFromMemoryForItsTimeAndNoLonger) {
  Push(cache_, At(11));
  clock_.AdvanceMillis(49);
  EXPECT_EQ(Cached(near_), At(10));
  clock_.AdvanceMillis(1);
  EXPECT_EQ(Cached(near_), At(11));
}

TEST_F(NearHeadCacheTest, ReadsAgainWhereTheClockWasSetBack) {
  Push(cache_, At(11));
  clock_.AdvanceMillis(-1);
  EXPECT_EQ(Cached(near_), At(11));
}

TEST_F(NearHeadCacheTest, ForgetsWhatAPushThroughItReplaces) {
  Push(near_, At(11));
  EXPECT_EQ(Cached(near_), At(11));
}

TEST_F(NearHeadCacheTest, ForgetsWhatAnotherReplicaAnnounces) {
  Push(other_, At(11));
  EXPECT_EQ(Cached(near_), At(10));
  other_.Announce({user_, space_.epoch, At(11)});
  EXPECT_EQ(Cached(near_), At(11));
}

TEST_F(NearHeadCacheTest, AnswersNoOtherGeneration) {
  EXPECT_EQ(CachedIn(near_, {space_.epoch, space_.generation + 1}), std::nullopt);
}

TEST_F(NearHeadCacheTest, CountsItsHitsAndMisses) {
  const auto counted = [this](const std::string& result, int count) {
    return registry_.Text().find("tidemark_head_cache_reads_total{result=\"" + result + "\",tier=\"near\"} " +
                                 std::to_string(count) + "\n") != std::string::npos;
  };
  // Both replicas have read once.
  EXPECT_TRUE(counted("miss", 2));
  EXPECT_TRUE(counted("hit", 0));
  Cached(near_);
  EXPECT_TRUE(counted("hit", 1));
  clock_.AdvanceMillis(50);
  Cached(near_);
  EXPECT_TRUE(counted("miss", 3));
}

TEST_F(NearHeadCacheTest, PassesAnnouncementsOnToItsListener) {
  CountingListener listener;
  near_.Listen(&listener);
  EXPECT_GT(listener.hears_others, 0);
  other_.Announce({user_, space_.epoch, At(11)});
  EXPECT_EQ(listener.heard, 1);
  near_.Listen(nullptr);
  other_.Announce({user_, space_.epoch, At(12)});
  EXPECT_EQ(listener.heard, 1);
}

}  // namespace
}  // namespace tidemark::sync
