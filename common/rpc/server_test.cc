// The life of a service process: start, readiness, drain.
#include "common/rpc/server.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <optional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/async/completion.h"
#include "common/async/test_eventually.h"
#include "common/http/raw_client.h"
#include "common/rpc/client.h"
#include "common/rpc/handler.h"
#include "common/rpc/limits.h"
#include "tidemark/v1/ratelimit.grpc.pb.h"

namespace tidemark::rpc {
namespace {

using testing::HasSubstr;

// Answers each call when told to.
class GatedRateLimit final : public v1::RateLimitService::CallbackService {
 public:
  explicit GatedRateLimit(EventLoops& loops) : loops_(loops) {}

  grpc::ServerUnaryReactor* Acquire(grpc::CallbackServerContext* context, const v1::AcquireRequest*,
                                    v1::AcquireResponse* response) override {
    return HandleUnary(loops_, context, [this, response](ServerCall&) -> Task<absl::Status> {
      const int64_t remaining =
          co_await Await<int64_t>([this](Completion<int64_t> done) { arrived.set_value(std::move(done)); });
      response->set_remaining(remaining);
      co_return absl::OkStatus();
    });
  }

  // The call that waits.
  std::promise<Completion<int64_t>> arrived;

 private:
  EventLoops& loops_;
};

class ServiceProcessTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { BlockSignals(); }

  void Construct(ServerOptions options = {}) {
    options.address = "127.0.0.1:0";
    process_.emplace(loops_, registry_, options);
  }

  void Start(ServerOptions options = {}) {
    Construct(options);
    ASSERT_TRUE(process_->Start({&service_}));
    channel_ = NewChannel(absl::StrCat("127.0.0.1:", process_->port()));
  }

  http::Response AskAdmin(std::string_view path, std::string_view method = "GET") {
    http::RawClient client(process_->admin_port());
    return client.Ask(method, path).value_or(http::Response{.status = 0});
  }

  std::future<grpc::Status> AcquireInBackground(v1::AcquireResponse& response) {
    return std::async(std::launch::async, [this, &response] {
      grpc::ClientContext context;
      return v1::RateLimitService::NewStub(channel_)->Acquire(&context, {}, &response);
    });
  }

  EventLoops loops_{2};
  metrics::Registry registry_;
  GatedRateLimit service_{loops_};
  std::optional<ServiceProcess> process_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST(AdminAddress, IsAThousandPortsAbove) {
  EXPECT_EQ(DefaultAdminAddress("127.0.0.1:50051"), "127.0.0.1:51051");
  EXPECT_EQ(DefaultAdminAddress("[::]:50051"), "[::]:51051");
  EXPECT_EQ(DefaultAdminAddress("localhost:0"), "localhost:0");
}

TEST_F(ServiceProcessTest, ServesLivenessReadinessAndMetrics) {
  registry_.AddCounter("tidemark_test_total", "Tests.").Increment();
  Start();
  EXPECT_EQ(AskAdmin("/livez").status, 200);
  EXPECT_EQ(AskAdmin("/readyz").status, 200);
  EXPECT_THAT(AskAdmin("/metrics").body, HasSubstr("tidemark_test_total 1\n"));
  EXPECT_EQ(AskAdmin("/other").status, 404);
  const http::Response refused = AskAdmin("/livez", "POST");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.headers.Get("Allow"), "GET, HEAD");
}

TEST_F(ServiceProcessTest, AConnectionIsLeftWhenItIsOldEnoughAndCallsGoOn) {
  Start({.connection_age = absl::Milliseconds(200)});
  for (int connections = 0; connections < 3; ++connections) {
    v1::PeekResponse response;
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    const auto stub = v1::RateLimitService::NewStub(channel_);
    EXPECT_EQ(stub->Peek(&context, {}, &response).error_code(), grpc::StatusCode::UNIMPLEMENTED);
    EXPECT_TRUE(channel_->WaitForStateChange(GRPC_CHANNEL_READY,
                                             std::chrono::system_clock::now() + std::chrono::minutes(1)));
  }
}

TEST_F(ServiceProcessTest, ShowsWhatItsReadinessHangsOnAndWhatTheProcessTakes) {
  std::atomic<bool> postgres{false};
  Construct();
  process_->AddReadiness("postgres", [&] { return postgres.load(); });
  ASSERT_TRUE(process_->Start({}));
  EXPECT_THAT(AskAdmin("/metrics").body, HasSubstr("tidemark_ready{condition=\"postgres\"} 0\n"));
  postgres = true;
  const std::string text = AskAdmin("/metrics").body;
  EXPECT_THAT(text, HasSubstr("tidemark_ready{condition=\"postgres\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("tidemark_ready{condition=\"serving\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("tidemark_build_info{version="));
  EXPECT_THAT(text, HasSubstr("\nprocess_open_fds "));
}

TEST_F(ServiceProcessTest, IsReadyWhenAllConditionsHoldAndNamesThoseThatDoNot) {
  std::atomic<bool> postgres{false};
  Construct();
  process_->AddReadiness("postgres", [&] { return postgres.load(); });
  process_->AddReadiness("keys", [] { return true; });
  ASSERT_TRUE(process_->Start({}));
  const http::Response missing = AskAdmin("/readyz");
  EXPECT_EQ(missing.status, 503);
  EXPECT_EQ(missing.body, "not ready: postgres\nnot ready: health\n");
  postgres = true;
  EXPECT_TRUE(Eventually([this] { return AskAdmin("/readyz").status == 200; }));
}

TEST_F(ServiceProcessTest, ATakenAddressIsAnError) {
  Start();
  ServiceProcess second(loops_, registry_, {.address = absl::StrCat("127.0.0.1:", process_->port())});
  EXPECT_EQ(second.Serve({}), 1);
  ServiceProcess third(
      loops_, registry_,
      {.address = "127.0.0.1:0", .admin_address = absl::StrCat("127.0.0.1:", process_->admin_port())});
  EXPECT_EQ(third.Serve({}), 1);
}

TEST_F(ServiceProcessTest, DrainTurnsNotReadyAndLetsTheCallUnderWayFinish) {
  Start();
  v1::AcquireResponse response;
  std::future<grpc::Status> status = AcquireInBackground(response);
  const Completion<int64_t> finish = service_.arrived.get_future().get();
  std::thread drain([this] { process_->Drain(); });
  EXPECT_TRUE(Eventually([this] { return AskAdmin("/readyz").status == 503; }));
  EXPECT_EQ(AskAdmin("/livez").status, 200);
  finish(7);
  drain.join();
  EXPECT_TRUE(status.get().ok());
  EXPECT_EQ(response.remaining(), 7);
}

TEST_F(ServiceProcessTest, DrainCancelsACallThatOutlastsTheGraceAndWaitsForItsHandler) {
  Start({.drain_grace = absl::Milliseconds(20)});
  v1::AcquireResponse response;
  std::future<grpc::Status> status = AcquireInBackground(response);
  const Completion<int64_t> finish = service_.arrived.get_future().get();
  std::thread drain([this] { process_->Drain(); });
  EXPECT_EQ(FromGrpc(status.get()).code(), absl::StatusCode::kUnavailable);
  finish(0);
  drain.join();
}

TEST_F(ServiceProcessTest, DrainEndsCallsThatWouldNotEndByThemselves) {
  Construct({.drain_grace = absl::Hours(1)});
  std::promise<Completion<int64_t>> waiting;
  process_->AddDrain([&] { waiting.get_future().get()(7); });
  ASSERT_TRUE(process_->Start({&service_}));
  channel_ = NewChannel(absl::StrCat("127.0.0.1:", process_->port()));
  v1::AcquireResponse response;
  std::future<grpc::Status> status = AcquireInBackground(response);
  waiting.set_value(service_.arrived.get_future().get());
  process_->Drain();
  EXPECT_TRUE(status.get().ok());
}

TEST_F(ServiceProcessTest, ServeEndsWithZeroOnSigterm) {
  Construct();
  std::future<int> exit_code =
      std::async(std::launch::async, [this] { return process_->Serve({&service_}); });
  kill(getpid(), SIGTERM);
  EXPECT_EQ(exit_code.get(), 0);
}

// Anybody can call any name: a series for each would grow for ever.
TEST_F(ServiceProcessTest, CallsOfUnknownMethodsAreCountedAsOne) {
  Start();
  grpc::GenericStub stub(channel_);
  for (const char* method : {"/nobody.Knows/One", "/nobody.Knows/Two"}) {
    std::promise<grpc::Status> done;
    grpc::ClientContext context;
    const grpc::ByteBuffer request(nullptr, 0);
    grpc::ByteBuffer response;
    stub.UnaryCall(&context, method, {}, &request, &response,
                   [&done](grpc::Status status) { done.set_value(std::move(status)); });
    EXPECT_EQ(done.get_future().get().error_code(), grpc::StatusCode::UNIMPLEMENTED);
  }
  EXPECT_THAT(registry_.Text(), testing::Not(HasSubstr("nobody.Knows")));
  EXPECT_THAT(registry_.Text(), HasSubstr("tidemark_rpc_total{code=\"UNIMPLEMENTED\",method=\"unknown\"} 2"));
}

TEST_F(ServiceProcessTest, RefusesMessagesAboveTheLimit) {
  Start();
  v1::AcquireRequest request;
  request.set_subject(std::string(kMessageBytesMax, 's'));
  grpc::ClientContext context;
  v1::AcquireResponse response;
  const auto channel =
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", process_->port()), grpc::InsecureChannelCredentials());
  const grpc::Status status = v1::RateLimitService::NewStub(channel)->Acquire(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(ServiceProcessTest, TakesMetadataAsLargeAsAnyHttpHeader) {
  Start();
  grpc::ClientContext context;
  context.AddMetadata("authorization", std::string(16 * 1024, 't'));
  v1::AcquireResponse response;
  std::future<grpc::Status> status = std::async(std::launch::async, [&] {
    return v1::RateLimitService::NewStub(channel_)->Acquire(&context, {}, &response);
  });
  service_.arrived.get_future().get()(3);
  EXPECT_TRUE(status.get().ok());
}

}  // namespace
}  // namespace tidemark::rpc
