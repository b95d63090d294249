#include "gateway/http/content_coding.h"

#include <gtest/gtest.h>

#include "common/async/event_loops.h"
#include "common/gzip/gunzip.h"

namespace tidemark::gateway {
namespace {

http::Headers Accepting(const std::string& accept_encoding) {
  http::Headers headers;
  headers.Set("Accept-Encoding", accept_encoding);
  return headers;
}

http::Response Json(std::string body) {
  http::Response response{.body = std::move(body)};
  response.headers.Set("Content-Type", "application/json");
  response.headers.Set("ETag", "\"1-2-3\"");
  return response;
}

http::Response Encoded(http::Response response) {
  EventLoops loops(1);
  return RunBlocking<http::Response>(loops.Next(), [&] { return Gzipped(response); });
}

TEST(AcceptsGzip, FollowsTheWeights) {
  const struct {
    const char* accept_encoding;
    bool accepts;
  } kRows[] = {
      {"gzip", true},
      {"GZIP", true},
      {"x-gzip", true},
      {"br, deflate , gzip", true},
      {"gzip;q=0.001", true},
      {"gzip ; q=1.0", true},
      {"*", true},
      {"*;q=0.1", true},
      {"identity;q=0.5, gzip", true},
      {"gzip;q=1, identity;q=1", true},
      {"", false},
      {"br", false},
      {"gzipped", false},
      {"gzip;q=0", false},
      {"gzip;q=0.000, *", false},
      {"*;q=0", false},
      {"identity, gzip;q=0.5", false},
      {"gzip;q=2", false},
      {"gzip;q=-1", false},
      {"gzip;q=nan", false},
      {"gzip;q", false},
      {"gzip;level=9", false},
      {";;,,;q=1", false},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(AcceptsGzip(Accepting(row.accept_encoding)), row.accepts) << row.accept_encoding;
  }
  EXPECT_FALSE(AcceptsGzip(http::Headers()));
}

TEST(TakesGzip, TextsAbove1KiBDoAndEventsAndPicturesNever) {
  const struct {
    const char* type;
    size_t bytes;
    bool takes;
  } kRows[] = {
      {"application/json", 1024, false},
      {"application/json", 1025, true},
      {"text/html; charset=utf-8", 1025, true},
      {"application/problem+json", 1025, true},
      {"text/event-stream", 1025, false},
      {"image/png", 1025, false},
      {"", 1025, false},
  };
  for (const auto& row : kRows) {
    http::Response response{.body = std::string(row.bytes, 'a')};
    response.headers.Set("Content-Type", row.type);
    EXPECT_EQ(TakesGzip(Accepting("gzip"), response), row.takes) << row.type << " " << row.bytes;
  }
}

TEST(TakesGzip, WhoDoesNotAcceptItIsToldThatOthersDo) {
  http::Response large = Json(std::string(5000, 'a'));
  EXPECT_FALSE(TakesGzip(http::Headers(), large));
  EXPECT_EQ(large.headers.Get("Vary"), "Accept-Encoding");
  http::Response small = Json("{}");
  EXPECT_FALSE(TakesGzip(Accepting("gzip"), small));
  EXPECT_EQ(small.headers.Get("Vary"), std::nullopt);
}

TEST(Gzipped, KeepsTheBodyAndTheEtag) {
  // More than one piece.
  const std::string body(300'000, 'a');
  const http::Response response = Encoded(Json(body));
  EXPECT_EQ(Gunzip(response.body), body);
  EXPECT_EQ(response.headers.Get("Content-Encoding"), "gzip");
  EXPECT_EQ(response.headers.Get("ETag"), "\"1-2-3\"");
}

struct CollectingWriter : http::BodyWriter {
  Task<absl::Status> Write(std::string piece) override {
    text += piece;
    co_return absl::OkStatus();
  }
  void WhenGone(std::function<void()>) override {}
  void WhenDraining(std::function<void()>) override {}

  std::string text;
};

http::Response Streaming(absl::Status end) {
  http::Response response = Json("");
  response.stream = [end](http::BodyWriter& writer) -> Task<absl::Status> {
    for (int i = 0; i < 1000; ++i) {
      absl::Status written = co_await writer.Write(std::to_string(i));
      if (!written.ok()) co_return written;
    }
    co_return end;
  };
  return response;
}

std::string Streamed(const http::Response& response, absl::Status& status) {
  EventLoops loops(1);
  CollectingWriter writer;
  status = RunBlocking<absl::Status>(loops.Next(), [&] { return response.stream(writer); });
  return writer.text;
}

TEST(Gzipped, AStreamArrivesWhole) {
  absl::Status status;
  const std::string plain = Streamed(Streaming(absl::OkStatus()), status);
  const std::string compressed = Streamed(Encoded(Streaming(absl::OkStatus())), status);
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(Gunzip(compressed), plain);
}

TEST(Gzipped, AStreamThatBreaksOffIsNoWholeGzip) {
  absl::Status status;
  const std::string compressed = Streamed(Encoded(Streaming(absl::UnavailableError("lost"))), status);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Gunzip(compressed), std::nullopt);
}

}  // namespace
}  // namespace tidemark::gateway
