#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "services/ratelimit/domain/policy.h"

namespace tidemark::ratelimit {
namespace {

using testing::HasSubstr;

std::string MessageOf(const absl::Status& status) { return std::string(status.message()); }

TEST(PolicySet, FindsAPolicyByItsName) {
  PolicySet policies;
  ASSERT_TRUE(policies.Add({"sync", TokenBucket{10, absl::Hours(4)}}).ok());
  ASSERT_TRUE(policies.Add({"v1_sync", DailyCounter{100}}).ok());
  ASSERT_NE(policies.Find("sync"), nullptr);
  EXPECT_EQ(LimitOf(*policies.Find("sync")), 10);
  EXPECT_EQ(WindowOf(*policies.Find("sync")), absl::Hours(40));
  EXPECT_EQ(LimitOf(*policies.Find("v1_sync")), 100);
  EXPECT_EQ(WindowOf(*policies.Find("v1_sync")), absl::Hours(24));
  EXPECT_EQ(policies.Find("other"), nullptr);
}

TEST(PolicySet, RefusesASecondPolicyOfTheSameName) {
  PolicySet policies;
  ASSERT_TRUE(policies.Add({"sync", DailyCounter{1}}).ok());
  absl::Status second = policies.Add({"sync", DailyCounter{2}});
  EXPECT_EQ(second.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(second), HasSubstr("\"sync\""));
  EXPECT_EQ(LimitOf(*policies.Find("sync")), 1);
}

struct BadPolicy {
  std::string why;
  Policy policy;
};

class PolicyBounds : public testing::TestWithParam<BadPolicy> {};

TEST_P(PolicyBounds, RefusesAndSaysWhy) {
  PolicySet policies;
  absl::Status added = policies.Add(GetParam().policy);
  EXPECT_EQ(added.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(added), HasSubstr(GetParam().why));
  EXPECT_TRUE(policies.all().empty());
}

const int64_t kWindowMaxMillis = absl::ToInt64Milliseconds(kWindowMax);

INSTANTIATE_TEST_SUITE_P(
    OnePastEachEdge, PolicyBounds,
    testing::Values(BadPolicy{"a name is", {"", DailyCounter{1}}},
                    BadPolicy{"a name is", {std::string(65, 'a'), DailyCounter{1}}},
                    BadPolicy{"a name is", {"a:b", DailyCounter{1}}},
                    BadPolicy{"capacity is 0", {"a", TokenBucket{0, absl::Seconds(1)}}},
                    BadPolicy{"refill_interval_ms is 0", {"a", TokenBucket{1, absl::ZeroDuration()}}},
                    BadPolicy{"hundred years",
                              {"a", TokenBucket{kWindowMaxMillis + 1, absl::Milliseconds(1)}}},
                    BadPolicy{"hundred years", {"a", TokenBucket{2, kWindowMax / 2 + absl::Milliseconds(1)}}},
                    BadPolicy{"hundred years", {"a", TokenBucket{INT64_MAX, absl::Milliseconds(INT64_MAX)}}},
                    BadPolicy{"limit is 0", {"a", DailyCounter{0}}},
                    BadPolicy{"limit is", {"a", DailyCounter{kWindowMaxMillis + 1}}}));

TEST(PolicySet, TakesWhatIsJustWithinBounds) {
  PolicySet policies;
  EXPECT_TRUE(policies.Add({std::string(64, 'a'), DailyCounter{1}}).ok());
  EXPECT_TRUE(policies.Add({"many", TokenBucket{kWindowMaxMillis, absl::Milliseconds(1)}}).ok());
  EXPECT_TRUE(policies.Add({"slow", TokenBucket{1, kWindowMax}}).ok());
  EXPECT_TRUE(policies.Add({"daily", DailyCounter{kWindowMaxMillis}}).ok());
}

}  // namespace
}  // namespace tidemark::ratelimit
