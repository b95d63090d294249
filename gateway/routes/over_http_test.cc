// The whole gateway behind a real socket: what only shows on the wire.
#include <gmock/gmock.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "gateway/routes/gateway_fixture.h"

namespace tidemark::gateway {
namespace {

using boost::asio::ip::tcp;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class OverHttpTest : public ServedGatewayTest {
 protected:
  void SetUp() override { Serve(); }

  // All that comes back until the server closes; so `bytes` asks it to, or is refused.
  std::string Exchange(std::string_view bytes) const {
    boost::asio::io_context io;
    tcp::socket socket(io);
    socket.connect({boost::asio::ip::address_v4::loopback(), static_cast<uint16_t>(server_->port())});
    boost::system::error_code error;
    boost::asio::write(socket, boost::asio::buffer(bytes), error);
    std::string answer;
    boost::asio::read(socket, boost::asio::dynamic_buffer(answer), error);
    return answer;
  }
};

std::string Get(const std::string& target, const std::string& headers = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n";
}

std::string Post(const std::string& target, const std::string& body, const std::string& headers = "") {
  return "POST " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer t\r\n" +
         "Content-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

TEST_F(OverHttpTest, A304IsSmallAndHasNoBody) {
  sync_.check.answer->set_not_modified(true);
  sync_.check.answer->set_etag("\"12-1735689800000-40\"");
  sync_.check.trailers = {{"ratelimit", "\"check\";r=59;t=60"},
                          {"ratelimit-policy", "\"check\";q=60;w=3600"}};
  const std::string answer = Exchange(
      "GET /sync/check?device_id=d%65sk HTTP/1.1\r\nHost: x\r\n"
      "Authorization: Bearer t\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 304 "));
  EXPECT_THAT(answer, testing::EndsWith("\r\n\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("Content-Type")));
  EXPECT_EQ(sync_.check.asked.at(0).device_id(), "desk");
  // PERFORMANCE: at most 240 bytes, without the line that answers our own Connection: close.
  EXPECT_LE(answer.size() - std::string_view("Connection: close\r\n").size(), 240u) << answer;
}

TEST_F(OverHttpTest, AHeadHasTheHeadersOfAGet) {
  sync_.check.answer->set_etag("\"1-2-3\"");
  const std::string answer = Exchange(
      "HEAD /sync/check HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("ETag: \"1-2-3\""),
                            testing::EndsWith("\r\n\r\n")));
}

TEST_F(OverHttpTest, ASyncTravelsBothWays) {
  v1::Task* task = sync_.sync.answer->add_updates();
  task->set_id("a");
  task->set_content("ünïcode ✓");
  const std::string answer =
      Exchange(Post("/sync", R"({"last_sync":9007199254740993})", "Content-Type: application/json\r\n"));
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("Content-Type: application/json\r\n"),
                            HasSubstr("ünïcode ✓")));
  EXPECT_EQ(sync_.sync.asked.at(0).last_sync(), 9007199254740993);
}

TEST_F(OverHttpTest, AnExportIsSentInChunks) {
  sync_.exporting.parts.resize(1);
  sync_.exporting.parts[0].add_tasks()->set_id("a");
  const std::string answer = Exchange(Get("/export", "Authorization: Bearer t\r\n"));
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("Transfer-Encoding: chunked\r\n"),
                            testing::EndsWith("\r\n0\r\n\r\n")));
}

TEST_F(OverHttpTest, AnExportThatBreaksOffDoesNotLookWhole) {
  sync_.exporting.parts.resize(1);
  sync_.exporting.parts[0].add_tasks()->set_id("a");
  sync_.exporting.end = Error(Code::kUnavailable, "lost");
  const std::string answer = Exchange(Get("/export", "Authorization: Bearer t\r\n"));
  EXPECT_THAT(answer,
              AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr(R"({"id":"a")"), Not(HasSubstr("\r\n0\r\n"))));
}

TEST_F(OverHttpTest, AV1AnswerOfManyPartsIsOneDocument) {
  sync_.sync_v1.parts.resize(2);
  sync_.sync_v1.parts[0].add_updates()->set_id("a");
  sync_.sync_v1.parts[1].add_updates()->set_id("b");
  sync_.sync_v1.parts[1].set_server_time(9);
  const std::string answer = Exchange(Post("/v1/sync", "{}"));
  EXPECT_THAT(answer, AllOf(HasSubstr("Transfer-Encoding: chunked\r\n"), HasSubstr(R"({"id":"a")"),
                            HasSubstr(R"(,{"id":"b")"), testing::EndsWith("\r\n0\r\n\r\n")));
}

TEST_F(OverHttpTest, WhatIsNotHttpIsAProblem) {
  const std::string answer = Exchange("nonsense\r\n\r\n");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("Content-Type: application/problem+json"),
                            HasSubstr(R"("code":"malformed_request")")));
}

TEST_F(OverHttpTest, TooLargeABodyIsAProblemOf413) {
  const std::string answer = Exchange(
      "POST /sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\nContent-Length: 2097153\r\n\r\n");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 413 "), HasSubstr("Content-Type: application/problem+json"),
                            HasSubstr(R"("code":"body_too_large")")));
}

TEST_F(OverHttpTest, TooLargeHeadersAreAProblemOf431) {
  const std::string answer = Exchange(Get("/livez", "X-Long: " + std::string(20'000, 'a') + "\r\n"));
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 431 "), HasSubstr(R"("code":"headers_too_large")")));
}

TEST_F(OverHttpTest, BytesThatGrpcCouldNotCarryAreNoReasonForA500) {
  EXPECT_THAT(Exchange(Get("/sync/check?device_id=%ff", "Authorization: Bearer t\r\n")),
              StartsWith("HTTP/1.1 4"));
  EXPECT_THAT(Exchange(Get("/sync/check", "Authorization: Bearer \xff\r\nIf-None-Match: \"\xff\"\r\n")),
              StartsWith("HTTP/1.1 200 "));
  ASSERT_EQ(sync_.check.asked.size(), 1u);
  EXPECT_EQ(sync_.check.asked[0].if_none_match(), "\"?\"");
}

TEST_F(OverHttpTest, EncodedPathsDoNotSlipPastTheRoutes) {
  EXPECT_THAT(Exchange(Get("/sync%2Fcheck")), Not(StartsWith("HTTP/1.1 2")));
  EXPECT_THAT(Exchange(Get("/%2e%2e/etc/passwd")), Not(StartsWith("HTTP/1.1 2")));
  EXPECT_TRUE(sync_.check.asked.empty());
}

}  // namespace
}  // namespace tidemark::gateway
