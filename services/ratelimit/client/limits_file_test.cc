#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "services/ratelimit/client/policies.h"

namespace tidemark::ratelimit {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Limits Profile(const std::string& name) {
  absl::StatusOr<Limits> limits =
      LoadLimits(std::string(TIDEMARK_CONFIG_DIR) + "/limits-" + name + ".textproto");
  EXPECT_TRUE(limits.ok()) << limits.status();
  return limits.value_or(Limits());
}

// SPEC 7.
class DocumentedProfile : public testing::TestWithParam<std::string> {};

TEST_P(DocumentedProfile, HoldsTheNumbersOfTheSpec) {
  const PolicySet policies = Profile(GetParam()).policies;
  auto expect_bucket = [&](const std::string& name, int64_t capacity, absl::Duration interval) {
    const auto* bucket = std::get_if<TokenBucket>(&PolicyNamed(policies, name).kind);
    ASSERT_NE(bucket, nullptr) << name;
    EXPECT_EQ(bucket->capacity, capacity) << name;
    EXPECT_EQ(bucket->refill_interval, interval) << name;
  };
  expect_bucket("sync", 10, absl::Hours(4));
  expect_bucket("check", 60, absl::Minutes(1));
  expect_bucket("live", 120, absl::Seconds(30));
  expect_bucket("other", 60, absl::Seconds(1));
  expect_bucket("push_reserve", 60, absl::Minutes(4));
  expect_bucket("login", 10, absl::Minutes(1));
  expect_bucket("register", 20, absl::Minutes(1));
  const auto* counter = std::get_if<DailyCounter>(&PolicyNamed(policies, "v1_sync").kind);
  ASSERT_NE(counter, nullptr);
  EXPECT_EQ(counter->limit, 100);
  EXPECT_EQ(policies.all().size(), kPolicyNames.size());
}

INSTANTIATE_TEST_SUITE_P(Profiles, DocumentedProfile, testing::Values("final", "v1", "free-tier"));

TEST(DevProfile, NeverStandsInTheWayOfADeveloper) {
  const PolicySet policies = Profile("dev").policies;
  for (const auto& [name, policy] : policies.all()) EXPECT_GE(LimitOf(policy), 100'000) << name;
}

// SPEC 8.
TEST(FreeTierProfile, HoldsTheBudgetsOfTheSpec) {
  const Budgets budgets = Profile("free-tier").budgets;
  EXPECT_EQ(budgets[Resource::kRequests], 100'000);
  EXPECT_EQ(budgets[Resource::kDatabaseReads], 5'000'000);
  EXPECT_EQ(budgets[Resource::kDatabaseWrites], 100'000);
  EXPECT_EQ(budgets[Resource::kCacheReads], 100'000);
  EXPECT_EQ(budgets[Resource::kCacheWrites], 1'000);
}

TEST(OtherProfiles, BoundNoDay) {
  for (const char* name : {"dev", "v1", "final"}) EXPECT_EQ(Profile(name).budgets, Budgets()) << name;
}

// A limits file written by the test.
class LimitsFile : public testing::Test {
 protected:
  std::string ErrorOf(const std::string& text) {
    std::ofstream(path_) << text;
    absl::StatusOr<Limits> limits = LoadLimits(path_);
    EXPECT_EQ(limits.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(limits.status().message());
  }

  const std::string path_ =
      testing::TempDir() + testing::UnitTest::GetInstance()->current_test_info()->name() + ".textproto";
};

TEST_F(LimitsFile, MissingFileIsNamed) {
  absl::StatusOr<Limits> limits = LoadLimits("/nowhere/limits.textproto");
  EXPECT_EQ(limits.status().message(), "/nowhere/limits.textproto: cannot be read");
}

TEST_F(LimitsFile, SyntaxErrorNamesItsLine) {
  EXPECT_THAT(ErrorOf("policies {\n  name: \"sync\"\n  burst: 3\n}\n"), StartsWith(path_ + ":3:"));
}

TEST_F(LimitsFile, ValueOutOfBoundsNamesThePolicysLine) {
  const std::string error = ErrorOf(
      "policies { name: \"a\" daily_counter { limit: 1 } }\n"
      "policies {\n  name: \"b\"\n  token_bucket { capacity: 0 refill_interval_ms: 1 }\n}\n");
  EXPECT_THAT(error, StartsWith(path_ + ":2: policy \"b\": capacity is 0"));
}

TEST_F(LimitsFile, NameTwiceNamesTheSecondLine) {
  const std::string error = ErrorOf(
      "policies { name: \"a\" daily_counter { limit: 1 } }\n"
      "policies { name: \"a\" daily_counter { limit: 2 } }\n");
  EXPECT_THAT(error, StartsWith(path_ + ":2: policy \"a\" is there already"));
}

TEST_F(LimitsFile, PolicyOfNoKindIsRefused) {
  EXPECT_THAT(ErrorOf("policies { name: \"a\" }\n"), HasSubstr(":1: policy \"a\": neither"));
}

TEST_F(LimitsFile, APolicyOfTheSpecMayNotBeMissing) {
  EXPECT_THAT(ErrorOf("policies { name: \"check\" daily_counter { limit: 1 } }\n"), HasSubstr("\"live\""));
}

TEST_F(LimitsFile, ABudgetOfNothingIsRefusedWithItsLine) {
  EXPECT_THAT(ErrorOf("policies { name: \"a\" daily_counter { limit: 1 } }\nbudgets {\n  requests: 0\n}\n"),
              HasSubstr(":2: budget requests is 0"));
}

class ReloadedLimits : public LimitsFile {
 protected:
  void Write(int64_t sync_capacity) {
    std::ofstream file(path_);
    for (const std::string_view name : kPolicyNames) {
      file << "policies { name: \"" << name << "\" token_bucket { capacity: " << sync_capacity
           << " refill_interval_ms: 1000 } }\n";
    }
  }
  int64_t SyncCapacity() { return LimitOf(PolicyNamed(limits_.Get().policies, "sync")); }
  Limits Loaded() {
    Write(10);
    return *LoadLimits(path_);
  }

  Versioned<Limits> limits_{Loaded()};
};

TEST_F(ReloadedLimits, AreTheFilesNewOnes) {
  Write(20);
  ReloadLimits(path_, limits_);
  EXPECT_EQ(SyncCapacity(), 20);
}

TEST_F(ReloadedLimits, StayTheOldOnesWhereTheFileIsBadOrGone) {
  std::ofstream(path_) << "policies { name: \"sync\" }\n";
  ReloadLimits(path_, limits_);
  EXPECT_EQ(SyncCapacity(), 10);
  std::remove(path_.c_str());
  ReloadLimits(path_, limits_);
  EXPECT_EQ(SyncCapacity(), 10);
}

using LimitsFileDeathTest = LimitsFile;

TEST_F(LimitsFileDeathTest, AskingForAnUnknownPolicyIsABug) {
  EXPECT_DEATH(PolicyNamed(PolicySet(), "nothing"), "unknown_policy");
}

}  // namespace
}  // namespace tidemark::ratelimit
