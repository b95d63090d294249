// Bytes that another reader (a proxy before us, say) could cut into other requests than we do, or that are no
// HTTP: each is refused and ends its connection, so that what follows it is never taken for a request.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <ostream>
#include <string>

#include "common/http/raw_client.h"
#include "common/http/server.h"

namespace tidemark::http {
namespace {

struct Row {
  const char* name;
  std::string bytes;
  int status = 400;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

// Follows each row: what a smuggler would have us answer.
constexpr std::string_view kSmuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

std::string Get(const std::string& headers) { return "GET / HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n"; }

std::string Post(const std::string& headers, const std::string& body = "") {
  return "POST / HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n" + body;
}

std::string Chunked(const std::string& body) { return Post("Transfer-Encoding: chunked\r\n", body); }

std::string Target(const std::string& target, const std::string& method = "GET") {
  return method + " " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

const Row kRows[] = {
    // How long is the body?
    {"TwoContentLengths", Post("Content-Length: 1\r\nContent-Length: 2\r\n", "a")},
    {"TheSameContentLengthTwice", Post("Content-Length: 1\r\nContent-Length: 1\r\n", "a")},
    {"AListOfContentLengths", Post("Content-Length: 1, 1\r\n", "a")},
    {"AListWithAnEmptyContentLength", Post("Content-Length: 1,\r\n", "a")},
    {"ANegativeContentLength", Post("Content-Length: -1\r\n")},
    {"ASignedContentLength", Post("Content-Length: +1\r\n", "a")},
    {"AHexContentLength", Post("Content-Length: 0x1\r\n", "a")},
    {"AContentLengthWithBlanks", Post("Content-Length: 1 1\r\n", "a")},
    {"AnEmptyContentLength", Post("Content-Length:\r\n", "a")},
    {"AContentLengthAbove64Bits", Post("Content-Length: 18446744073709551617\r\n", "a")},
    {"AContentLengthAboveTheLimit", Post("Content-Length: 2097153\r\n"), 413},
    {"ContentLengthAndTransferEncoding",
     Post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
    {"TransferEncodingAndContentLength",
     Post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n")},
    {"ChunkedTwice", Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
    {"ChunkedTwiceInAList", Post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n")},
    {"ChunkedIsNotLast", Post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n")},
    {"AnotherCodingBeforeChunked", Post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")},
    {"AnotherCodingAlone", Post("Transfer-Encoding: gzip\r\n")},
    {"TheIdentityCoding", Post("Transfer-Encoding: identity\r\nContent-Length: 1\r\n", "a")},
    {"AlmostChunked", Post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")},
    {"ChunkedInQuotes", Post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n")},
    {"ChunkedWithAParameter", Post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n")},
    {"ChunkedBehindAVerticalTab", Post("Transfer-Encoding: \x0b"
                                       "chunked\r\n",
                                       "0\r\n\r\n")},
    {"AnEmptyTransferEncoding", Post("Transfer-Encoding:\r\n", "0\r\n\r\n")},
    {"ChunkedInHttp10", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    // Chunks.
    {"AChunkSizeThatIsNoNumber", Chunked("x\r\na\r\n0\r\n\r\n")},
    {"AnEmptyChunkSize", Chunked("\r\na\r\n0\r\n\r\n")},
    {"ASignedChunkSize", Chunked("+1\r\na\r\n0\r\n\r\n")},
    {"ANegativeChunkSize", Chunked("-1\r\na\r\n0\r\n\r\n")},
    {"AChunkSizeWithItsBase", Chunked("0x1\r\na\r\n0\r\n\r\n")},
    {"AChunkSizeBehindABlank", Chunked(" 1\r\na\r\n0\r\n\r\n")},
    {"AChunkSizeAbove64Bits", Chunked("10000000000000001\r\na\r\n0\r\n\r\n")},
    {"AChunkAboveTheLimit", Chunked("FFFFFFFF\r\na\r\n0\r\n\r\n"), 413},
    {"AChunkLongerThanItsSize", Chunked("1\r\nab\r\n0\r\n\r\n")},
    {"AChunkSizeThatEndsInABareLf", Chunked("1\na\r\n0\r\n\r\n")},
    {"AChunkThatEndsInABareLf", Chunked("1\r\na\n0\r\n\r\n")},
    {"AChunkThatEndsInABareCr", Chunked("1\r\na\r0\r\n\r\n")},
    {"AnExtensionWithoutSemicolon", Chunked("1 a\r\na\r\n0\r\n\r\n")},
    {"AnExtensionThatHoldsABareLf", Chunked("1;a\n\r\na\r\n0\r\n\r\n")},
    {"AnExtensionThatHoldsABareCr", Chunked("1;a\rb\r\na\r\n0\r\n\r\n")},
    {"AQuoteInAnExtensionThatHoldsALineEnd", Chunked("1;a=\"\r\n\"\r\na\r\n0\r\n\r\n")},
    {"AnExtensionOfTheLastChunkThatHoldsABareLf", Chunked("0;a\nb\r\n\r\n")},
    {"ATrailerWithoutColon", Chunked("0\r\nabc\r\n\r\n")},
    {"AContentLengthAsTrailer", Chunked("0\r\nContent-Length: 5\r\n\r\n")},
    // Lines.
    {"ABlankBeforeTheColon", Get("X : 1\r\n")},
    {"ATabBeforeTheColon", Get("X\t: 1\r\n")},
    {"ABlankBeforeTheFirstHeader", "GET / HTTP/1.1\r\n Host: h\r\n\r\n"},
    {"AFoldedHeader", Get("X: 1\r\n 2\r\n")},
    {"AHeaderFoldedByATab", Get("X: 1\r\n\t2\r\n")},
    {"AFoldedTransferEncoding", Post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n")},
    {"AHeaderWithoutColon", Get("abc\r\n")},
    {"AHeaderWithoutName", Get(": 1\r\n")},
    {"AHeaderNameWithABracket", Get("X(: 1\r\n")},
    {"AHeaderNameBeyondAscii", Get("X\xC3\xA9: 1\r\n")},
    {"ANulInAHeader", Get(std::string("X: a\0b\r\n", 8))},
    {"ANulInAHeaderName", Get(std::string("X\0: a\r\n", 7))},
    {"ABareCrInAHeader", Get("X: a\rY: b\r\n")},
    {"ABareLfInAHeader", Get("X: a\nY: b\r\n")},
    {"LinesThatEndInABareLf", "GET / HTTP/1.1\nHost: h\n\n\r\n\r\n"},
    {"AnEndOfHeadersOfBareLfs", "GET / HTTP/1.1\r\nHost: h\n\n\r\n\r\n"},
    {"AnEscapeInAHeader", Get("X: \x1b[0m\r\n")},
    {"ADeleteInAHeader", Get("X: \x7f\r\n")},
    // Hosts.
    {"NoHost", "GET / HTTP/1.1\r\n\r\n"},
    {"TwoHosts", Get("Host: h\r\n")},
    {"TwoHostsInHttp10", "GET / HTTP/1.0\r\nHost: h\r\nHost: i\r\n\r\n"},
    {"AHostWithABlank", "GET / HTTP/1.1\r\nHost: h i\r\n\r\n"},
    {"AHostWithAPath", "GET / HTTP/1.1\r\nHost: h/i\r\n\r\n"},
    {"AHostWithAUser", "GET / HTTP/1.1\r\nHost: u@h\r\n\r\n"},
    // Request lines.
    {"NoHttp", "hello\r\n\r\n"},
    {"ATlsHello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15)},
    {"Http09", "GET /\r\n\r\n"},
    {"Http20", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
    {"Http12", "GET / HTTP/1.2\r\nHost: h\r\n\r\n"},
    {"Http011", "GET / HTTP/01.1\r\nHost: h\r\n\r\n"},
    {"LowerCaseHttp", "GET / http/1.1\r\nHost: h\r\n\r\n"},
    {"NoVersion", "GET / \r\nHost: h\r\n\r\n"},
    {"NoTarget", "GET HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"TwoBlanksInTheRequestLine", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"ATabInTheRequestLine", "GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"ABlankAtTheEndOfTheRequestLine", "GET / HTTP/1.1 \r\nHost: h\r\n\r\n"},
    {"ABlankBeforeTheMethod", " GET / HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"ANulInTheMethod", std::string("G\0T / HTTP/1.1\r\nHost: h\r\n\r\n", 27)},
    {"ABracketInTheMethod", "G[T / HTTP/1.1\r\nHost: h\r\n\r\n"},
    // Targets.
    {"ABlankInTheTarget", Target("/a b")},
    {"ANulInTheTarget", "GET /" + std::string(1, '\0') + " HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"AnEncodedNulInTheTarget", Target("/%00")},
    {"AnEncodedByteThatIsNoText", Target("/%ff")},
    {"ABrokenEscape", Target("/%zz")},
    {"ACutEscape", Target("/%4")},
    {"ARelativeTarget", Target("a/b")},
    {"AnotherScheme", Target("ftp://h/")},
    {"TheAuthorityForm", Target("h:443")},
    {"TheAuthorityFormOfConnect", Target("h:443", "CONNECT")},
    {"TheStarOfAnotherMethod", Target("*")},
    {"ATargetThatNamesAnotherHost", Target("http://evil.example/")},
    {"ATargetThatNamesAUser", Target("http://u@h/")},
    // Sizes.
    {"ATargetAboveTheLimit", Target("/" + std::string(20'000, 'a')), 431},
    {"AMethodAboveTheLimit", Target("/", std::string(20'000, 'A')), 431},
    {"AHeaderAboveTheLimit", Get("X: " + std::string(20'000, 'a') + "\r\n"), 431},
    {"AHeaderNameAboveTheLimit", Get(std::string(20'000, 'X') + ": a\r\n"), 431},
    {"AnExtensionAboveTheLimit", Chunked("1;" + std::string(100'000, 'a') + "\r\na\r\n0\r\n\r\n"), 431},
    {"ATrailerAboveTheLimit", Chunked("0\r\nX: " + std::string(100'000, 'a') + "\r\n\r\n"), 431},
};

class HostileRequestsTest : public testing::TestWithParam<Row> {
 protected:
  HostileRequestsTest() {
    server_ = std::make_unique<Server>(loops_, ServerOptions{.address = "127.0.0.1:0"},
                                       [this](Request) -> Task<Response> {
                                         ++handled_;
                                         co_return Response();
                                       });
    EXPECT_TRUE(server_->Start().ok());
  }

  EventLoops loops_{1};
  std::atomic<int> handled_{0};
  std::unique_ptr<Server> server_;
};

TEST_P(HostileRequestsTest, IsRefusedAndNothingBehindItIsRead) {
  RawClient client(server_->port());
  client.Send(GetParam().bytes + std::string(kSmuggled));
  const std::optional<Response> answer = client.Read();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, GetParam().status) << answer->body;
  EXPECT_EQ(answer->headers.Get("Connection"), "close");
  EXPECT_TRUE(client.ReadsEnd());
  EXPECT_EQ(handled_, 0);
}

INSTANTIATE_TEST_SUITE_P(Table, HostileRequestsTest, testing::ValuesIn(kRows),
                         [](const testing::TestParamInfo<Row>& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace tidemark::http
