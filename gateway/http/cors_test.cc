#include "gateway/http/cors.h"

#include <gtest/gtest.h>

namespace tidemark::gateway {
namespace {

std::string Header(const http::Response& response, std::string_view name) {
  return response.headers.GetJoined(name).value_or("<none>");
}

http::Response Asked(const CorsPolicy& cors, const std::string& method, const std::string& origin) {
  http::Request request{
      .method = method, .path = "/sync", .query = {}, .headers = {}, .body = "", .peer = ""};
  if (!origin.empty()) request.headers.Set("Origin", origin);
  http::Response response;
  if (method == "OPTIONS") {
    request.headers.Set("Access-Control-Request-Method", "POST");
    response.headers.Set("Allow", "POST, OPTIONS");
  }
  cors.Apply(request, response);
  return response;
}

CorsPolicy TwoOrigins() { return *CorsPolicy::Parse("https://app.example,http://localhost:5173"); }

TEST(Cors, APageOfAnAllowedOriginMayReadTheAnswer) {
  for (const char* origin : {"https://app.example", "http://localhost:5173"}) {
    const http::Response response = Asked(TwoOrigins(), "GET", origin);
    EXPECT_EQ(Header(response, "Access-Control-Allow-Origin"), origin);
    EXPECT_EQ(Header(response, "Access-Control-Expose-Headers"),
              "ETag, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id");
    EXPECT_EQ(Header(response, "Vary"), "Origin");
    EXPECT_EQ(Header(response, "Access-Control-Allow-Credentials"), "<none>");
  }
}

TEST(Cors, NoOtherPageMay) {
  for (const char* origin :
       {"", "null", "*", "https://evil.example", "http://app.example", "https://app.example:444",
        "https://app.example.evil", "https://APP.example", "https://app.example/"}) {
    const http::Response response = Asked(TwoOrigins(), "GET", origin);
    EXPECT_EQ(Header(response, "Access-Control-Allow-Origin"), "<none>") << origin;
    EXPECT_EQ(Header(response, "Access-Control-Expose-Headers"), "<none>") << origin;
    EXPECT_EQ(Header(response, "Vary"), "Origin") << origin;
  }
}

TEST(Cors, APreflightLearnsWhatItMaySend) {
  const http::Response response = Asked(TwoOrigins(), "OPTIONS", "https://app.example");
  EXPECT_EQ(Header(response, "Access-Control-Allow-Origin"), "https://app.example");
  EXPECT_EQ(Header(response, "Access-Control-Allow-Methods"), "POST, OPTIONS");
  EXPECT_EQ(Header(response, "Access-Control-Allow-Headers"),
            "Authorization, Content-Type, If-None-Match, Last-Event-ID, X-Request-Id, traceparent");
  EXPECT_EQ(Header(response, "Access-Control-Max-Age"), "7200");
  EXPECT_EQ(Header(response, "Vary"), "Origin");
}

TEST(Cors, APreflightOfAnotherOriginLearnsNothing) {
  const http::Response response = Asked(TwoOrigins(), "OPTIONS", "https://evil.example");
  EXPECT_EQ(Header(response, "Access-Control-Allow-Origin"), "<none>");
  EXPECT_EQ(Header(response, "Access-Control-Allow-Methods"), "<none>");
}

TEST(Cors, WithoutAListNothingIsSaid) {
  const http::Response response = Asked(*CorsPolicy::Parse(""), "GET", "https://app.example");
  EXPECT_TRUE(response.headers.all().empty());
}

TEST(Cors, WhatIsNoOriginIsRefusedAtStart) {
  for (const char* bad :
       {"*", "null", "app.example", "https://", "https://app.example/", "https://a/b", "ftp://a",
        "https://*.example", "https://App.example", "https://a https://b", "https://u@a"}) {
    EXPECT_EQ(CorsPolicy::Parse(bad).status().code(), absl::StatusCode::kInvalidArgument) << bad;
  }
}

}  // namespace
}  // namespace tidemark::gateway
