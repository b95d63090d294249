#include "gateway/http/guards.h"

#include <gtest/gtest.h>

#include "common/async/event_loops.h"
#include "common/status/error.h"

namespace tidemark::gateway {
namespace {

// "passed", or the code of the refusal.
std::string Outcome(const RouteHandler& handler, Exchange& exchange) {
  EventLoops loops(1);
  const auto answer =
      RunBlocking<absl::StatusOr<http::Response>>(loops.Next(), [&] { return handler(exchange); });
  return answer.ok() ? answer->body : std::string(InfoOf(ErrorInfoOf(answer.status()).code).name);
}

Task<absl::StatusOr<http::Response>> Pass(Exchange&) {
  http::Response response;
  response.body = "passed";
  co_return response;
}

TEST(NeedsToken, WithoutAuthorizationNothingElseIsLookedAt) {
  Exchange exchange;
  exchange.request.body = "{not json";
  EXPECT_EQ(Outcome(NeedsToken(Pass), exchange), "missing_token");
  exchange.request.headers.Set("Authorization", "");
  EXPECT_EQ(Outcome(NeedsToken(Pass), exchange), "missing_token");
}

TEST(NeedsToken, PassesTheHeaderOnToTheService) {
  Exchange exchange;
  exchange.request.headers.Set("authorization", "Bearer a.b.c");
  EXPECT_EQ(Outcome(NeedsToken(Pass), exchange), "passed");
  EXPECT_EQ(exchange.call.authorization, "Bearer a.b.c");
}

TEST(NeedsToken, TwoTokensAreNotOne) {
  Exchange exchange;
  exchange.request.headers.Append("Authorization", "Bearer a");
  exchange.request.headers.Append("Authorization", "Bearer b");
  EXPECT_EQ(Outcome(NeedsToken(Pass), exchange), "passed");
  EXPECT_EQ(exchange.call.authorization, "Bearer a, Bearer b") << "which the service finds invalid";
}

TEST(TakesJson, JudgesTheContentTypeOfABody) {
  const struct {
    const char* type;
    const char* outcome;
  } kRows[] = {{"application/json", "passed"},
               {"application/json; charset=utf-8", "passed"},
               {"Application/JSON ;charset=UTF-8", "passed"},
               {" application/json\t", "passed"},
               {"application/json-patch+json", "unsupported_media_type"},
               {"application/jso", "unsupported_media_type"},
               {"application/json, text/plain", "unsupported_media_type"},
               {"application/json;a=b, text/plain", "unsupported_media_type"},
               {"text/plain", "unsupported_media_type"},
               {"application/x-www-form-urlencoded", "unsupported_media_type"},
               {"", "unsupported_media_type"},
               {";", "unsupported_media_type"}};
  for (const auto& row : kRows) {
    Exchange exchange;
    exchange.request.body = "{}";
    exchange.request.headers.Set("Content-Type", row.type);
    EXPECT_EQ(Outcome(TakesJson(Pass), exchange), row.outcome) << row.type;
  }
}

TEST(TakesJson, ABodyWithoutATypeIsTakenForJson) {
  Exchange exchange;
  exchange.request.body = "{}";
  EXPECT_EQ(Outcome(TakesJson(Pass), exchange), "passed");
}

TEST(TakesJson, WithoutABodyTheTypeDoesNotMatter) {
  Exchange exchange;
  exchange.request.headers.Set("Content-Type", "text/plain");
  EXPECT_EQ(Outcome(TakesJson(Pass), exchange), "passed");
}

TEST(TakesJson, ACompressedBodyIsRefused) {
  Exchange exchange;
  exchange.request.body = "\x1f\x8b";
  exchange.request.headers.Set("Content-Encoding", "gzip");
  EXPECT_EQ(Outcome(TakesJson(Pass), exchange), "unsupported_media_type");
  exchange.request.headers.Set("Content-Encoding", "Identity");
  EXPECT_EQ(Outcome(TakesJson(Pass), exchange), "passed");
}

}  // namespace
}  // namespace tidemark::gateway
