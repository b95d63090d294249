#include <gmock/gmock.h>

#include "gateway/routes/gateway_fixture.h"

namespace tidemark::gateway {
namespace {

using testing::HasSubstr;

const std::pair<std::string, std::string> kToken = {"Authorization", "Bearer a.b.c"};
constexpr const char* kEtag = "\"12-1735689800000-40\"";

class SyncRoutesTest : public GatewayTest {
 protected:
  SyncRoutesTest() {
    sync_.check.answer->set_etag(kEtag);
    sync_.sync.answer->set_etag(kEtag);
    sync_.sync.answer->set_server_time(7);
  }

  http::Response Check(HeaderList headers) {
    headers.push_back(kToken);
    return Send("GET", "/sync/check", "", headers);
  }
};

TEST_F(SyncRoutesTest, ACheckThatFindsNothingNewIs304WithoutABody) {
  sync_.check.answer->set_not_modified(true);
  const http::Response response = Check({{"If-None-Match", kEtag}});
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(Header(response, "ETag"), kEtag);
  EXPECT_EQ(Header(response, "Cache-Control"), "private, no-cache");
  EXPECT_EQ(Header(response, "Content-Type"), "<none>");
  EXPECT_EQ(sync_.check.asked.at(0).if_none_match(), kEtag);
  EXPECT_EQ(sync_.check.authorization, "Bearer a.b.c");
}

TEST_F(SyncRoutesTest, ACheckThatFindsSomethingIs200WithoutABody) {
  const http::Response response = Check({});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(Header(response, "ETag"), kEtag);
  EXPECT_EQ(Header(response, "Cache-Control"), "private, no-cache");
  EXPECT_EQ(Header(response, "Content-Type"), "<none>");
  EXPECT_FALSE(sync_.check.asked.at(0).has_if_none_match());
  EXPECT_FALSE(sync_.check.asked.at(0).has_device_id());
}

TEST_F(SyncRoutesTest, ACheckMayBeAHead) {
  EXPECT_EQ(Send("HEAD", "/sync/check", "", {kToken}).status, 200);
  EXPECT_EQ(sync_.check.asked.size(), 1u);
}

TEST_F(SyncRoutesTest, AllLinesOfIfNoneMatchReachTheService) {
  Check({{"If-None-Match", "\"a\""}, {"if-none-match", "W/\"b\", *"}});
  EXPECT_EQ(sync_.check.asked.at(0).if_none_match(), "\"a\", W/\"b\", *");
}

TEST_F(SyncRoutesTest, ACheckNamesItsDevice) {
  http::Request request{.method = "GET",
                        .path = "/sync/check",
                        .query = {{"device_id", "desk"}},
                        .headers = {},
                        .body = {},
                        .peer = {}};
  request.headers.Set(kToken.first, kToken.second);
  EXPECT_EQ(Send(request).status, 200);
  EXPECT_EQ(sync_.check.asked.at(0).device_id(), "desk");
}

TEST_F(SyncRoutesTest, WithoutATokenNothingIsReadAndNobodyAsked) {
  for (const auto& [method, path] :
       {std::pair("POST", "/sync"), {"GET", "/sync/check"}, {"POST", "/v1/sync"}}) {
    const http::Response response = Send(method, path, "{not json");
    EXPECT_EQ(response.status, 401) << path;
    EXPECT_THAT(response.body, HasSubstr(R"("code":"missing_token")"));
    EXPECT_EQ(Header(response, "WWW-Authenticate"), "Bearer");
  }
  EXPECT_TRUE(sync_.sync.asked.empty() && sync_.check.asked.empty() && sync_.sync_v1.asked.empty());
}

TEST_F(SyncRoutesTest, ASyncCarriesTheEtagInItsHeaderAndItsBody) {
  const http::Response response =
      Send("POST", "/sync", R"({"last_sync":7})", {kToken, {"If-None-Match", kEtag}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(Header(response, "Content-Type"), "application/json");
  EXPECT_EQ(Header(response, "ETag"), kEtag);
  EXPECT_THAT(response.body, HasSubstr(R"("etag":"12-1735689800000-40")"));
  EXPECT_EQ(sync_.sync.asked.at(0).last_sync(), 7);
  EXPECT_EQ(sync_.sync.asked.at(0).if_none_match(), kEtag);
}

TEST_F(SyncRoutesTest, AnAnswerWithoutAnEtagHasNoEtagHeader) {
  sync_.sync.answer->clear_etag();
  EXPECT_EQ(Header(Send("POST", "/sync", R"({"last_sync":7})", {kToken}), "ETag"), "<none>");
}

TEST_F(SyncRoutesTest, AnEmptyBodyIsACheck) {
  for (const char* body : {"", "{}"}) {
    Send("POST", "/sync", body, {kToken, {"If-None-Match", kEtag}});
    const v1::SyncRequest& asked = sync_.sync.asked.back();
    EXPECT_FALSE(asked.has_last_sync());
    EXPECT_EQ(asked.if_none_match(), kEtag);
  }
}

TEST_F(SyncRoutesTest, ABodyThatIsWrongNeverReachesTheService) {
  const struct {
    const char* body;
    int status;
    const char* part;
  } kRows[] = {{"{not json", 400, R"("code":"malformed_json")"},
               {"[]", 400, R"("code":"bad_type","pointer":"")"},
               {R"({"changes":[{"completed":"yes"}]})", 400, R"("pointer":"/changes/0/completed")"},
               {R"({"changes":[{}]})", 422, R"("code":"validation","pointer":"/changes/0/id")"}};
  for (const auto& row : kRows) {
    const http::Response response = Send("POST", "/sync", row.body, {kToken});
    EXPECT_EQ(response.status, row.status) << row.body;
    EXPECT_THAT(response.body, HasSubstr(row.part)) << row.body;
  }
  EXPECT_TRUE(sync_.sync.asked.empty());
}

TEST_F(SyncRoutesTest, AnotherContentTypeIs415) {
  EXPECT_EQ(Send("POST", "/sync", "{}", {kToken, {"Content-Type", "text/plain"}}).status, 415);
}

TEST_F(SyncRoutesTest, TheServicesErrorIsTheAnswer) {
  const struct {
    absl::Status status;
    int http;
    const char* code;
    const char* retry_after;
  } kRows[] = {
      {Error(Code::kInvalidToken, "x"), 401, "invalid_token", "<none>"},
      {Error(Code::kExpiredToken, "x"), 401, "expired_token", "<none>"},
      {Error(Code::kTooManyChanges, "x"), 413, "too_many_changes", "<none>"},
      {Error(Code::kValidation, "x", {.pointer = "/limit"}), 422, "validation", "<none>"},
      {Error(Code::kPageExpired, "x"), 410, "page_expired", "<none>"},
      {Error(Code::kRateLimited, "x", {.retry_after = absl::Seconds(30)}), 429, "rate_limited", "30"},
      {Error(Code::kReadPaused, "x", {.retry_after = absl::Hours(1)}), 503, "read_paused", "3600"},
      {absl::UnavailableError("connection refused"), 503, "unavailable", "5"},
      {absl::DeadlineExceededError("too slow"), 503, "unavailable", "5"},
  };
  for (const auto& row : kRows) {
    sync_.sync.answer = row.status;
    const http::Response response = Send("POST", "/sync", "", {kToken});
    EXPECT_EQ(response.status, row.http) << row.code;
    EXPECT_THAT(response.body, HasSubstr(R"("code":")" + std::string(row.code) + "\""));
    EXPECT_EQ(Header(response, "Retry-After"), row.retry_after) << row.code;
  }
}

TEST_F(SyncRoutesTest, RateLimitsAreToldWithGoodAnswersAndBad) {
  sync_.check.trailers = {{"ratelimit", "\"check\";r=59;t=60"},
                          {"ratelimit-policy", "\"check\";q=60;w=3600"}};
  EXPECT_EQ(Header(Check({}), "RateLimit"), "\"check\";r=59;t=60");
  sync_.check.answer = Error(Code::kRateLimited, "x", {.retry_after = absl::Seconds(60)});
  const http::Response limited = Check({});
  EXPECT_EQ(Header(limited, "RateLimit"), "\"check\";r=59;t=60");
  EXPECT_EQ(Header(limited, "RateLimit-Policy"), "\"check\";q=60;w=3600");
}

}  // namespace
}  // namespace tidemark::gateway
