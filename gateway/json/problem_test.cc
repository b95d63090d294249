#include "gateway/json/problem.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "common/status/error.h"

namespace tidemark::gateway {
namespace {

std::string Header(const http::Response& response, std::string_view name) {
  return std::string(response.headers.Get(name).value_or("<none>"));
}

boost::json::object BodyOf(const http::Response& response) {
  return boost::json::parse(response.body).as_object();
}

TEST(Problem, EveryCodeHasItsStatusNameAndTitle) {
  for (int i = 0; i <= static_cast<int>(Code::kUnavailable); ++i) {
    const CodeInfo& code = InfoOf(static_cast<Code>(i));
    const http::Response response =
        ProblemResponse(Error(code.code, "why", {.retry_after = absl::Seconds(9)}), "r1");
    const boost::json::object body = BodyOf(response);
    EXPECT_EQ(response.status, code.http_status) << code.name;
    EXPECT_EQ(Header(response, "Content-Type"), "application/problem+json");
    EXPECT_EQ(Header(response, "Cache-Control"), "no-store");
    EXPECT_EQ(body.at("type").as_string(), "urn:tidemark:error:" + std::string(code.name));
    EXPECT_EQ(std::string_view(body.at("title").as_string()), code.title);
    EXPECT_EQ(body.at("status").as_int64(), code.http_status);
    EXPECT_EQ(std::string_view(body.at("code").as_string()), code.name);
    EXPECT_EQ(body.at("detail").as_string() == "why", code.code != Code::kInternal) << code.name;
    EXPECT_EQ(response.headers.Get("WWW-Authenticate").has_value(), code.http_status == 401) << code.name;
  }
}

TEST(Problem, RequestIdAndRetryAfterStandInTheBodyAndInTheHeaders) {
  const http::Response response = ProblemResponse(
      Error(Code::kRateLimited, "slow down", {.retry_after = absl::Milliseconds(1500)}), "r1");
  const boost::json::object body = BodyOf(response);
  EXPECT_EQ(body.at("request_id").as_string(), "r1");
  EXPECT_EQ(Header(response, "X-Request-Id"), "r1");
  EXPECT_EQ(body.at("retry_after").as_int64(), 2);
  EXPECT_EQ(Header(response, "Retry-After"), "2");
}

TEST(Problem, PointerIsThereOnlyWhereAValueIsMeant) {
  EXPECT_EQ(
      BodyOf(ProblemResponse(Error(Code::kBadType, "x", {.pointer = "/a/0"}), "r")).at("pointer").as_string(),
      "/a/0");
  // The empty pointer is the whole body.
  EXPECT_EQ(BodyOf(ProblemResponse(Error(Code::kBadType, "x"), "r")).at("pointer").as_string(), "");
  EXPECT_FALSE(BodyOf(ProblemResponse(Error(Code::kMalformedJson, "x"), "r")).contains("pointer"));
}

TEST(Problem, ChallengeTellsABadTokenFromNone) {
  EXPECT_EQ(Header(ProblemResponse(Error(Code::kMissingToken, "x"), "r"), "WWW-Authenticate"), "Bearer");
  for (const Code code : {Code::kInvalidToken, Code::kExpiredToken}) {
    EXPECT_EQ(Header(ProblemResponse(Error(code, "x"), "r"), "WWW-Authenticate"),
              "Bearer error=\"invalid_token\"");
  }
}

TEST(Problem, AServiceThatIsAwayIsWorthAnotherTryInFiveSeconds) {
  for (const absl::Status& status : {absl::UnavailableError("connect to ipv4:10.0.0.7:50051 refused"),
                                     absl::DeadlineExceededError("ipv4:10.0.0.7:50051")}) {
    const http::Response response = ProblemResponse(status, "r");
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(BodyOf(response).at("code").as_string(), "unavailable");
    EXPECT_EQ(Header(response, "Retry-After"), "5");
    EXPECT_EQ(response.body.find("10.0.0.7"), std::string::npos) << "inner addresses are not told";
  }
}

TEST(Problem, AServiceThatSaysWhenIsBelieved) {
  const http::Response response =
      ProblemResponse(Error(Code::kUnavailable, "outcome unknown", {.retry_after = absl::Seconds(8)}), "r");
  EXPECT_EQ(Header(response, "Retry-After"), "8");
  EXPECT_EQ(BodyOf(response).at("detail").as_string(), "outcome unknown");
}

TEST(Problem, WhatWentWrongInsideIsNotTold) {
  for (const absl::Status& status :
       {absl::InternalError("secret"), absl::UnknownError("secret"), Error(Code::kInternal, "secret")}) {
    const http::Response response = ProblemResponse(status, "r");
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(response.body.find("secret"), std::string::npos);
  }
}

TEST(Problem, TheHttpServersOwnRefusalsHaveCodes) {
  const struct {
    int status;
    const char* code;
  } kRows[] = {{400, "malformed_request"}, {408, "request_timeout"}, {413, "body_too_large"},
               {431, "headers_too_large"}, {500, "internal"},        {503, "unavailable"},
               {417, "malformed_request"}, {505, "internal"}};
  for (const auto& row : kRows) {
    const http::Response response = ProblemForHttpStatus(row.status, "why", "r");
    EXPECT_EQ(response.status, row.status);
    EXPECT_EQ(BodyOf(response).at("status").as_int64(), row.status);
    EXPECT_EQ(BodyOf(response).at("code").as_string(), row.code) << row.status;
    EXPECT_EQ(response.headers.Get("Retry-After").has_value(), row.status == 503);
  }
}

}  // namespace
}  // namespace tidemark::gateway
