#include "services/ratelimit/storage/memory_store.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "services/ratelimit/storage/bucket_store_contract.h"

namespace tidemark::ratelimit {
namespace {

constexpr UnixMillis kStart{1'735'700'000'000};

class MemoryUnderTest : public StoreUnderTest {
 public:
  EventLoops& loops() override { return loops_; }
  BucketStore& store() override { return store_; }

 private:
  ManualClock clock_{kStart};
  MemoryStore store_{clock_};
  EventLoops loops_{4};
};

INSTANTIATE_TEST_SUITE_P(Memory, BucketStoreContract,
                         testing::Values(+[]() -> std::unique_ptr<StoreUnderTest> {
                           return std::make_unique<MemoryUnderTest>();
                         }));

class BoundedMemoryStore : public testing::Test {
 protected:
  Decision Ask(const Policy& policy, const std::string& subject, int64_t cost) {
    return *RunBlocking<absl::StatusOr<Decision>>(
        loops_.Next(), [&] { return store_.Take(policy, subject, cost, std::nullopt, Origin()); });
  }

  const Policy slow_{"slow", TokenBucket{10, absl::Hours(1)}};
  ManualClock clock_{kStart};
  MemoryStore store_{clock_, 3};
  EventLoops loops_{1};
};

TEST_F(BoundedMemoryStore, ForgetsWhatWouldBeFullFirst) {
  Ask(slow_, "a", 5);
  Ask(slow_, "b", 2);
  Ask(slow_, "c", 9);
  Ask(slow_, "d", 4);
  EXPECT_EQ(store_.size(), 3u);
  EXPECT_EQ(Ask(slow_, "a", 0).remaining, 5);
  EXPECT_EQ(Ask(slow_, "b", 0).remaining, 10);
  EXPECT_EQ(Ask(slow_, "c", 0).remaining, 1);
  EXPECT_EQ(Ask(slow_, "d", 0).remaining, 6);
}

TEST_F(BoundedMemoryStore, ABucketTakenFromAgainMovesBack) {
  Ask(slow_, "a", 1);
  Ask(slow_, "b", 2);
  Ask(slow_, "c", 3);
  Ask(slow_, "a", 8);
  Ask(slow_, "d", 4);
  EXPECT_EQ(Ask(slow_, "a", 0).remaining, 1);
  EXPECT_EQ(Ask(slow_, "b", 0).remaining, 10);
}

TEST_F(BoundedMemoryStore, LooksAndRefusalsTakeNoRoom) {
  Ask(slow_, "a", 10);
  for (int i = 0; i < 100; ++i) {
    Ask(slow_, "subject-" + std::to_string(i), 0);
    Ask(slow_, "a", 1);
  }
  EXPECT_EQ(store_.size(), 1u);
}

TEST_F(BoundedMemoryStore, ItsOwnClockRefills) {
  Ask(slow_, "a", 10);
  clock_.AdvanceMillis(3'600'000);
  EXPECT_TRUE(Ask(slow_, "a", 1).allowed);
  EXPECT_FALSE(Ask(slow_, "a", 1).allowed);
}

}  // namespace
}  // namespace tidemark::ratelimit
