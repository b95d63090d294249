// Streamed answers as clients meet them, over real sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/async/completion.h"
#include "common/async/test_eventually.h"
#include "common/http/raw_client.h"
#include "common/http/server.h"

namespace tidemark::http {
namespace {

constexpr std::chrono::seconds kPatience(10);

// A step at which a stream waits until the test lets it go on.
class Gate {
 public:
  // For the stream.
  Task<void> Pass() {
    co_await Await<bool>([this](Completion<bool> done) { waiting_.set_value(std::move(done)); });
  }
  // For the test: waits until the stream is there.
  void Open() { waiting_.get_future().get()(true); }

 private:
  std::promise<Completion<bool>> waiting_;
};

Task<absl::Status> WaitUntil(std::function<void(std::function<void()>)> told) {
  co_await Await<bool>([&](Completion<bool> done) { told([done] { done(true); }); });
  co_return absl::OkStatus();
}

class StreamTest : public testing::Test {
 protected:
  // "/stream" is answered by `stream`, anything else by its path.
  void Start(BodyStream stream, ServerOptions options = {}) {
    options.address = "127.0.0.1:0";
    server_ = std::make_unique<Server>(loops_, options, [stream](Request request) -> Task<Response> {
      Response response{.body = request.path};
      if (request.path == "/stream") response.stream = stream;
      co_return response;
    });
    ASSERT_TRUE(server_->Start().ok());
  }

  int port() const { return server_->port(); }

  EventLoops loops_{2};
  std::unique_ptr<Server> server_;
};

TEST_F(StreamTest, APieceArrivesBeforeTheNextIsWritten) {
  Gate gate;
  Start([&](BodyWriter& writer) -> Task<absl::Status> {
    const absl::Status first = co_await writer.Write("first");
    co_await gate.Pass();
    if (!first.ok()) co_return first;
    co_return co_await writer.Write("second");
  });
  RawClient client(port());
  const std::optional<Response> head = client.Ask("GET", "/stream");
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->headers.Get("Transfer-Encoding"), "chunked");
  EXPECT_EQ(head->headers.Get("Content-Length"), std::nullopt);
  EXPECT_EQ(client.ReadChunk(), "first");
  gate.Open();
  EXPECT_EQ(client.ReadChunk(), "second");
  EXPECT_EQ(client.ReadChunk(), "") << "the last chunk";
  EXPECT_EQ(client.Ask("GET", "/next")->body, "/next") << "the connection is kept";
}

TEST_F(StreamTest, IsShownWhileItIsUnderWay) {
  metrics::Registry registry;
  Gate gate;
  Start(
      [&](BodyWriter&) -> Task<absl::Status> {
        co_await gate.Pass();
        co_return absl::OkStatus();
      },
      {.metrics = &registry});
  RawClient client(port());
  ASSERT_TRUE(client.Ask("GET", "/stream").has_value());
  EXPECT_THAT(registry.Text(), testing::HasSubstr("\ntidemark_http_streams 1\n"));
  gate.Open();
  EXPECT_EQ(client.ReadChunk(), "");
  // Answered after the stream has ended.
  ASSERT_TRUE(client.Ask("GET", "/next").has_value());
  EXPECT_THAT(registry.Text(), testing::HasSubstr("\ntidemark_http_streams 0\n"));
  server_.reset();
}

TEST_F(StreamTest, TheHeadersArriveBeforeThereIsAnyPiece) {
  Gate gate;
  Start([&](BodyWriter&) -> Task<absl::Status> {
    co_await gate.Pass();
    co_return absl::OkStatus();
  });
  RawClient client(port());
  EXPECT_EQ(client.Ask("GET", "/stream")->status, 200);
  gate.Open();
  EXPECT_EQ(client.ReadChunk(), "");
}

TEST_F(StreamTest, APieceWithoutBytesIsNotTheEnd) {
  Start([](BodyWriter& writer) -> Task<absl::Status> {
    const absl::Status nothing = co_await writer.Write("");
    if (!nothing.ok()) co_return nothing;
    co_return co_await writer.Write("something");
  });
  RawClient client(port());
  client.Ask("GET", "/stream");
  EXPECT_EQ(client.ReadChunk(), "something");
}

TEST_F(StreamTest, APieceOfManyBytesArrivesWhole) {
  Start([](BodyWriter& writer) { return writer.Write(std::string(3 << 20, 'l')); });
  RawClient client(port());
  client.Ask("GET", "/stream");
  EXPECT_EQ(client.ReadChunk(), std::string(3 << 20, 'l'));
  EXPECT_EQ(client.ReadChunk(), "");
}

TEST_F(StreamTest, AnOldClientReadsUpToTheEndOfTheConnection) {
  Start([](BodyWriter& writer) { return writer.Write("all"); });
  RawClient client(port());
  client.Send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const std::optional<Response> head = client.Read();
  EXPECT_EQ(head->headers.Get("Transfer-Encoding"), std::nullopt);
  EXPECT_EQ(head->headers.Get("Connection"), "close");
  EXPECT_EQ(client.ReadToEnd(), "all");
}

TEST_F(StreamTest, HeadGetsNoBodyAndStartsNoStream) {
  bool started = false;
  Start([&](BodyWriter& writer) {
    started = true;
    return writer.Write("all");
  });
  RawClient client(port());
  EXPECT_EQ(client.Ask("HEAD", "/stream")->status, 200);
  EXPECT_EQ(client.Ask("GET", "/next")->body, "/next");
  EXPECT_FALSE(started);
}

TEST_F(StreamTest, AStreamThatFailsIsCutWithoutItsLastChunk) {
  for (const bool throws : {false, true}) {
    Start([throws](BodyWriter& writer) -> Task<absl::Status> {
      const absl::Status written = co_await writer.Write("half");
      if (!written.ok()) co_return written;
      if (throws) throw std::runtime_error("a bug");
      co_return absl::UnavailableError("lost");
    });
    RawClient client(port());
    client.Ask("GET", "/stream");
    EXPECT_EQ(client.ReadChunk(), "half");
    EXPECT_EQ(client.ReadToEnd(), "");
  }
}

TEST_F(StreamTest, AClientThatLeavesIsNoticedWhileNothingIsWritten) {
  std::promise<absl::Status> after;
  Start([&](BodyWriter& writer) -> Task<absl::Status> {
    co_await WaitUntil([&](std::function<void()> gone) { writer.WhenGone(std::move(gone)); });
    const absl::Status written = co_await writer.Write("to nobody");
    after.set_value(written);
    co_return written;
  });
  auto client = std::make_unique<RawClient>(port());
  client->Ask("GET", "/stream");
  client.reset();
  std::future<absl::Status> status = after.get_future();
  ASSERT_EQ(status.wait_for(kPatience), std::future_status::ready);
  EXPECT_EQ(status.get().code(), absl::StatusCode::kCancelled);
}

TEST_F(StreamTest, AStreamThatAsksTooLateIsToldAtOnce) {
  std::promise<void> told;
  Start([&](BodyWriter& writer) -> Task<absl::Status> {
    absl::Status written;
    while (written.ok()) written = co_await writer.Write("piece");
    writer.WhenGone([&] { told.set_value(); });
    co_return written;
  });
  auto client = std::make_unique<RawClient>(port());
  client->Ask("GET", "/stream");
  // A stream whose client left before it began is not run at all.
  client->ReadChunk();
  client.reset();
  EXPECT_EQ(told.get_future().wait_for(kPatience), std::future_status::ready);
}

TEST_F(StreamTest, AStreamWaitsForAClientThatDoesNotReadAndThenEnds) {
  constexpr int kTooMany = 1000;
  std::promise<int> taken;
  Start(
      [&](BodyWriter& writer) -> Task<absl::Status> {
        int pieces = 0;
        absl::Status written;
        while (written.ok() && pieces < kTooMany) {
          written = co_await writer.Write(std::string(256 << 10, 'p'));
          if (written.ok()) ++pieces;
        }
        taken.set_value(pieces);
        co_return written;
      },
      {.write_timeout = absl::Milliseconds(50)});
  RawClient client(port());
  client.Send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_LT(taken.get_future().get(), kTooMany);
}

TEST_F(StreamTest, ARequestSentMeanwhileIsAnsweredAfterwards) {
  Gate gate;
  Start([&](BodyWriter& writer) -> Task<absl::Status> {
    co_await gate.Pass();
    co_return co_await writer.Write("all");
  });
  RawClient client(port());
  client.Ask("GET", "/stream");
  client.Send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
  gate.Open();
  EXPECT_EQ(client.ReadChunk(), "all");
  EXPECT_EQ(client.ReadChunk(), "");
  EXPECT_EQ(client.Read()->body, "/next");
}

TEST_F(StreamTest, NoTimeoutOfARequestEndsAStream) {
  constexpr absl::Duration kTimeout = absl::Milliseconds(20);
  Start(
      [&](BodyWriter& writer) -> Task<absl::Status> {
        co_await Sleep(kTimeout * 5);
        co_return co_await writer.Write("late");
      },
      {.read_timeout = kTimeout, .write_timeout = kTimeout, .idle_timeout = kTimeout});
  // On a busy machine a connection may be over before its request is there: then another.
  EXPECT_TRUE(Eventually([&] {
    RawClient client(port());
    const std::optional<Response> head = client.Ask("GET", "/stream");
    return head.has_value() && head->status == 200 && client.ReadChunk() == "late";
  }));
}

TEST_F(StreamTest, DrainTellsAStreamWhichThenEndsWhole) {
  Start([](BodyWriter& writer) -> Task<absl::Status> {
    const absl::Status begun = co_await writer.Write("begun");
    if (!begun.ok()) co_return begun;
    co_return co_await WaitUntil([&](std::function<void()> told) { writer.WhenDraining(std::move(told)); });
  });
  auto client = std::make_unique<RawClient>(port());
  client->Ask("GET", "/stream");
  ASSERT_EQ(client->ReadChunk(), "begun");
  std::thread drain([&] { server_->Drain(absl::Hours(1)); });
  EXPECT_EQ(client->ReadChunk(), "");
  EXPECT_TRUE(client->ReadsEnd());
  client.reset();
  drain.join();
}

TEST_F(StreamTest, DrainLetsAStreamThatEndsByItselfFinish) {
  Gate gate;
  Start([&](BodyWriter& writer) -> Task<absl::Status> {
    co_await gate.Pass();
    co_return co_await writer.Write("finished");
  });
  auto client = std::make_unique<RawClient>(port());
  client->Ask("GET", "/stream");
  RawClient idle(port());
  ASSERT_EQ(idle.Ask("GET", "/")->status, 200);
  std::thread drain([&] { server_->Drain(absl::Hours(1)); });
  EXPECT_TRUE(idle.ReadsEnd()) << "the drain has begun";
  gate.Open();
  EXPECT_EQ(client->ReadChunk(), "finished");
  EXPECT_EQ(client->ReadChunk(), "");
  client.reset();
  drain.join();
}

TEST_F(StreamTest, DrainCutsAStreamAfterItsGrace) {
  Start([](BodyWriter& writer) {
    return WaitUntil([&](std::function<void()> gone) { writer.WhenGone(std::move(gone)); });
  });
  RawClient client(port());
  client.Ask("GET", "/stream");
  server_->Drain(absl::Milliseconds(20));
  server_.reset();
  EXPECT_EQ(client.ReadToEnd(), "");
}

}  // namespace
}  // namespace tidemark::http
