#include <gmock/gmock.h>

#include "gateway/routes/gateway_fixture.h"

namespace tidemark::gateway {
namespace {

using testing::HasSubstr;

using SyncV1RoutesTest = GatewayTest;

const HeaderList kToken = {{"Authorization", "Bearer a.b.c"}};

TEST_F(SyncV1RoutesTest, AFullTaskGoesInAndFullTasksComeOut) {
  sync_.sync_v1.parts.resize(1);
  v1::Task* task = sync_.sync_v1.parts[0].add_updates();
  task->set_id("b");
  task->set_updated_at(3);
  task->set_version(1);
  sync_.sync_v1.parts[0].set_server_time(9);
  const http::Response response = Send(
      "POST", "/v1/sync",
      R"({"last_sync":5,"changes":[{"id":"a","updated_at":2,"content":"x","completed":false,"pinned":true,)"
      R"("version":3,"device_id":"desk"}]})",
      kToken);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(
      response.body,
      R"({"updates":[{"id":"b","created_at":3,"updated_at":3,"deleted_at":null,"content":"",)"
      R"("completed":false,"pinned":false,"version":1,"device_id":""}],"conflicts":[],"server_time":9})");
  EXPECT_EQ(Header(response, "ETag"), "<none>") << "V1 knows no ETag";
  ASSERT_EQ(sync_.sync_v1.asked.size(), 1u);
  EXPECT_EQ(sync_.sync_v1.asked[0].last_sync(), 5);
  EXPECT_TRUE(sync_.sync_v1.asked[0].changes(0).has_deleted_at());
  EXPECT_EQ(sync_.sync_v1.authorization, "Bearer a.b.c");
}

TEST_F(SyncV1RoutesTest, APartialTaskNeverReachesTheService) {
  const http::Response response =
      Send("POST", "/v1/sync", R"({"changes":[{"id":"a","version":1,"updated_at":2}]})", kToken);
  EXPECT_EQ(response.status, 422);
  EXPECT_THAT(response.body, HasSubstr(R"("pointer":"/changes/0/content")"));
  EXPECT_TRUE(sync_.sync_v1.asked.empty());
}

TEST_F(SyncV1RoutesTest, TheLimitsOfAStreamedAnswerAreHeaders) {
  sync_.sync_v1.parts.resize(1);
  sync_.sync_v1.parts[0].set_server_time(9);
  sync_.sync_v1.trailers = {{"ratelimit", "\"v1_sync\";r=99;t=60"}};
  const http::Response response = Send("POST", "/v1/sync", "{}", kToken);
  EXPECT_EQ(Header(response, "RateLimit"), "\"v1_sync\";r=99;t=60");
  EXPECT_EQ(Header(response, "Content-Type"), "application/json");
}

TEST_F(SyncV1RoutesTest, AnAnswerThatBreaksOffIsNotFinished) {
  sync_.sync_v1.parts.resize(2);
  sync_.sync_v1.end = Error(Code::kUnavailable, "lost");
  const http::Response response = Send("POST", "/v1/sync", "{}", kToken);
  EXPECT_EQ(response.status, 200) << "the first part had gone by then";
  EXPECT_FALSE(stream_status_.ok());
}

TEST_F(SyncV1RoutesTest, AnAnswerWithoutACursorIsNotFinished) {
  sync_.sync_v1.parts.resize(1);
  Send("POST", "/v1/sync", "{}", kToken);
  EXPECT_EQ(stream_status_.code(), absl::StatusCode::kInternal);
}

TEST_F(SyncV1RoutesTest, TheDailyLimitIs429UntilMidnight) {
  sync_.sync_v1.end = Error(Code::kRateLimited, "Daily sync limit reached", {.retry_after = absl::Hours(3)});
  const http::Response response = Send("POST", "/v1/sync", "{}", kToken);
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(Header(response, "Retry-After"), "10800");
  EXPECT_THAT(response.body, HasSubstr(R"("detail":"Daily sync limit reached")"));
}

}  // namespace
}  // namespace tidemark::gateway
