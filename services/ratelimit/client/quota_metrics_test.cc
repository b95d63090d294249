#include "services/ratelimit/client/quota_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemark::ratelimit {
namespace {

using testing::HasSubstr;
using testing::Not;

class QuotaMetricsTest : public testing::Test {
 protected:
  QuotaMetricsTest() {
    Limits limits;
    limits.budgets[Resource::kRequests] = 10;
    limits_.Replace(limits);
    ShowQuota(quota_, readings_);
  }
  ManualClock clock_{UnixMillis{1'735'689'600'000}};
  Versioned<Limits> limits_{Limits()};
  Quota quota_{limits_, clock_};
  metrics::Registry registry_;
  metrics::Readings readings_{registry_};
};

TEST_F(QuotaMetricsTest, ShowsWhatIsUsedOfEachBudgetBesideItsLimit) {
  quota_.Count(Resource::kRequests, 3);
  quota_.Count(Resource::kDatabaseReads, 7);
  const std::string text = registry_.Text();
  EXPECT_THAT(text, HasSubstr("tidemark_quota_used{resource=\"requests\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("tidemark_quota_limit{resource=\"requests\"} 10\n"));
  EXPECT_THAT(text, HasSubstr("tidemark_quota_used{resource=\"database_reads\"} 7\n"));
  EXPECT_THAT(text, Not(HasSubstr("tidemark_quota_limit{resource=\"database_reads\"}"))) << "unlimited";
}

TEST_F(QuotaMetricsTest, TellsWhichStateTheDayIsIn) {
  EXPECT_THAT(registry_.Text(), HasSubstr("tidemark_quota_state{state=\"open\"} 1\n"));
  quota_.Count(Resource::kRequests, 10);
  EXPECT_THAT(registry_.Text(), HasSubstr("tidemark_quota_state{state=\"open\"} 0\n"));
  EXPECT_THAT(registry_.Text(), HasSubstr("tidemark_quota_state{state=\"exhausted\"} 1\n"));
}

TEST_F(QuotaMetricsTest, ANewDayBeginsWithNothingUsed) {
  quota_.Count(Resource::kRequests, 3);
  clock_.AdvanceMillis(24 * 3600 * 1000);
  EXPECT_THAT(registry_.Text(), HasSubstr("tidemark_quota_used{resource=\"requests\"} 0\n"));
}

}  // namespace
}  // namespace tidemark::ratelimit
