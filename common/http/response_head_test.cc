#include "common/http/response_head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemark::http {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int64_t kNow = 784111777;  // the date of RFC 9110's examples

std::string Head(const Response& response, Framing framing = {}) {
  return FormatHead(response, framing, absl::FromUnixSeconds(kNow));
}

TEST(ResponseHead, IsStatusLineDateHeadersAndLength) {
  Response response{.status = 200, .body = "hello"};
  response.headers.Set("ETag", "\"1-2-3\"");
  EXPECT_EQ(Head(response),
            "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nETag: \"1-2-3\"\r\n"
            "Content-Length: 5\r\n\r\n");
}

TEST(ResponseHead, HasNoLengthWhereThereIsNoBody) {
  EXPECT_THAT(Head({.status = 304, .body = "ignored"}), Not(HasSubstr("Content-Length")));
  EXPECT_THAT(Head({.status = 204}), Not(HasSubstr("Content-Length")));
  EXPECT_FALSE(HasBody({.status = 304, .body = "ignored"}, {}));
}

TEST(ResponseHead, TellsHeadTheLengthOfTheBodyItDoesNotGet) {
  EXPECT_THAT(Head({.body = "hello"}, {.is_head = true}), HasSubstr("Content-Length: 5\r\n"));
  EXPECT_FALSE(HasBody({.body = "hello"}, {.is_head = true}));
}

TEST(ResponseHead, AStreamIsChunkedForThoseWhoKnowChunks) {
  const Response response{.stream = [](BodyWriter&) -> Task<absl::Status> { co_return absl::OkStatus(); }};
  EXPECT_THAT(Head(response), HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(Head(response), Not(HasSubstr("Content-Length")));
  EXPECT_THAT(Head(response, {.is_old = true}), Not(HasSubstr("Transfer-Encoding")));
  EXPECT_THAT(Head(response, {.is_head = true}), Not(HasSubstr("Transfer-Encoding")));
}

TEST(ResponseHead, SaysWhatBecomesOfTheConnection) {
  EXPECT_THAT(Head({}), Not(HasSubstr("Connection")));
  EXPECT_THAT(Head({}, {.keep_alive = false}), HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(Head({}, {.is_old = true}), HasSubstr("Connection: keep-alive\r\n"));
}

TEST(ResponseHead, KeepsHeadersInTheirLine) {
  Response response;
  response.headers.Set("X-Request-Id", std::string("a\r\nSet-Cookie: b\0c", 18));
  EXPECT_THAT(Head(response), HasSubstr("X-Request-Id: a  Set-Cookie: b c\r\n"));
}

TEST(ResponseHead, SetsItsOwnHeadersItself) {
  Response response{.body = "hello"};
  response.headers.Set("content-length", "999");
  response.headers.Set("connection", "close");
  EXPECT_THAT(Head(response), Not(HasSubstr("999")));
  EXPECT_THAT(Head(response), Not(HasSubstr("close")));
}

TEST(ResponseHead, TheDateMovesOn) {
  FormatHead({}, {}, absl::FromUnixSeconds(kNow));
  EXPECT_THAT(FormatHead({}, {}, absl::FromUnixSeconds(kNow + 1)), HasSubstr("08:49:38 GMT"));
}

}  // namespace
}  // namespace tidemark::http
