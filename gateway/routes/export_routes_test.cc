#include <gmock/gmock.h>

#include "gateway/routes/gateway_fixture.h"

namespace tidemark::gateway {
namespace {

using ExportRoutesTest = GatewayTest;

const HeaderList kToken = {{"Authorization", "Bearer a.b.c"}};

TEST_F(ExportRoutesTest, IsADownloadOfAllParts) {
  sync_.exporting.parts.resize(2);
  sync_.exporting.parts[0].add_tasks()->set_id("a");
  sync_.exporting.parts[1].add_histories()->set_id("a");
  sync_.exporting.trailers = {{"ratelimit", "\"other\";r=59;t=1"}};
  const http::Response response = Send("GET", "/export", "", kToken);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(Header(response, "Content-Type"), "application/json");
  EXPECT_EQ(Header(response, "Content-Disposition"), "attachment; filename=\"tidemark-export.json\"");
  EXPECT_EQ(Header(response, "RateLimit"), "\"other\";r=59;t=1");
  EXPECT_EQ(response.body,
            R"({"exported_at":1735689600000,"tasks":[{"id":"a","created_at":0,"updated_at":0,)"
            R"("deleted_at":null,"content":"","completed":false,"pinned":false,"version":0,"device_id":""}],)"
            R"("histories":[{"id":"a","history":[]}]})");
  EXPECT_TRUE(stream_status_.ok());
  EXPECT_EQ(sync_.exporting.authorization, "Bearer a.b.c");
}

TEST_F(ExportRoutesTest, OfAUserWithoutTasksIsEmptyAndWhole) {
  EXPECT_EQ(Send("GET", "/export", "", kToken).body,
            R"({"exported_at":1735689600000,"tasks":[],"histories":[]})");
}

TEST_F(ExportRoutesTest, AnErrorBeforeTheFirstPartIsAProblem) {
  sync_.exporting.end = Error(Code::kExpiredToken, "expired");
  const http::Response response = Send("GET", "/export", "", kToken);
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(Header(response, "Content-Type"), "application/problem+json");
  EXPECT_EQ(Header(response, "Content-Disposition"), "<none>");
}

TEST_F(ExportRoutesTest, AnErrorAmidThePartsIsNotFinished) {
  sync_.exporting.parts.resize(1);
  sync_.exporting.end = Error(Code::kUnavailable, "lost");
  Send("GET", "/export", "", kToken);
  EXPECT_EQ(ErrorInfoOf(stream_status_).code, Code::kUnavailable);
}

TEST_F(ExportRoutesTest, NobodyExportsWithoutAToken) {
  EXPECT_EQ(Send("GET", "/export").status, 401);
  EXPECT_TRUE(sync_.exporting.asked.empty());
}

}  // namespace
}  // namespace tidemark::gateway
