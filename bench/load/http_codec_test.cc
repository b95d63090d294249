#include "bench/load/http_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "bench/load/sample_asks.h"

namespace tidemark::bench {
namespace {

using testing::HasSubstr;

constexpr char kHost[] = "127.0.0.1:8080";
constexpr char kUser[] = "00000000-0000-4000-8000-000000000001";

std::string Body(const std::string& request) { return request.substr(request.find("\r\n\r\n") + 4); }

Reply Decode(Rpc rpc, int status, const std::string& body, const std::string& headers = "") {
  AnswerReader answer;
  EXPECT_EQ(answer.Feed(absl::StrCat("HTTP/1.1 ", status, " x\r\n", headers, "Content-Length: ", body.size(),
                                     "\r\n\r\n", status == 304 ? "" : body)),
            AnswerReader::State::kComplete);
  return DecodeHttp({.rpc = rpc}, answer);
}

TEST(HttpCodec, ACheckNamesUserAndEtag) {
  EXPECT_EQ(EncodeHttp({.rpc = Rpc::kCheck, .token = "token", .if_none_match = "\"1-2-3\""}, kHost),
            "GET /sync/check HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nAuthorization: Bearer token\r\n"
            "If-None-Match: \"1-2-3\"\r\n\r\n");
}

TEST(HttpCodec, APushIsTheJsonThatTheGatewayTakes) {
  const std::string request = EncodeHttp(SamplePush(), kHost);
  EXPECT_THAT(request, HasSubstr(absl::StrCat("Content-Length: ", Body(request).size(), "\r\n")));
  EXPECT_EQ(
      Body(request),
      R"({"last_sync":5,"epoch":"e1","device_id":"laptop","limit":100,"acked":20,"changes":[{"id":"task-1",)"
      R"("mutation_id":21,"version":2,"updated_at":7,)"
      R"("content":"Task 1 as of edit 2, of the length that tasks often have"}]})");
}

TEST(HttpCodec, APullOfAPageHasNoChanges) {
  EXPECT_EQ(Body(EncodeHttp({.rpc = Rpc::kSync, .device = "phone", .epoch = "e1", .limit = 10, .page = "p2"},
                            kHost)),
            R"({"last_sync":0,"epoch":"e1","device_id":"phone","limit":10,"page":"p2"})");
}

TEST(HttpCodec, ALoginCarriesAddressAndPassword) {
  EXPECT_EQ(Body(EncodeHttp({.rpc = Rpc::kLogin, .user = kUser}, kHost)),
            absl::StrCat(R"({"email":")", kUser, R"(@bench.example","password":"correct horse battery"})"));
}

TEST(HttpCodec, TellsA304FromA200) {
  EXPECT_TRUE(Decode(Rpc::kCheck, 304, "").not_modified);
  EXPECT_TRUE(Decode(Rpc::kCheck, 304, "").ok);
  EXPECT_FALSE(Decode(Rpc::kCheck, 200, "").not_modified);
  EXPECT_TRUE(Decode(Rpc::kCheck, 200, "").ok);
  EXPECT_FALSE(Decode(Rpc::kSync, 304, "").ok);
}

TEST(HttpCodec, KnowsWhereAnAnswerLeavesTheDevice) {
  const Reply reply =
      Decode(Rpc::kSync, 200,
             R"({"updates":[{"id":"a","content":"{\"id\":\"has_more\":true"},{"id":"b"}],"deleted":[],)"
             R"("conflicts":[],"rejected":[],"has_more":true,"page":"p2","full_resync":false})",
             "ETag: \"1-2-3\"\r\n");
  EXPECT_TRUE(reply.complete);
  EXPECT_EQ(reply.tasks, 2);
  EXPECT_TRUE(reply.has_more);
  EXPECT_EQ(reply.page, "p2");
  EXPECT_EQ(reply.etag, "\"1-2-3\"");
}

TEST(HttpCodec, ATextInATaskDoesNotLookLikeAMember) {
  const Reply reply =
      Decode(Rpc::kSync, 200,
             R"({"updates":[{"id":"a","content":"\"has_more\":true,{\"id\":\"page\":\"p\""}],)"
             R"("rejected":[],"has_more":false,"full_resync":false})");
  EXPECT_EQ(reply.tasks, 1);
  EXPECT_FALSE(reply.has_more);
}

TEST(HttpCodec, WhatWasRejectedDeferredOrBegunAnewIsNotComplete) {
  for (const char* body : {R"({"rejected":[{"id":"a"}],"has_more":false,"full_resync":false})",
                           R"({"rejected":[],"has_more":false,"full_resync":true})",
                           R"({"rejected":[],"has_more":false,"full_resync":false,"pull_deferred":true})"}) {
    EXPECT_FALSE(Decode(Rpc::kSync, 200, body).complete) << body;
  }
}

TEST(HttpCodec, AnErrorIsToldByStatusAndCode) {
  const Reply reply = Decode(Rpc::kSync, 429, R"({"status":429,"code":"rate_limited"})");
  EXPECT_FALSE(reply.ok);
  EXPECT_EQ(reply.told, "429 rate_limited");
}

}  // namespace
}  // namespace tidemark::bench
