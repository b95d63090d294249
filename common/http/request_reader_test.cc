#include "common/http/request_reader.h"

#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <random>
#include <string>
#include <string_view>

namespace tidemark::http {
namespace {

using State = RequestReader::State;

constexpr size_t kHeaderMax = 512;
constexpr size_t kBodyMax = 64;

ServerOptions Options() {
  return {.address = "", .body_bytes_max = kBodyMax, .header_bytes_max = kHeaderMax};
}

// Feeds `bytes` in pieces of `piece` and stops at the first state that is final.
State FeedIn(RequestReader& reader, boost::beast::flat_buffer& buffer, std::string_view bytes, size_t piece) {
  State state = State::kNeedsMore;
  while (!bytes.empty() && state == State::kNeedsMore) {
    const std::string_view next = bytes.substr(0, piece);
    buffer.commit(boost::asio::buffer_copy(buffer.prepare(next.size()), boost::asio::buffer(next)));
    bytes.remove_prefix(next.size());
    state = reader.Feed(buffer);
  }
  return state;
}

State Feed(RequestReader& reader, std::string_view bytes, size_t piece = 1 << 20) {
  boost::beast::flat_buffer buffer;
  return FeedIn(reader, buffer, bytes, piece);
}

int FailureOf(std::string_view bytes, size_t piece = 1 << 20) {
  RequestReader reader(Options());
  return Feed(reader, bytes, piece) == State::kFailed ? reader.failure().status : 0;
}

std::string Get(std::string_view headers) {
  return "GET /path HTTP/1.1\r\nHost: h\r\n" + std::string(headers) + "\r\n";
}

std::string Chunked(std::string_view body) {
  return "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(body);
}

TEST(RequestReader, ReadsTheSameHoweverTheBytesAreCut) {
  const std::string bytes =
      "POST /a%20b?c=d HTTP/1.1\r\nHost: h\r\nX-One: 1\r\nx-one: 2\r\nContent-Length: 5\r\n\r\nhello";
  for (size_t piece = 1; piece <= bytes.size(); ++piece) {
    RequestReader reader(Options());
    ASSERT_EQ(Feed(reader, bytes, piece), State::kDone) << piece;
    EXPECT_TRUE(reader.keep_alive());
    const Request request = reader.Take("10.0.0.1");
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.path, "/a b");
    EXPECT_EQ(request.Query("c"), "d");
    EXPECT_EQ(request.headers.GetJoined("X-One"), "1, 2");
    EXPECT_EQ(request.body, "hello");
    EXPECT_EQ(request.peer, "10.0.0.1");
  }
}

TEST(RequestReader, LeavesTheNextRequestInTheBuffer) {
  const std::string first = Get("");
  boost::beast::flat_buffer buffer;
  RequestReader reader(Options());
  ASSERT_EQ(FeedIn(reader, buffer, first + Get("X: 2\r\n"), 1 << 20), State::kDone);
  EXPECT_EQ(buffer.size(), Get("X: 2\r\n").size());
}

TEST(RequestReader, JoinsChunksAndSkipsExtensionsAndTrailers) {
  const std::string bytes = Chunked("3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\nX-Trailer: t\r\n\r\n");
  for (size_t piece = 1; piece <= bytes.size(); ++piece) {
    RequestReader reader(Options());
    ASSERT_EQ(Feed(reader, bytes, piece), State::kDone) << piece;
    EXPECT_EQ(reader.Take("").body, "hello");
  }
}

TEST(RequestReader, ATrailerIsNoHeader) {
  RequestReader reader(Options());
  ASSERT_EQ(Feed(reader, Chunked("1\r\na\r\n0\r\nAuthorization: Bearer t\r\n\r\n")), State::kDone);
  EXPECT_EQ(reader.Take("").headers.Get("Authorization"), std::nullopt);
}

TEST(RequestReader, ABodyMayHaveLinesThatBeginWithABlank) {
  const std::string bytes = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\n\r\n{\n\r\n  }\n";
  for (size_t piece = 1; piece <= bytes.size(); ++piece) EXPECT_EQ(FailureOf(bytes, piece), 0) << piece;
}

TEST(RequestReader, BodiesEndAtTheirLimit) {
  const std::string post = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ";
  EXPECT_EQ(FailureOf(post + "64\r\n\r\n" + std::string(64, 'b')), 0);
  EXPECT_EQ(FailureOf(post + "65\r\n\r\n"), 413);
  EXPECT_EQ(FailureOf(Chunked("40\r\n" + std::string(64, 'b') + "\r\n0\r\n\r\n")), 0);
  EXPECT_EQ(FailureOf(Chunked("40\r\n" + std::string(64, 'b') + "\r\n1\r\nb\r\n0\r\n\r\n")), 413);
}

TEST(RequestReader, HeadersEndAtTheirLimit) {
  const size_t rest = Get("X: \r\n").size();
  EXPECT_EQ(FailureOf(Get("X: " + std::string(kHeaderMax - rest, 'x') + "\r\n"), 7), 0);
  EXPECT_EQ(FailureOf(Get("X: " + std::string(kHeaderMax - rest + 1, 'x') + "\r\n"), 7), 431);
  EXPECT_EQ(FailureOf("GET /" + std::string(kHeaderMax, 'p')), 431);
}

TEST(RequestReader, ManyShortHeadersAreAsBoundedAsOneLongOne) {
  std::string headers;
  while (headers.size() <= kHeaderMax) headers += "X: 1\r\n";
  for (const size_t piece : {size_t{1}, size_t{16}, size_t{1} << 20}) {
    EXPECT_EQ(FailureOf(Get(headers), piece), 431) << piece;
  }
}

TEST(RequestReader, AnEndlessChunkExtensionOrTrailerIsCut) {
  EXPECT_EQ(FailureOf(Chunked("1;" + std::string(10 * kHeaderMax, 'e')), 16), 431);
  EXPECT_EQ(FailureOf(Chunked("0\r\nX: " + std::string(10 * kHeaderMax, 't')), 16), 431);
}

TEST(RequestReader, RefusesWhatIsNotHttp) {
  for (const char* bad : {"\r\r\r\r", "hello\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
                          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/1.1\r\nHost\r\n\r\n",
                          "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n"}) {
    EXPECT_EQ(FailureOf(bad), 400) << testing::PrintToString(std::string(bad));
  }
}

TEST(RequestReader, RefusesWhatTwoReadersCouldCutDifferently) {
  EXPECT_EQ(FailureOf(Get("Content-Length: 1\r\nContent-Length: 2\r\n")), 400);
  EXPECT_EQ(FailureOf(Get("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n")), 400);
  EXPECT_EQ(FailureOf(Get("Transfer-Encoding: gzip, chunked\r\n")), 400);
  EXPECT_EQ(FailureOf(Get("Transfer-Encoding: gzip\r\n")), 400);
  EXPECT_EQ(FailureOf(Get("Content-Length: -1\r\n")), 400);
  EXPECT_EQ(FailureOf(Get("Host: other\r\n")), 400);
  EXPECT_EQ(FailureOf("GET / HTTP/1.1\r\n\r\n"), 400);
}

TEST(RequestReader, RefusesBadTargets) {
  EXPECT_EQ(FailureOf("GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(FailureOf("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(FailureOf("GET * HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
}

TEST(RequestReader, TakesTheTargetsThatProxiesSend) {
  EXPECT_EQ(FailureOf("GET http://h/a HTTP/1.1\r\nHost: h\r\n\r\n"), 0);
  EXPECT_EQ(FailureOf("GET http://H/a HTTP/1.1\r\nHost: h\r\n\r\n"), 0) << "hosts know no case";
  EXPECT_EQ(FailureOf("GET http://other/a HTTP/1.0\r\n\r\n"), 0) << "there is one name alone";
  EXPECT_EQ(FailureOf("GET http://other/a HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(FailureOf("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"), 0);
}

TEST(RequestReader, HeaderValuesArriveAsAscii) {
  RequestReader reader(Options());
  ASSERT_EQ(Feed(reader, Get("X: a\xC3\xA9\tz\r\n")), State::kDone);
  EXPECT_EQ(reader.Take("").headers.Get("X"), "a??\tz");
}

TEST(RequestReader, OldClientsKeepTheConnectionOnlyIfTheySaySo) {
  RequestReader silent(Options());
  ASSERT_EQ(Feed(silent, "GET / HTTP/1.0\r\n\r\n"), State::kDone);
  EXPECT_FALSE(silent.keep_alive());
  RequestReader saying(Options());
  ASSERT_EQ(Feed(saying, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), State::kDone);
  EXPECT_TRUE(saying.keep_alive());
  EXPECT_TRUE(saying.is_old());
}

TEST(RequestReader, TellsOnceThatTheClientWaitsForContinue) {
  RequestReader reader(Options());
  ASSERT_EQ(Feed(reader, "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n"),
            State::kNeedsMore);
  EXPECT_TRUE(reader.TakeExpectation());
  EXPECT_FALSE(reader.TakeExpectation());
}

// Seeded, so that a failure repeats: no mutation of a request may hang, crash or pass its bounds.
TEST(RequestReader, SurvivesMutatedRequests) {
  std::mt19937 random(1);
  const std::string seeds[] = {Get("X: 1\r\n"), Chunked("3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\nX: t\r\n\r\n"),
                               "POST /?a=%20 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"};
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = seeds[random() % std::size(seeds)];
    for (int mutation = 0; mutation < 3; ++mutation) {
      const size_t at = random() % bytes.size();
      if (random() % 2 == 0) {
        bytes[at] = static_cast<char>(random() % 256);
      } else {
        bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 16));
      }
    }
    RequestReader reader(Options());
    if (Feed(reader, bytes, 1 + random() % bytes.size()) != State::kDone) continue;
    const Request request = reader.Take("");
    EXPECT_LE(request.body.size(), kBodyMax);
    EXPECT_TRUE(request.path.starts_with('/'));
  }
}

}  // namespace
}  // namespace tidemark::http
