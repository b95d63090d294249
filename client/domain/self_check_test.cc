#include "client/domain/self_check.h"

#include <gtest/gtest.h>

#include <string>

namespace tidemark::client {
namespace {

constexpr UnixMillis kNow{10 * 60 * 60 * 1000};

Replica Holding(int64_t count, int64_t version_sum) {
  Replica replica;
  replica.live_count = count;
  replica.version_sum = version_sum;
  return replica;
}

TEST(Etag, TellsCountAndVersionSum) {
  EXPECT_EQ(ParseEtag("\"12-1735689800000-40\""), (Totals{.count = 12, .version_sum = 40}));
  EXPECT_EQ(ParseEtag("0-0-0"), Totals());
}

class NoEtag : public testing::TestWithParam<const char*> {};

TEST_P(NoEtag, TellsNothing) { EXPECT_FALSE(ParseEtag(GetParam())); }

INSTANTIATE_TEST_SUITE_P(Each, NoEtag,
                         testing::Values("", "\"", "abc", "1-2", "1-2-", "1-2-3-4", "-1-2-3", "1--2-3",
                                         "1-2-3x", "99999999999999999999-1-1"));

TEST(SelfCheck, EqualNumbersMeanThatAllIsWell) {
  EXPECT_FALSE(SelfCheck(Holding(12, 40), "\"12-7-40\"", kNow));
}

TEST(SelfCheck, AnotherCountIsADifferenceThatHeals) {
  const auto found = SelfCheck(Holding(11, 40), "\"12-7-40\"", kNow);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->heals);
  EXPECT_EQ(found->server, (Totals{.count = 12, .version_sum = 40}));
}

TEST(SelfCheck, AnotherVersionSumIsADifference) {
  EXPECT_TRUE(SelfCheck(Holding(12, 41), "\"12-7-40\"", kNow));
}

TEST(SelfCheck, ItHealsOnceAnHour) {
  Replica replica = Holding(11, 40);
  replica.healed_at = {kNow.value - 60 * 60 * 1000 + 1};
  EXPECT_FALSE(SelfCheck(replica, "\"12-7-40\"", kNow)->heals);
  replica.healed_at = {kNow.value - 60 * 60 * 1000};
  EXPECT_TRUE(SelfCheck(replica, "\"12-7-40\"", kNow)->heals);
}

TEST(SelfCheck, AClockThatWasSetBackDoesNotPutHealingOff) {
  Replica replica = Holding(11, 40);
  replica.healed_at = {kNow.value + 1};
  EXPECT_TRUE(MayHeal(replica, kNow));
}

}  // namespace
}  // namespace tidemark::client
