// GetUsage, over memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/sync/engine/test_engine.h"

namespace tidemark::sync {
namespace {

using ratelimit::QuotaState;
using ratelimit::Resource;
using testing::ElementsAre;

class UsageTest : public EngineTest {
 protected:
  absl::StatusOr<UsageAnswer> TryUsage() {
    return Run<absl::StatusOr<UsageAnswer>>([this](Call& call) { return engine_->GetUsage(call); });
  }
  UsageAnswer Usage() {
    absl::StatusOr<UsageAnswer> answer = TryUsage();
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.value_or(UsageAnswer());
  }
  static int64_t Remaining(const UsageAnswer& usage, const std::string& policy) {
    for (const UsageAnswer::Bucket& bucket : usage.buckets) {
      if (bucket.policy == policy) return bucket.seen.remaining;
    }
    return -1;
  }
};

TEST_F(UsageTest, TellsEachOfTheCallersBuckets) {
  Serve({{"sync", 10}, {"check", 60}, {"live", 120}, {"other", 50}, {"push_reserve", 40}, {"v1_sync", 100}});
  Pull({});
  std::vector<std::string> told;
  for (const UsageAnswer::Bucket& bucket : Usage().buckets) {
    told.push_back(bucket.policy + " " + std::to_string(bucket.seen.remaining) + " of " +
                   std::to_string(bucket.seen.limit));
  }
  EXPECT_THAT(told, ElementsAre("sync 9 of 10", "check 60 of 60", "live 120 of 120", "other 49 of 50",
                                "push_reserve 40 of 40", "v1_sync 100 of 100"));
}

TEST_F(UsageTest, TakesFromOtherAndFromNothingElse) {
  Serve({{"sync", 10}, {"other", 2}});
  EXPECT_EQ(Remaining(Usage(), "sync"), 10);
  EXPECT_EQ(Remaining(Usage(), "sync"), 10);
  EXPECT_EQ(CodeOf(TryUsage().status()), "rate_limited");
}

TEST_F(UsageTest, TellsTheDayAlsoWhenItIsUsedUp) {
  ratelimit::Limits limits;
  limits.budgets[Resource::kRequests] = 10;
  limits_.Replace(std::move(limits));
  EXPECT_EQ(Usage().today.state, QuotaState::kOpen);
  EXPECT_EQ(Usage().today.used[Resource::kRequests], 2) << "its own calls";
  quota_.Count(Resource::kRequests, 8);
  const UsageAnswer used_up = Usage();
  EXPECT_EQ(used_up.today.state, QuotaState::kExhausted);
  EXPECT_EQ(used_up.today.since, kNow);
  EXPECT_EQ(used_up.today.reset_after, absl::Hours(24));
}

}  // namespace
}  // namespace tidemark::sync
