// A call's place in its trace: told by the caller, known to the handler, and written down.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "common/async/both.h"
#include "common/async/event_loops.h"
#include "common/metrics/metrics.h"
#include "common/rpc/call_observer.h"
#include "common/rpc/carrier_client.h"
#include "common/rpc/carrier_server.h"
#include "common/rpc/client.h"
#include "common/rpc/handler_stream.h"
#include "tidemark/v1/ratelimit.grpc.pb.h"
#include "tidemark/v1/sync.grpc.pb.h"

namespace tidemark::rpc {
namespace {

using testing::HasSubstr;

constexpr char kAcquire[] = "/tidemark.v1.RateLimitService/Acquire";
constexpr char kToken[] = "service-secret";
constexpr char kGiven[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
constexpr TraceId kGivenTrace{0x0af7651916cd43dd, 0x8448eb211c80319c};
constexpr SpanId kGivenSpan{0xb7ad6b7169203331};

class RateLimit final : public v1::RateLimitService::CallbackService {
 public:
  RateLimit(EventLoops& loops, std::vector<Origin>& seen) : loops_(loops), seen_(seen) {}
  grpc::ServerUnaryReactor* Acquire(grpc::CallbackServerContext* context, const v1::AcquireRequest*,
                                    v1::AcquireResponse*) override {
    return HandleUnary(loops_, context, [this](ServerCall& call) -> Task<absl::Status> {
      seen_.push_back(call.origin);
      co_return absl::OkStatus();
    });
  }

 private:
  EventLoops& loops_;
  std::vector<Origin>& seen_;
};

class Sync final : public v1::SyncService::CallbackService {
 public:
  Sync(EventLoops& loops, std::vector<Origin>& seen) : loops_(loops), seen_(seen) {}
  grpc::ServerWriteReactor<v1::WatchResponse>* Watch(grpc::CallbackServerContext* context,
                                                     const v1::WatchRequest*) override {
    using Writer = StreamWriter<v1::WatchResponse>;
    return HandleStream<v1::WatchResponse>(loops_, context,
                                           [this](ServerCall& call, Writer&) -> Task<absl::Status> {
                                             seen_.push_back(call.origin);
                                             throw std::runtime_error("broken");
                                             co_return absl::OkStatus();
                                           });
  }

 private:
  EventLoops& loops_;
  std::vector<Origin>& seen_;
};

// One server that answers calls by themselves and carried ones, and keeps on whose behalf they are.
class TraceTest : public testing::Test {
 protected:
  TraceTest() {
    carrier_.Add<v1::AcquireRequest, v1::AcquireResponse>(
        kAcquire,
        [this](ServerCall& call, const v1::AcquireRequest&, v1::AcquireResponse&) -> Task<absl::Status> {
          seen_.push_back(call.origin);
          co_return absl::OkStatus();
        });
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> observers;
    observers.push_back(NewCallObserver(registry_));
    grpc::ServerBuilder builder;
    builder.experimental().SetInterceptorCreators(std::move(observers));
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&ratelimit_);
    builder.RegisterService(&sync_);
    builder.RegisterService(&carrier_);
    server_ = builder.BuildAndStart();
    channel_ = NewChannel("127.0.0.1:" + std::to_string(port));
    carrying_ = std::make_unique<CarrierClient>(loops_, channel_, Replicas(), kToken);
  }
  ~TraceTest() override {
    carrying_.reset();
    server_->Shutdown();
  }

  // What the server logs of a call to Acquire that a stranger makes with `context`.
  std::string LogOfCall(grpc::ClientContext& context) {
    return LogOf([&] {
      v1::AcquireResponse response;
      EXPECT_TRUE(v1::RateLimitService::NewStub(channel_)->Acquire(&context, {}, &response).ok());
    });
  }
  using Answer = absl::StatusOr<v1::AcquireResponse>;
  Task<Answer> Carry(ClientCall& call) {
    const v1::AcquireRequest request;
    return carrying_->Call<v1::AcquireResponse>(call, kAcquire, request);
  }
  static std::string LogOf(const std::function<void()>& act) {
    testing::internal::CaptureStderr();
    act();
    return testing::internal::GetCapturedStderr();
  }

  const Origin& seen() const { return seen_.back(); }
  static std::string Line(const char* event, const Origin& origin) {
    const auto trace = Hex(origin.span.trace);
    const auto span = Hex(origin.span.id);
    return std::string("\"event\":\"") + event + "\",\"request_id\":\"" + origin.request_id +
           "\",\"trace_id\":\"" + std::string(trace.begin(), trace.end()) + "\",\"span_id\":\"" +
           std::string(span.begin(), span.end()) + "\"";
  }

  // One thread touches what was seen at a time: each call is waited for.
  std::vector<Origin> seen_;
  EventLoops loops_{1};
  metrics::Registry registry_;
  RateLimit ratelimit_{loops_, seen_};
  Sync sync_{loops_, seen_};
  CarrierServer carrier_{loops_, registry_, ServiceCredential(kToken)};
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<CarrierClient> carrying_;
};

TEST_F(TraceTest, ACallOfAStrangerBelongsToTheTraceThatItNames) {
  grpc::ClientContext context;
  context.AddMetadata("traceparent", kGiven);
  context.AddMetadata("x-request-id", "r1");
  const std::string log = LogOfCall(context);
  EXPECT_EQ(seen().request_id, "r1");
  EXPECT_EQ(seen().span.trace, kGivenTrace);
  EXPECT_EQ(seen().span.parent, kGivenSpan);
  EXPECT_FALSE(seen().span.sampled);
  EXPECT_THAT(log, HasSubstr(Line("call", seen()) + ",\"parent_span_id\":\"b7ad6b7169203331\""));
}

TEST_F(TraceTest, ACallWithoutATraceBeginsOneThatItsLineNames) {
  grpc::ClientContext context;
  const std::string log = LogOfCall(context);
  EXPECT_TRUE(seen().span.exists());
  EXPECT_THAT(log, HasSubstr(Line("call", seen()) + ",\"method\""));
}

TEST_F(TraceTest, ABadTraceparentIsAsGoodAsNone) {
  for (const char* bad : {"", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", "ff"}) {
    grpc::ClientContext context;
    context.AddMetadata("traceparent", bad);
    LogOfCall(context);
    EXPECT_TRUE(seen().span.exists());
    EXPECT_EQ(seen().span.parent, SpanId()) << bad;
  }
}

TEST_F(TraceTest, TwoTraceparentsAreNone) {
  grpc::ClientContext context;
  context.AddMetadata("traceparent", kGiven);
  context.AddMetadata("traceparent", kGiven);
  LogOfCall(context);
  EXPECT_NE(seen().span.trace, kGivenTrace);
}

TEST_F(TraceTest, NobodyOutsideSettlesASpan) {
  grpc::ClientContext context;
  context.AddMetadata("tidemark-span", std::string(sizeof(Span), 'x'));
  LogOfCall(context);
  EXPECT_NE(seen().span.id, SpanId{0x7878787878787878});
  EXPECT_EQ(seen().span.parent, SpanId());
}

TEST_F(TraceTest, TheCallerIsNotToldOfTheTrace) {
  grpc::ClientContext context;
  context.AddMetadata("traceparent", kGiven);
  LogOfCall(context);
  for (const auto* told : {&context.GetServerInitialMetadata(), &context.GetServerTrailingMetadata()}) {
    EXPECT_EQ(told->count("traceparent"), 0u);
    EXPECT_EQ(told->count("tidemark-span"), 0u);
  }
  EXPECT_EQ(context.GetServerTrailingMetadata().count("x-request-id"), 1u);
}

TEST_F(TraceTest, OfOurOwnCallsTheSpanIsBelowTheCallers) {
  grpc::ClientContext context;
  const Origin mine = OriginOf("r1", kGiven);
  Prepare({.origin = mine}, context);
  LogOfCall(context);
  EXPECT_EQ(seen().request_id, "r1");
  EXPECT_EQ(seen().span.trace, kGivenTrace);
  EXPECT_EQ(seen().span.parent, mine.span.id);
  EXPECT_NE(seen().span.id, mine.span.id);
  EXPECT_FALSE(seen().span.sampled);
}

TEST_F(TraceTest, CallsThatAreCarriedTogetherHaveATraceEach) {
  const Origin first = OriginOf("r1", kGiven);
  const Origin second = OriginOf("r2", "");
  const std::string log = LogOf([&] {
    ClientCall one{.origin = first};
    ClientCall other{.origin = second};
    const auto answers =
        RunBlocking<std::pair<Answer, Answer>>(loops_.at(0), [&] { return Both(Carry(one), Carry(other)); });
    EXPECT_TRUE(answers.first.ok() && answers.second.ok());
  });
  ASSERT_EQ(seen_.size(), 2u);
  if (seen_[0].request_id != "r1") std::swap(seen_[0], seen_[1]);
  for (const auto& [asked, got] : {std::pair(first, seen_[0]), std::pair(second, seen_[1])}) {
    EXPECT_EQ(got.request_id, asked.request_id);
    EXPECT_EQ(got.span.trace, asked.span.trace);
    EXPECT_EQ(got.span.parent, asked.span.id);
    EXPECT_EQ(got.span.sampled, asked.span.sampled);
    EXPECT_THAT(log, HasSubstr(Line("call", got) + ",\"parent_span_id\""));
  }
}

TEST_F(TraceTest, ACarriedCallOfNobodyBeginsATrace) {
  const std::string log = LogOf([&] {
    ClientCall call;
    EXPECT_TRUE(RunBlocking<Answer>(loops_.at(0), [&] { return Carry(call); }).ok());
  });
  EXPECT_TRUE(seen().span.exists());
  EXPECT_EQ(seen().span.parent, SpanId());
  EXPECT_THAT(log, HasSubstr(Line("call", seen())));
}

TEST_F(TraceTest, AStreamBelongsToItsCallersTraceAndSoDoesWhatIsSaidOfItsFailure) {
  grpc::ClientContext context;
  context.AddMetadata("traceparent", kGiven);
  const std::string log = LogOf([&] {
    const auto reader = v1::SyncService::NewStub(channel_)->Watch(&context, {});
    EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::INTERNAL);
  });
  EXPECT_EQ(seen().span.trace, kGivenTrace);
  EXPECT_EQ(seen().span.parent, kGivenSpan);
  EXPECT_THAT(log, HasSubstr(Line("internal_error", seen())));
  EXPECT_THAT(log, HasSubstr(Line("call", seen())));
}

}  // namespace
}  // namespace tidemark::rpc
