// Both ends of a call, over a real connection: HandleUnary and HandleStream against CallUnary.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>

#include "common/async/test_eventually.h"
#include "common/metrics/metrics.h"
#include "common/rpc/call_observer.h"
#include "common/rpc/client.h"
#include "common/rpc/handler.h"
#include "common/rpc/handler_stream.h"
#include "common/status/error.h"
#include "tidemark/v1/ratelimit.grpc.pb.h"
#include "tidemark/v1/sync.grpc.pb.h"

namespace tidemark::rpc {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using AcquireBody =
    std::function<Task<absl::Status>(ServerCall&, const v1::AcquireRequest&, v1::AcquireResponse&)>;
using WatchBody = std::function<Task<absl::Status>(ServerCall&, StreamWriter<v1::WatchResponse>&)>;

class FakeRateLimit final : public v1::RateLimitService::CallbackService {
 public:
  explicit FakeRateLimit(EventLoops& loops) : loops_(loops) {}

  grpc::ServerUnaryReactor* Acquire(grpc::CallbackServerContext* context, const v1::AcquireRequest* request,
                                    v1::AcquireResponse* response) override {
    last_context = context;
    return HandleUnary(loops_, context, [this, request, response](ServerCall& call) {
      return body(call, *request, *response);
    });
  }

  AcquireBody body;
  std::atomic<grpc::CallbackServerContext*> last_context = nullptr;

 private:
  EventLoops& loops_;
};

class FakeSync final : public v1::SyncService::CallbackService {
 public:
  explicit FakeSync(EventLoops& loops) : loops_(loops) {}

  grpc::ServerWriteReactor<v1::WatchResponse>* Watch(grpc::CallbackServerContext* context,
                                                     const v1::WatchRequest*) override {
    return HandleStream<v1::WatchResponse>(loops_, context, body, write_timeout);
  }

  WatchBody body;
  absl::Duration write_timeout = kWriteTimeout;

 private:
  EventLoops& loops_;
};

class CallTest : public testing::Test {
 protected:
  CallTest() {
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> observers;
    observers.push_back(NewCallObserver(registry_));
    grpc::ServerBuilder builder;
    builder.experimental().SetInterceptorCreators(std::move(observers));
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&ratelimit_);
    builder.RegisterService(&sync_);
    server_ = builder.BuildAndStart();
    channel_ = NewChannel("127.0.0.1:" + std::to_string(port_));
  }

  ~CallTest() override { server_->Shutdown(); }

  absl::StatusOr<v1::AcquireResponse> Acquire(ClientCall& call, v1::AcquireRequest request = {}) {
    const auto stub = v1::RateLimitService::NewStub(channel_);
    return RunBlocking<absl::StatusOr<v1::AcquireResponse>>(
        client_loops_.Next(), [&]() -> Task<absl::StatusOr<v1::AcquireResponse>> {
          co_return co_await CallUnary<v1::AcquireResponse>(
              call, request, [&](auto* context, auto* message, auto* response, auto done) {
                stub->async()->Acquire(context, message, response, std::move(done));
              });
        });
  }

  EventLoops loops_{2};
  EventLoops client_loops_{1};
  metrics::Registry registry_;
  FakeRateLimit ratelimit_{loops_};
  FakeSync sync_{loops_};
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

Task<absl::Status> Nothing() { co_return absl::OkStatus(); }

TEST_F(CallTest, CarriesTheMessageThereAndBack) {
  ratelimit_.body = [](ServerCall&, const v1::AcquireRequest& request,
                       v1::AcquireResponse& response) -> Task<absl::Status> {
    co_await Sleep(absl::Milliseconds(1));
    response.set_remaining(request.cost() + 1);
    co_return absl::OkStatus();
  };
  v1::AcquireRequest request;
  request.set_cost(41);
  ClientCall call;
  const absl::StatusOr<v1::AcquireResponse> answer = Acquire(call, request);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->remaining(), 42);
}

TEST_F(CallTest, ACallWhoseDeadlinePassedWhileTheLoopWasBusyIsNotBegun) {
  std::atomic<int> begun = 0;
  ratelimit_.body = [&](ServerCall&, const auto&, auto&) {
    ++begun;
    return Nothing();
  };
  std::promise<void> let_go;
  const std::shared_future<void> gone = let_go.get_future().share();
  for (int i = 0; i < loops_.size(); ++i) loops_.at(i).Post([gone] { gone.wait(); });
  ClientCall call{.timeout = absl::Milliseconds(20)};
  EXPECT_EQ(Acquire(call).status().code(), absl::StatusCode::kDeadlineExceeded);
  // The server keeps the deadline by itself. Until it is answered, the call is there.
  ASSERT_TRUE(Eventually([&] { return ratelimit_.last_context != nullptr; }));
  ASSERT_TRUE(Eventually([&] { return ratelimit_.last_context.load()->IsCancelled(); }));
  let_go.set_value();
  ClientCall next;
  EXPECT_TRUE(Acquire(next).ok());
  EXPECT_EQ(begun, 1);
}

TEST_F(CallTest, CarriesTheContextThereAndTrailersBack) {
  ServerCall seen;
  ratelimit_.body = [&](ServerCall& call, const auto&, auto&) {
    call.trailers["ratelimit"] = "\"sync\";r=9";
    seen = call;
    return Nothing();
  };
  ClientCall call{.origin = {.request_id = "request-1"},
                  .authorization = "Bearer token",
                  .service_token = "secret",
                  .forwarded_for = "10.1.2.3",
                  .timeout = absl::Seconds(30)};
  ASSERT_TRUE(Acquire(call).ok());
  EXPECT_EQ(seen.origin.request_id, "request-1");
  EXPECT_EQ(seen.authorization, "Bearer token");
  EXPECT_EQ(seen.service_token, "secret");
  EXPECT_EQ(seen.forwarded_for, "10.1.2.3");
  EXPECT_EQ(seen.peer, "127.0.0.1");
  EXPECT_EQ(call.trailers["ratelimit"], "\"sync\";r=9");
  EXPECT_EQ(call.trailers["x-request-id"], "request-1");
}

TEST_F(CallTest, MakesARequestIdWhenNoneIsGiven) {
  ratelimit_.body = [](ServerCall&, const auto&, auto&) { return Nothing(); };
  ClientCall call;
  ASSERT_TRUE(Acquire(call).ok());
  EXPECT_EQ(call.trailers["x-request-id"].size(), 16u);
}

TEST_F(CallTest, SurvivesHostileMetadataOnBothSides) {
  std::string seen;
  ratelimit_.body = [&](ServerCall& call, const auto&, auto&) {
    seen = call.authorization;
    call.trailers["ratelimit"] = "line\nfeed";
    return Nothing();
  };
  ClientCall call;
  call.authorization = "Bearer \xFF\x01\n";
  ASSERT_TRUE(Acquire(call).ok());
  EXPECT_EQ(seen, "Bearer ???");
  EXPECT_EQ(call.trailers["ratelimit"], "line?feed");
}

TEST_F(CallTest, CarriesErrorsWithTheirDetailsAndTrailers) {
  ratelimit_.body = [](ServerCall& call, const auto&, auto&) -> Task<absl::Status> {
    call.trailers["ratelimit"] = "r=0";
    co_return Error(Code::kRateLimited, "Daily sync limit reached", {.retry_after = absl::Hours(3)});
  };
  ClientCall call;
  const absl::Status status = Acquire(call).status();
  EXPECT_EQ(status.message(), "Daily sync limit reached");
  EXPECT_EQ(ErrorInfoOf(status).code, Code::kRateLimited);
  EXPECT_EQ(ErrorInfoOf(status).details.retry_after, absl::Hours(3));
  EXPECT_EQ(call.trailers["ratelimit"], "r=0");
}

TEST_F(CallTest, AHandlerThatThrowsIsAnInternalError) {
  ratelimit_.body = [](ServerCall&, const auto&, auto&) -> Task<absl::Status> {
    throw std::runtime_error("a bug");
  };
  ClientCall call;
  const absl::Status status = Acquire(call).status();
  EXPECT_EQ(ErrorInfoOf(status).code, Code::kInternal);
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("a bug")));
}

TEST_F(CallTest, EndsAtTheDeadlineWhileTheHandlerRunsOn) {
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  std::atomic<int> begun = 0;
  std::atomic<int> ended = 0;
  ratelimit_.body = [&](ServerCall&, const auto&, auto&) -> Task<absl::Status> {
    ++begun;
    while (released.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      co_await Sleep(absl::Milliseconds(1));
    }
    ++ended;
    co_return absl::OkStatus();
  };
  // On a busy machine the deadline may be over before a handler begins: then once more.
  while (begun == 0) {
    ClientCall call;
    call.timeout = absl::Milliseconds(20);
    EXPECT_EQ(Acquire(call).status().code(), absl::StatusCode::kDeadlineExceeded);
  }
  EXPECT_EQ(ended, 0);
  release.set_value();
  EXPECT_TRUE(Eventually([&] { return ended == begun; }));
}

// gRPC's thread must never be the last to let go of a channel (client.h).
TEST_F(CallTest, ACallThatHasEndedHoldsNoChannel) {
  ratelimit_.body = [](ServerCall&, const auto&, auto&) { return Nothing(); };
  std::promise<void> leave_callback;
  const std::shared_future<void> left = leave_callback.get_future().share();
  {
    const auto stub = v1::RateLimitService::NewStub(channel_);
    ClientCall call;
    const auto answer = RunBlocking<absl::StatusOr<v1::AcquireResponse>>(
        client_loops_.Next(), [&]() -> Task<absl::StatusOr<v1::AcquireResponse>> {
          co_return co_await CallUnary<v1::AcquireResponse>(
              call, v1::AcquireRequest(), [&](auto* context, auto* message, auto* response, auto done) {
                stub->async()->Acquire(context, message, response, [left, done](grpc::Status status) mutable {
                  done(std::move(status));
                  left.wait();
                });
              });
        });
    ASSERT_TRUE(answer.ok()) << answer.status();
  }
  EXPECT_EQ(channel_.use_count(), 1);
  leave_callback.set_value();
}

TEST_F(CallTest, IsUnavailableAtOnceWhenNobodyListens) {
  server_->Shutdown();
  ClientCall call;
  call.timeout = absl::Hours(1);
  EXPECT_EQ(Acquire(call).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(CallTest, WhatNoServiceImplementsIsNotImplemented) {
  const auto stub = v1::SyncService::NewStub(channel_);
  grpc::ClientContext context;
  v1::CheckResponse response;
  const grpc::Status status = stub->Check(&context, {}, &response);
  EXPECT_EQ(ErrorInfoOf(FromGrpc(status)).code, Code::kNotImplemented);
}

TEST_F(CallTest, IsCountedByMethodAndCode) {
  ratelimit_.body = [](ServerCall&, const v1::AcquireRequest& request, auto&) -> Task<absl::Status> {
    if (request.cost() == 0) co_return absl::OkStatus();
    co_return Error(Code::kNotFound, "no such policy");
  };
  v1::AcquireRequest bad;
  bad.set_cost(1);
  ClientCall call;
  ASSERT_TRUE(Acquire(call).ok());
  ASSERT_TRUE(Acquire(call).ok());
  ASSERT_FALSE(Acquire(call, bad).ok());
  const std::string text = registry_.Text();
  const std::string method = "method=\"/tidemark.v1.RateLimitService/Acquire\"";
  EXPECT_THAT(text, HasSubstr("tidemark_rpc_total{code=\"OK\"," + method + "} 2\n"));
  EXPECT_THAT(text, HasSubstr("tidemark_rpc_total{code=\"NOT_FOUND\"," + method + "} 1\n"));
  EXPECT_THAT(text, HasSubstr("tidemark_rpc_seconds_count{" + method + "} 3\n"));
}

TEST_F(CallTest, IsOneLogLineWithItsRequestId) {
  ratelimit_.body = [](ServerCall&, const auto&, auto&) { return Nothing(); };
  testing::internal::CaptureStderr();
  ClientCall call;
  call.origin.request_id = "request-2";
  ASSERT_TRUE(Acquire(call).ok());
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("\"event\":\"call\",\"request_id\":\"request-2\",\"trace_id\":\""));
  EXPECT_THAT(log, HasSubstr("\"method\":\"/tidemark.v1.RateLimitService/Acquire\",\"code\":\"OK\""));
}

TEST_F(CallTest, StreamsMessagesInOrderAndThenTheStatus) {
  sync_.body = [](ServerCall&, StreamWriter<v1::WatchResponse>& writer) -> Task<absl::Status> {
    for (const char* etag : {"1", "2", "3"}) {
      v1::WatchResponse message;
      message.set_etag(etag);
      const absl::Status written = co_await writer.Write(std::move(message));
      if (!written.ok()) co_return written;
    }
    co_return Error(Code::kUnavailable, "draining");
  };
  const auto stub = v1::SyncService::NewStub(channel_);
  grpc::ClientContext context;
  const auto reader = stub->Watch(&context, {});
  std::vector<std::string> etags;
  v1::WatchResponse message;
  while (reader->Read(&message)) etags.push_back(message.etag());
  EXPECT_THAT(etags, ElementsAre("1", "2", "3"));
  EXPECT_EQ(FromGrpc(reader->Finish()).message(), "draining");
}

TEST_F(CallTest, AStreamWhoseClientHasGoneEnds) {
  std::promise<absl::Status> ended;
  sync_.body = [&](ServerCall&, StreamWriter<v1::WatchResponse>& writer) -> Task<absl::Status> {
    absl::Status written;
    while (written.ok()) {
      v1::WatchResponse message;
      message.set_etag(std::string(1000, 'e'));
      written = co_await writer.Write(std::move(message));
    }
    ended.set_value(written);
    co_return written;
  };
  const auto stub = v1::SyncService::NewStub(channel_);
  grpc::ClientContext context;
  const auto reader = stub->Watch(&context, {});
  v1::WatchResponse message;
  ASSERT_TRUE(reader->Read(&message));
  context.TryCancel();
  std::future<absl::Status> status = ended.get_future();
  ASSERT_EQ(status.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_EQ(status.get().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(CallTest, AStreamThatItsClientDoesNotReadEnds) {
  std::promise<absl::Status> ended;
  sync_.write_timeout = absl::Milliseconds(50);
  sync_.body = [&](ServerCall&, StreamWriter<v1::WatchResponse>& writer) -> Task<absl::Status> {
    absl::Status written;
    while (written.ok()) {
      v1::WatchResponse message;
      message.set_etag(std::string(1 << 20, 'e'));
      written = co_await writer.Write(std::move(message));
    }
    ended.set_value(written);
    co_return written;
  };
  const auto stub = v1::SyncService::NewStub(channel_);
  grpc::ClientContext context;
  const auto reader = stub->Watch(&context, {});
  std::future<absl::Status> status = ended.get_future();
  ASSERT_EQ(status.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_EQ(status.get().code(), absl::StatusCode::kCancelled);
  context.TryCancel();
  reader->Finish();
}

TEST_F(CallTest, ABodyThatWaitsIsToldThatItsClientHasGone) {
  sync_.body = [](ServerCall&, StreamWriter<v1::WatchResponse>& writer) -> Task<absl::Status> {
    const absl::Status written = co_await writer.Write(v1::WatchResponse());
    if (!written.ok()) co_return written;
    co_await Await<bool>([&](Completion<bool> done) { writer.WhenGone([done] { done(true); }); });
    co_return Error(Code::kUnavailable, "went on");
  };
  const auto stub = v1::SyncService::NewStub(channel_);
  for (const bool cancels : {true, false}) {
    bool has_begun = false;
    // On a busy machine the deadline may be over before the body begins: then once more.
    while (!has_begun) {
      grpc::ClientContext context;
      if (!cancels) context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(100));
      const auto reader = stub->Watch(&context, {});
      v1::WatchResponse message;
      has_begun = reader->Read(&message);
      if (cancels) context.TryCancel();
      EXPECT_EQ(reader->Finish().error_code(),
                cancels ? grpc::StatusCode::CANCELLED : grpc::StatusCode::DEADLINE_EXCEEDED);
    }
  }
  // The server waits for both bodies.
  server_->Shutdown();
  server_->Wait();
}

TEST_F(CallTest, ABodyThatAsksTooLateIsToldAtOnce) {
  std::promise<void> begun;
  std::promise<void> told;
  sync_.body = [&](ServerCall&, StreamWriter<v1::WatchResponse>& writer) -> Task<absl::Status> {
    begun.set_value();
    absl::Status written;
    while (written.ok()) written = co_await writer.Write(v1::WatchResponse());
    co_await Await<bool>([&](Completion<bool> done) { writer.WhenGone([done] { done(true); }); });
    told.set_value();
    co_return written;
  };
  const auto stub = v1::SyncService::NewStub(channel_);
  grpc::ClientContext context;
  const auto reader = stub->Watch(&context, {});
  // A call that is cancelled before it was sent never arrives.
  begun.get_future().wait();
  context.TryCancel();
  EXPECT_EQ(told.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  reader->Finish();
}

}  // namespace
}  // namespace tidemark::rpc
