// Both ends of a carrying stream, over a real connection.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/async/test_eventually.h"
#include "common/rpc/carrier_client.h"
#include "common/rpc/carrier_server.h"
#include "common/rpc/client.h"
#include "common/rpc/limits.h"
#include "common/rpc/test_relay.h"
#include "common/status/error.h"
#include "tidemark/v1/ratelimit.pb.h"

namespace tidemark::rpc {
namespace {

constexpr char kToken[] = "the service credential";
constexpr char kAcquire[] = "/tidemark.v1.RateLimitService/Acquire";

// Holds calls back until it is opened.
class Door {
 public:
  Task<void> Pass() {
    ++waiting_;
    co_await Await<bool>([this](Completion<bool> done) {
      MutexLock lock(&mutex_);
      if (open_) return done(true);
      held_.push_back(std::move(done));
    });
  }
  void Open() {
    MutexLock lock(&mutex_);
    open_ = true;
    for (const Completion<bool>& done : held_) done(true);
    held_.clear();
  }
  int waiting() const { return waiting_; }

 private:
  std::atomic<int> waiting_{0};
  Mutex mutex_;
  bool open_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Completion<bool>> held_ ABSL_GUARDED_BY(mutex_);
};

class CarrierTest : public testing::Test {
 protected:
  CarrierTest() {
    Serve(0);
    Connect(kToken);
  }
  ~CarrierTest() override {
    door_.Open();
    client_.reset();
    server_->Shutdown();
  }

  void Serve(int port) {
    carrier_ = std::make_unique<CarrierServer>(loops_, registry_, ServiceCredential(kToken));
    carrier_->Add<v1::AcquireRequest, v1::AcquireResponse>(
        kAcquire, [this](ServerCall& call, const v1::AcquireRequest& request, v1::AcquireResponse& response) {
          return Answer(call, request, response);
        });
    port_ = port;
    server_ = Listen(*carrier_, port_);
  }
  // `port` 0 becomes a free one.
  static std::unique_ptr<grpc::Server> Listen(CarrierServer& carrier, int& port) {
    grpc::ServerBuilder builder;
    builder.SetMaxReceiveMessageSize(kMessageBytesMax);
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port), grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&carrier);
    return builder.BuildAndStart();
  }
  void Connect(const std::string& token) {
    client_ = std::make_unique<CarrierClient>(loops_, NewChannel("127.0.0.1:" + std::to_string(port_)),
                                              Replicas(), token);
  }

  Task<absl::Status> Answer(ServerCall& call, const v1::AcquireRequest& request,
                            v1::AcquireResponse& response) {
    ++served_;
    if (request.policy() == "wait") co_await door_.Pass();
    if (request.policy() == "throw") throw std::runtime_error("secret");
    if (request.policy() == "refuse")
      co_return Error(Code::kRateLimited, "full", {.retry_after = absl::Hours(1)});
    if (request.policy() == "large answer") {
      constexpr int kUnknownField = 1000;
      response.GetReflection()->MutableUnknownFields(&response)->AddLengthDelimited(
          kUnknownField, std::string(kCarriedBytesMax, 'x'));
      co_return absl::OkStatus();
    }
    call.trailers["ratelimit"] = "r=1";
    call.trailers["heard"] = call.origin.request_id + ' ' + call.authorization + ' ' + call.forwarded_for;
    response.set_remaining(request.policy() == "loop" ? EventLoop::Current()->index() : request.cost());
    response.set_limit(static_cast<int64_t>(request.subject().size()));
    co_return absl::OkStatus();
  }

  static v1::AcquireRequest Request(const std::string& policy, int64_t cost = 1) {
    v1::AcquireRequest request;
    request.set_policy(policy);
    request.set_cost(cost);
    return request;
  }
  absl::StatusOr<v1::AcquireResponse> Ask(v1::AcquireRequest request, const std::string& method = kAcquire) {
    return RunBlocking<absl::StatusOr<v1::AcquireResponse>>(
        loops_.at(0), [&] { return client_->Call<v1::AcquireResponse>(call_, method, request); });
  }
  Code CodeOf(v1::AcquireRequest request, const std::string& method = kAcquire) {
    return ErrorInfoOf(Ask(std::move(request), method).status()).code;
  }

  // Asks without waiting. good() adds up what good answers say remains.
  void Start(v1::AcquireRequest request) {
    Spawn(loops_.Next(), [this, request]() -> Task<void> {
      ClientCall call{.timeout = absl::Seconds(30)};
      const auto answer = co_await client_->Call<v1::AcquireResponse>(call, kAcquire, request);
      MutexLock lock(&mutex_);
      if (answer.ok()) good_ += answer->remaining();
      if (!answer.ok()) ++lost_;
    });
  }
  int64_t good() {
    MutexLock lock(&mutex_);
    return good_;
  }
  int lost() {
    MutexLock lock(&mutex_);
    return lost_;
  }

  EventLoops loops_{2};
  metrics::Registry registry_;
  Door door_;
  std::atomic<int> served_{0};
  ClientCall call_{.timeout = absl::Seconds(30)};
  int port_ = 0;
  std::unique_ptr<CarrierServer> carrier_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<CarrierClient> client_;
  Mutex mutex_;
  int64_t good_ ABSL_GUARDED_BY(mutex_) = 0;
  int lost_ ABSL_GUARDED_BY(mutex_) = 0;
};

TEST_F(CarrierTest, ACallBringsItsAnswerAndTrailersBack) {
  call_.origin.request_id = "r1";
  call_.authorization = "Bearer t";
  call_.forwarded_for = "192.0.2.7";
  const auto answer = Ask(Request("any", 7));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->remaining(), 7);
  EXPECT_EQ(call_.trailers.at("ratelimit"), "r=1");
  EXPECT_EQ(call_.trailers.at("heard"), "r1 Bearer t 192.0.2.7");
}

// What a stranger sends in a header must not spoil the message that it shares with others.
TEST_F(CarrierTest, BytesThatAreNotUtf8AreCarried) {
  call_.authorization = "Bearer \xFF\xC3";
  ASSERT_TRUE(Ask(Request("any")).ok());
  EXPECT_EQ(call_.trailers.at("heard").substr(17), "Bearer ?? ");
}

TEST_F(CarrierTest, AnErrorComesBackWithItsCodeItsWaitAndItsTrailers) {
  const absl::Status refused = Ask(Request("refuse")).status();
  EXPECT_EQ(ErrorInfoOf(refused).code, Code::kRateLimited);
  EXPECT_EQ(ErrorInfoOf(refused).details.retry_after, absl::Hours(1));
  EXPECT_EQ(refused.message(), "full");
}

TEST_F(CarrierTest, WhatThrowsIsInternalAndToldToNobody) {
  const absl::Status broken = Ask(Request("throw")).status();
  EXPECT_EQ(ErrorInfoOf(broken).code, Code::kInternal);
  EXPECT_EQ(broken.ToString().find("secret"), std::string::npos);
}

TEST_F(CarrierTest, AnUnknownMethodIsNotImplemented) {
  EXPECT_EQ(CodeOf(Request("any"), "/tidemark.v1.RateLimitService/Nothing"), Code::kNotImplemented);
}

TEST_F(CarrierTest, WithoutTheServiceCredentialNothingIsCarried) {
  Connect("another");
  EXPECT_EQ(CodeOf(Request("any")), Code::kUnavailable) << "which is not the caller's doing";
  EXPECT_THAT(
      registry_.Text(),
      testing::HasSubstr("code=\"PERMISSION_DENIED\",method=\"/tidemark.v1.CarrierService/Carry\"} 1"));
}

TEST_F(CarrierTest, ASlowCallHoldsNoOtherUp) {
  Start(Request("wait", 1000));
  EXPECT_TRUE(Eventually([this] { return door_.waiting() == 1; }));
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(Ask(Request("any")).ok());
  EXPECT_EQ(good(), 0);
  door_.Open();
  EXPECT_TRUE(Eventually([this] { return good() == 1000; }));
}

TEST_F(CarrierTest, BothEndsTellHowMuchIsUnderWay) {
  EXPECT_EQ(client_->under_way(), 0);
  Start(Request("wait"));
  Start(Request("wait"));
  ASSERT_TRUE(Eventually([&] { return door_.waiting() == 2; }));
  EXPECT_EQ(client_->under_way(), 2);
  // One per loop that has asked.
  EXPECT_THAT(registry_.Text(), testing::HasSubstr("\ntidemark_carrier_streams 2\n"));
  door_.Open();
  EXPECT_TRUE(Eventually([&] { return client_->under_way() == 0; }));
}

TEST_F(CarrierTest, ManyCallsAtOnceAreEachAnsweredOnce) {
  for (int i = 1; i <= 5'000; ++i) Start(Request("any", i));
  EXPECT_TRUE(Eventually([this] { return good() == 5'000 * 5'001 / 2; }));
  EXPECT_EQ(lost(), 0);
}

TEST_F(CarrierTest, LargeMessagesArriveBesideSmallOnes) {
  v1::AcquireRequest large = Request("any", 1000);
  large.set_subject(std::string(kCarriedBytesMax - 200, 'x'));
  for (int i = 0; i < 4; ++i) {
    Start(Request("any"));
    Start(large);
  }
  EXPECT_TRUE(Eventually([this] { return good() == 4'004; }));
  EXPECT_EQ(lost(), 0);
}

TEST_F(CarrierTest, AMessageThatIsTooLargeIsRefusedAndHarmsNoOther) {
  Start(Request("wait"));
  v1::AcquireRequest large = Request("any");
  large.set_subject(std::string(kCarriedBytesMax, 'x'));
  EXPECT_EQ(CodeOf(large), Code::kBodyTooLarge);
  EXPECT_EQ(Ask(Request("large answer")).status().code(), absl::StatusCode::kResourceExhausted);
  door_.Open();
  EXPECT_TRUE(Eventually([this] { return good() == 1; }));
}

// Headers come from strangers, and many calls share a message.
TEST_F(CarrierTest, ManyCallsWithLargeHeadersAreEachAnswered) {
  RunBlocking<void>(loops_.at(0), [this]() -> Task<void> {
    for (int i = 0; i < 600; ++i) {
      Spawn(loops_.at(0), [this]() -> Task<void> {
        ClientCall call{.authorization = std::string(15'000, 'x'), .timeout = absl::Seconds(30)};
        const auto answer = co_await client_->Call<v1::AcquireResponse>(call, kAcquire, Request("any"));
        MutexLock lock(&mutex_);
        if (answer.ok()) ++good_;
      });
    }
    co_return;
  });
  EXPECT_TRUE(Eventually([this] { return good() == 600; }));
}

TEST_F(CarrierTest, AStreamThatGrowsOldGivesWayToOneOnTheNextAddress) {
  std::array<std::atomic<int>, 2> answered{};
  std::vector<std::unique_ptr<CarrierServer>> carriers;
  std::vector<std::unique_ptr<grpc::Server>> servers;
  std::string addresses;
  for (std::atomic<int>& count : answered) {
    carriers.push_back(std::make_unique<CarrierServer>(loops_, registry_, ServiceCredential(kToken),
                                                       /*age_max=*/absl::ZeroDuration()));
    carriers.back()->Add<v1::AcquireRequest, v1::AcquireResponse>(
        kAcquire,
        [&count](ServerCall&, const v1::AcquireRequest&, v1::AcquireResponse&) -> Task<absl::Status> {
          ++count;
          co_return absl::OkStatus();
        });
    int port = 0;
    servers.push_back(Listen(*carriers.back(), port));
    addresses += (addresses.empty() ? "ipv4:127.0.0.1:" : ",127.0.0.1:") + std::to_string(port);
  }
  client_ = std::make_unique<CarrierClient>(loops_, NewChannel(addresses), Replicas(), kToken);
  // All from one loop, which has one stream at a time.
  EXPECT_TRUE(Eventually([&] {
    EXPECT_TRUE(Ask(Request("any")).ok());
    return answered[0] > 0 && answered[1] > 0;
  }));
  client_.reset();
  for (const auto& server : servers) server->Shutdown();
}

TEST_F(CarrierTest, TheStreamsOfAClientAreSpreadOverTheLoopsOfTheServer) {
  std::set<int64_t> loops;
  for (int from = 0; from < 2; ++from) {
    // Others take a loop in between.
    loops_.Next();
    const auto answer = RunBlocking<absl::StatusOr<v1::AcquireResponse>>(loops_.at(from), [&] {
      return client_->Call<v1::AcquireResponse>(call_, kAcquire, Request("loop"));
    });
    ASSERT_TRUE(answer.ok()) << answer.status();
    loops.insert(answer->remaining());
  }
  EXPECT_EQ(loops.size(), 2u);
}

TEST_F(CarrierTest, WhatWaitsForAPeerThatDoesNotReadIsBoundedAndNotDoneLater) {
  TestRelay relay(port_);
  client_ = std::make_unique<CarrierClient>(loops_, NewChannel(relay.address()), Replicas(), kToken);
  ASSERT_TRUE(Ask(Request("any")).ok());
  relay.Hold();
  v1::AcquireRequest large = Request("any");
  large.set_subject(std::string(kCarriedBytesMax / 2, 'x'));
  std::atomic<int> refused{0};
  std::atomic<int> late{0};
  // In one turn of the loop, so that none makes room before the last is there.
  loops_.at(0).Post([&] {
    for (int i = 0; i < 20; ++i) {
      Spawn(loops_.at(0), [&]() -> Task<void> {
        ClientCall call{.timeout = absl::Milliseconds(50)};
        const auto answer = co_await client_->Call<v1::AcquireResponse>(call, kAcquire, large);
        answer.status().code() == absl::StatusCode::kDeadlineExceeded ? ++late : ++refused;
      });
    }
  });
  EXPECT_TRUE(Eventually([&] { return refused + late == 20; }));
  EXPECT_GT(late, 1);
  EXPECT_GT(refused, 0);
  relay.Release();
  EXPECT_TRUE(Ask(Request("any")).ok());
  // gRPC had taken one or two; those that waited behind them would have gone before the last.
  EXPECT_LT(served_, 2 + late);
  client_.reset();
}

TEST_F(CarrierTest, CallsOfAPeerThatHangsEndLongBeforeTheirTimeout) {
  TestRelay relay(port_);
  client_ = std::make_unique<CarrierClient>(loops_, NewChannel(relay.address()), Replicas(), kToken);
  ASSERT_TRUE(Ask(Request("any")).ok());
  relay.Hold();
  call_.timeout = absl::Hours(1);
  EXPECT_EQ(CodeOf(Request("any")), Code::kUnavailable);
  client_.reset();
}

TEST_F(CarrierTest, ACallWithoutAnAnswerEndsInTime) {
  call_.timeout = absl::Milliseconds(20);
  EXPECT_EQ(Ask(Request("wait")).status().code(), absl::StatusCode::kDeadlineExceeded);
  call_.timeout = absl::Seconds(30);
  EXPECT_TRUE(Ask(Request("any")).ok()) << "and the stream goes on";
}

TEST_F(CarrierTest, ADrainLosesNoCallAndSendsNewOnesElsewhere) {
  for (int i = 0; i < 100; ++i) Start(Request("wait"));
  EXPECT_TRUE(Eventually([this] { return door_.waiting() == 100; }));
  carrier_->Close();
  for (int i = 0; i < 100; ++i) Start(Request("any"));
  EXPECT_TRUE(Eventually([this] { return good() == 100; }));
  door_.Open();
  EXPECT_TRUE(Eventually([this] { return good() == 200; }));
  EXPECT_EQ(lost(), 0);
  server_->Shutdown();  // waits for all streams to end
}

TEST_F(CarrierTest, CallsUnderWayAreUnavailableWhenTheServerIsLostAndLaterOnesFindTheNext) {
  Start(Request("wait"));
  EXPECT_TRUE(Eventually([this] { return door_.waiting() == 1; }));
  std::thread stopping([this] { server_->Shutdown(std::chrono::system_clock::now()); });
  EXPECT_TRUE(Eventually([this] { return lost() == 1; }));
  door_.Open();
  stopping.join();
  EXPECT_EQ(CodeOf(Request("any")), Code::kUnavailable);
  server_.reset();
  Serve(port_);
  EXPECT_TRUE(Eventually([this] { return Ask(Request("any")).ok(); }));
}

TEST_F(CarrierTest, ACarrierThatGoesEndsItsCalls) {
  Start(Request("wait"));
  EXPECT_TRUE(Eventually([this] { return door_.waiting() == 1; }));
  client_.reset();
  EXPECT_TRUE(Eventually([this] { return lost() == 1; }));
}

}  // namespace
}  // namespace tidemark::rpc
