#include "gateway/routes/gateway_fixture.h"

namespace tidemark::gateway {
namespace {

const HeaderList kToken = {{"Authorization", "Bearer t"}};

class UsageRoutesTest : public GatewayTest {
 protected:
  UsageRoutesTest() {
    AddUsageRoutes(router_, sync_, {.body_bytes_max = 2'097'152, .header_bytes_max = 16'384});
  }
};

TEST_F(UsageRoutesTest, BucketsQuotaAndLimitsAreNumbers) {
  v1::GetUsageResponse& answer = *sync_.get_usage.answer;
  v1::BucketUsage& bucket = *answer.add_buckets();
  bucket.set_policy("sync");
  bucket.set_remaining(9);
  bucket.set_limit(10);
  bucket.set_reset_after(14'400);
  bucket.set_window(144'000);
  v1::QuotaUsage& quota = *answer.mutable_quota();
  quota.set_state("read_paused");
  quota.set_day(1'735'689'600'000);
  quota.set_reset_after(60);
  quota.set_cache_off(true);
  v1::BudgetUsage& requests = *quota.add_budgets();
  requests.set_resource("requests");
  requests.set_used(95);
  requests.set_budget(100);
  quota.add_budgets()->set_resource("cache_reads");
  v1::Limits& limits = *answer.mutable_limits();
  limits.set_changes_max(1'000);
  limits.set_devices_per_request_max(16);
  limits.set_task_id_bytes_max(128);
  limits.set_device_id_bytes_max(64);
  limits.set_content_bytes_max(16'384);
  limits.set_version_ahead_max(1'000);
  limits.set_time_max(9'007'199'254'740'991);
  limits.set_page_entries_max(1'000);
  limits.set_page_bytes_max(1'048'576);
  limits.set_streams_max(10);
  limits.set_history_entries_max(400);
  limits.set_history_days(90);

  const http::Response response = Send("GET", "/usage", "", kToken);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(Header(response, "Cache-Control"), "no-store");
  EXPECT_EQ(response.body,
            R"({"buckets":[{"policy":"sync","remaining":9,"limit":10,"reset_after":14400,"window":144000}],)"
            R"("quota":{"state":"read_paused","day":1735689600000,"reset_after":60,"cache_off":true,)"
            R"("budgets":[{"resource":"requests","used":95,"budget":100},)"
            R"({"resource":"cache_reads","used":0,"budget":null}]},)"
            R"("limits":{"body_bytes_max":2097152,"header_bytes_max":16384,"changes_max":1000,)"
            R"("devices_per_request_max":16,"task_id_bytes_max":128,"device_id_bytes_max":64,)"
            R"("content_bytes_max":16384,"version_ahead_max":1000,"time_max":9007199254740991,)"
            R"("page_entries_max":1000,"page_bytes_max":1048576,"streams_max":10,"history_entries_max":400,)"
            R"("history_days":90}})");
}

TEST_F(UsageRoutesTest, NobodyReadsItWithoutAToken) {
  EXPECT_EQ(Send("GET", "/usage").status, 401);
  EXPECT_TRUE(sync_.get_usage.asked.empty());
}

}  // namespace
}  // namespace tidemark::gateway
