#include "services/ratelimit/storage/fallback_store.h"

#include <gtest/gtest.h>

#include <atomic>

#include "common/async/event_loops.h"
#include "services/ratelimit/storage/memory_store.h"

namespace tidemark::ratelimit {
namespace {

// A store that can be taken away.
class SwitchedStore : public BucketStore {
 public:
  explicit SwitchedStore(BucketStore& behind) : behind_(behind) {}

  Task<absl::StatusOr<Decision>> Take(Policy policy, std::string subject, int64_t cost,
                                      std::optional<UnixMillis> now, Origin origin) override {
    const absl::Status status = status_;
    if (!status.ok()) co_return status;
    absl::StatusOr<Decision> taken = co_await behind_.Take(policy, subject, cost, now, origin);
    co_return taken;
  }
  void Answer(absl::Status status) { status_ = std::move(status); }

 private:
  BucketStore& behind_;
  absl::Status status_;
};

class FallbackStoreTest : public testing::Test {
 protected:
  Decision Ask(int64_t cost) {
    absl::StatusOr<Decision> taken = RunBlocking<absl::StatusOr<Decision>>(
        loops_.Next(), [&] { return store_.Take(sync_, "subject", cost, std::nullopt, Origin()); });
    EXPECT_TRUE(taken.ok()) << taken.status();
    return taken.value_or(Decision());
  }

  const Policy sync_{"sync", TokenBucket{10, absl::Hours(4)}};
  ManualClock clock_{UnixMillis{1'735'689'600'000}};
  MemoryStore shared_{clock_};
  SwitchedStore first_{shared_};
  MemoryStore second_{clock_};
  FallbackStore store_{first_, second_};
  EventLoops loops_{1};
};

TEST_F(FallbackStoreTest, AsksTheFirstWhileItAnswers) {
  EXPECT_EQ(Ask(4).remaining, 6);
  EXPECT_EQ(shared_.size(), 1u);
  EXPECT_EQ(second_.size(), 0u);
}

TEST_F(FallbackStoreTest, LimitsByTheSecondWhileTheFirstIsAway) {
  Ask(4);
  first_.Answer(absl::UnavailableError("gone"));
  EXPECT_EQ(Ask(10).remaining, 0);
  EXPECT_FALSE(Ask(1).allowed);
}

TEST_F(FallbackStoreTest, ReturnsToTheFirstWhenItIsBack) {
  Ask(4);
  first_.Answer(absl::UnavailableError("gone"));
  Ask(10);
  first_.Answer(absl::OkStatus());
  EXPECT_EQ(Ask(1).remaining, 5);
}

TEST_F(FallbackStoreTest, TheLineOfALossNamesTheRequestThatMetIt) {
  first_.Answer(absl::UnavailableError("gone"));
  testing::internal::CaptureStderr();
  (void)RunBlocking<absl::StatusOr<Decision>>(loops_.Next(), [&] {
    return store_.Take(sync_, "subject", 1, std::nullopt, OriginOf("request-1", ""));
  });
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find(R"("event":"bucket_store_lost","request_id":"request-1","trace_id":")"),
            std::string::npos)
      << log;
}

TEST_F(FallbackStoreTest, AnyErrorOfTheFirstIsAnsweredByTheSecond) {
  for (absl::Status error : {absl::DeadlineExceededError("slow"), absl::InternalError("READONLY"),
                             absl::ResourceExhaustedError("full")}) {
    first_.Answer(error);
    EXPECT_TRUE(Ask(1).allowed) << error;
  }
}

}  // namespace
}  // namespace tidemark::ratelimit
