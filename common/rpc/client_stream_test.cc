// OpenStream against HandleStream, over a real connection.
#include "common/rpc/client_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "common/rpc/handler_stream.h"
#include "common/status/error.h"
#include "tidemark/v1/sync.grpc.pb.h"

namespace tidemark::rpc {
namespace {

using testing::ElementsAre;
using WatchWriter = StreamWriter<v1::WatchResponse>;
using WatchReader = StreamReader<v1::WatchResponse>;
using Read = absl::StatusOr<std::optional<v1::WatchResponse>>;

constexpr std::chrono::seconds kPatience(10);

v1::WatchResponse Message(std::string etag) {
  v1::WatchResponse message;
  message.set_etag(std::move(etag));
  return message;
}

class FakeSync final : public v1::SyncService::CallbackService {
 public:
  explicit FakeSync(EventLoops& loops) : loops_(loops) {}

  grpc::ServerWriteReactor<v1::WatchResponse>* Watch(grpc::CallbackServerContext* context,
                                                     const v1::WatchRequest* request) override {
    asked = *request;
    return HandleStream<v1::WatchResponse>(loops_, context, body);
  }

  std::function<Task<absl::Status>(ServerCall&, WatchWriter&)> body;
  v1::WatchRequest asked;

 private:
  EventLoops& loops_;
};

class ClientStreamTest : public testing::Test {
 protected:
  ClientStreamTest() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&sync_);
    server_ = builder.BuildAndStart();
    channel_ = NewChannel("127.0.0.1:" + std::to_string(port_));
    stub_ = v1::SyncService::NewStub(channel_);
    call_.timeout = absl::InfiniteDuration();
  }
  ~ClientStreamTest() override { server_->Shutdown(); }

  std::unique_ptr<WatchReader> Open() {
    v1::WatchRequest request;
    request.set_if_none_match("\"1\"");
    return OpenStream<v1::WatchResponse>(
        *streams_, call_, request,
        [this](auto* context, auto* sent, auto* reactor) { stub_->async()->Watch(context, sent, reactor); });
  }

  // Runs `body` with an open stream, on a loop.
  void WithStream(std::function<Task<void>(WatchReader&)> body) {
    RunBlocking<void>(client_loops_.Next(), [&]() -> Task<void> {
      const std::unique_ptr<WatchReader> reader = Open();
      co_await body(*reader);
    });
  }

  EventLoops loops_{1};
  EventLoops client_loops_{1};
  FakeSync sync_{loops_};
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::SyncService::Stub> stub_;
  std::unique_ptr<OpenStreams> streams_ = std::make_unique<OpenStreams>();
  ClientCall call_;
};

// Writes 1, 2, 3 and returns `end`.
Task<absl::Status> CountToThree(WatchWriter& writer, absl::Status end) {
  for (const char* etag : {"1", "2", "3"}) {
    const absl::Status written = co_await writer.Write(Message(etag));
    if (!written.ok()) co_return written;
  }
  co_return end;
}

// Writes until the client has gone.
Task<absl::Status> WriteForever(WatchWriter& writer) {
  absl::Status written;
  while (written.ok()) written = co_await writer.Write(Message("again"));
  co_return written;
}

TEST_F(ClientStreamTest, ReadsMessagesInOrderAndThenTheEnd) {
  sync_.body = [](ServerCall&, WatchWriter& writer) { return CountToThree(writer, absl::OkStatus()); };
  std::vector<std::string> etags;
  WithStream([&](WatchReader& reader) -> Task<void> {
    Read message = co_await reader.Read();
    while (message.ok() && message->has_value()) {
      etags.push_back((*message)->etag());
      message = co_await reader.Read();
    }
    EXPECT_TRUE(message.ok()) << message.status();
    const Read again = co_await reader.Read();
    EXPECT_TRUE(again.ok() && !again->has_value()) << "the end stays the end";
  });
  EXPECT_THAT(etags, ElementsAre("1", "2", "3"));
  EXPECT_EQ(sync_.asked.if_none_match(), "\"1\"");
}

TEST_F(ClientStreamTest, AnErrorComesAfterTheMessagesWithItsCode) {
  sync_.body = [](ServerCall&, WatchWriter& writer) {
    return CountToThree(writer, Error(Code::kExpiredToken, "expired"));
  };
  WithStream([&](WatchReader& reader) -> Task<void> {
    for (int i = 0; i < 3; ++i) {
      const Read message = co_await reader.Read();
      EXPECT_TRUE(message.ok()) << message.status();
    }
    const Read end = co_await reader.Read();
    EXPECT_EQ(ErrorInfoOf(end.status()).code, Code::kExpiredToken);
  });
}

TEST_F(ClientStreamTest, WhatTravelsWithTheAnswerIsKnownAtItsFirstMessage) {
  sync_.body = [](ServerCall& call, WatchWriter& writer) -> Task<absl::Status> {
    call.trailers["ratelimit"] = "r=9";
    const absl::Status written = co_await writer.Write(Message("1"));
    call.trailers["ratelimit-policy"] = "q=10";
    co_return written;
  };
  WithStream([&](WatchReader& reader) -> Task<void> {
    EXPECT_TRUE(reader.trailers().empty());
    const Read message = co_await reader.Read();
    EXPECT_TRUE(message.ok());
    EXPECT_EQ(reader.trailers()["ratelimit"], "r=9");
    EXPECT_EQ(reader.trailers().count("ratelimit-policy"), 0u);
    const Read end = co_await reader.Read();
    EXPECT_TRUE(end.ok());
    EXPECT_EQ(reader.trailers()["ratelimit-policy"], "q=10");
  });
}

TEST_F(ClientStreamTest, AnErrorBeforeTheFirstMessageBringsItsTrailers) {
  sync_.body = [](ServerCall& call, WatchWriter&) -> Task<absl::Status> {
    call.trailers["ratelimit"] = "r=0";
    co_return Error(Code::kRateLimited, "too many streams", {.retry_after = absl::Seconds(7)});
  };
  WithStream([&](WatchReader& reader) -> Task<void> {
    const Read end = co_await reader.Read();
    EXPECT_EQ(ErrorInfoOf(end.status()).details.retry_after, absl::Seconds(7));
    EXPECT_EQ(reader.trailers()["ratelimit"], "r=0");
  });
}

TEST_F(ClientStreamTest, CancelEndsAReadThatWaits) {
  std::promise<Completion<bool>> waiting;
  sync_.body = [&](ServerCall&, WatchWriter& writer) -> Task<absl::Status> {
    const absl::Status written = co_await writer.Write(Message("1"));
    co_await Await<bool>([&](Completion<bool> done) { waiting.set_value(std::move(done)); });
    co_return written;
  };
  WithStream([&](WatchReader& reader) -> Task<void> {
    const Read message = co_await reader.Read();
    EXPECT_TRUE(message.ok()) << message.status();
    EventLoop::Current()->Post([&] { reader.Cancel(); });
    const Read end = co_await reader.Read();
    EXPECT_EQ(end.status().code(), absl::StatusCode::kCancelled);
    const Read later = co_await reader.Read();
    EXPECT_EQ(later.status().code(), absl::StatusCode::kCancelled);
  });
  waiting.get_future().get()(true);
}

TEST_F(ClientStreamTest, AMessageThatDoesNotComeInTimeIsAnError) {
  std::promise<Completion<bool>> waiting;
  sync_.body = [&](ServerCall&, WatchWriter& writer) -> Task<absl::Status> {
    const absl::Status written = co_await writer.Write(Message("1"));
    co_await Await<bool>([&](Completion<bool> done) { waiting.set_value(std::move(done)); });
    co_return written;
  };
  call_.timeout = absl::Milliseconds(200);
  WithStream([&](WatchReader& reader) -> Task<void> {
    Read end = co_await reader.Read();
    // On a busy machine the first may be late as well.
    if (end.ok()) end = co_await reader.Read();
    EXPECT_EQ(ErrorInfoOf(end.status()).code, Code::kUnavailable) << end.status();
  });
  waiting.get_future().get()(true);
}

TEST_F(ClientStreamTest, AServiceThatIsAwayIsUnavailableAtOnce) {
  server_->Shutdown();
  WithStream([](WatchReader& reader) -> Task<void> {
    const Read end = co_await reader.Read();
    EXPECT_EQ(end.status().code(), absl::StatusCode::kUnavailable);
  });
}

TEST_F(ClientStreamTest, AStreamThatIsGivenUpEndsTheCall) {
  std::promise<absl::Status> ended;
  sync_.body = [&](ServerCall&, WatchWriter& writer) -> Task<absl::Status> {
    const absl::Status status = co_await WriteForever(writer);
    ended.set_value(status);
    co_return status;
  };
  WithStream([](WatchReader& reader) -> Task<void> {
    const Read message = co_await reader.Read();
    EXPECT_TRUE(message.ok()) << message.status();
  });
  std::future<absl::Status> status = ended.get_future();
  ASSERT_EQ(status.wait_for(kPatience), std::future_status::ready);
  EXPECT_EQ(status.get().code(), absl::StatusCode::kCancelled);
}

// gRPC's thread must never be the last to let go of a channel (client.h).
TEST_F(ClientStreamTest, NoStreamHoldsTheChannelOnceOpenStreamsHasGone) {
  sync_.body = [](ServerCall&, WatchWriter& writer) { return WriteForever(writer); };
  for (int i = 0; i < 20; ++i) {
    WithStream([](WatchReader& reader) -> Task<void> { co_await reader.Read(); });
  }
  streams_.reset();
  stub_.reset();
  EXPECT_EQ(channel_.use_count(), 1);
}

}  // namespace
}  // namespace tidemark::rpc
