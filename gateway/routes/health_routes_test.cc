#include <gmock/gmock.h>

#include "gateway/routes/gateway_fixture.h"

namespace tidemark::gateway {
namespace {

using testing::HasSubstr;

using HealthRoutesTest = GatewayTest;

TEST_F(HealthRoutesTest, LivesWhileItAnswers) {
  readiness_.Require("sync", [] { return false; });
  const http::Response response = Send("GET", "/livez");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"status":"live"})");
}

TEST_F(HealthRoutesTest, IsReadyWhenEveryConditionHolds) {
  bool sync_reachable = false;
  readiness_.Require("sync", [&] { return sync_reachable; });
  readiness_.Require("auth", [] { return true; });
  const http::Response early = Send("GET", "/readyz");
  EXPECT_EQ(early.status, 503);
  EXPECT_THAT(early.body, HasSubstr("Not ready: sync."));
  EXPECT_EQ(Header(early, "Retry-After"), "5");
  sync_reachable = true;
  const http::Response response = Send("GET", "/readyz");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"status":"ready"})");
  EXPECT_EQ(Header(response, "Cache-Control"), "no-store");
}

TEST_F(HealthRoutesTest, IsNotReadyOnceItStops) {
  readiness_.Stop();
  EXPECT_EQ(Send("GET", "/readyz").status, 503);
  EXPECT_EQ(Send("GET", "/livez").status, 200);
}

}  // namespace
}  // namespace tidemark::gateway
