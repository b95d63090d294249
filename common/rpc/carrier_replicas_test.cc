// A carrying client and several replicas, which come and go.
#include <gmock/gmock.h>
#include <grpcpp/health_check_service_interface.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/async/test_eventually.h"
#include "common/rpc/carrier_client.h"
#include "common/rpc/carrier_server.h"
#include "common/rpc/client.h"
#include "common/rpc/limits.h"
#include "common/rpc/test_relay.h"
#include "tidemark/v1/ratelimit.pb.h"

namespace tidemark::rpc {
namespace {

constexpr char kToken[] = "the service credential";
constexpr char kAcquire[] = "/tidemark.v1.RateLimitService/Acquire";

// Tells what a test says.
class TestFeed final : public AddressFeed {
 public:
  // What remains of it when its owner has it.
  struct Handle {
    Mutex mutex;
    Told told ABSL_GUARDED_BY(mutex);
    std::atomic<int> looks{0};

    void Tell(const Addresses& addresses) {
      MutexLock lock(&mutex);
      if (told != nullptr) told(addresses);
    }
  };

  explicit TestFeed(std::shared_ptr<Handle> handle) : handle_(std::move(handle)) {}
  ~TestFeed() override { Follow(nullptr); }
  void Follow(Told told) override {
    MutexLock lock(&handle_->mutex);
    handle_->told = std::move(told);
  }
  void LookAgain() override { ++handle_->looks; }

 private:
  const std::shared_ptr<Handle> handle_;
};

// A process that carries calls. One whose policy is "wait" is answered when it is let go.
class Replica {
 public:
  Replica(EventLoops& loops, const std::string& token, int port = 0)
      : carrier_(loops, registry_, ServiceCredential(token)) {
    carrier_.Add<v1::AcquireRequest, v1::AcquireResponse>(
        kAcquire, [this](ServerCall&, const v1::AcquireRequest& request, v1::AcquireResponse&) {
          return Answer(request);
        });
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    builder.SetMaxReceiveMessageSize(kMessageBytesMax);
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port), grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&carrier_);
    server_ = builder.BuildAndStart();
  }
  ~Replica() {
    LetGo();
    Kill();
  }

  int port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string metrics() { return registry_.Text(); }
  // Says that it stops, and then asks to be left.
  void Drain() {
    server_->GetHealthCheckService()->SetServingStatus(false);
    carrier_.Close();
  }
  void Kill() {
    if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now());
    server_ = nullptr;
  }
  void LetGo() {
    MutexLock lock(&mutex_);
    let_go_ = true;
    for (const Completion<bool>& done : held_) done(true);
    held_.clear();
  }
  int waiting() {
    MutexLock lock(&mutex_);
    return static_cast<int>(held_.size());
  }

  std::atomic<int> answered{0};

 private:
  Task<absl::Status> Answer(const v1::AcquireRequest& request) {
    if (request.policy() == "wait") {
      co_await Await<bool>([this](Completion<bool> done) {
        MutexLock lock(&mutex_);
        if (let_go_) return done(true);
        held_.push_back(std::move(done));
      });
    }
    ++answered;
    co_return absl::OkStatus();
  }

  metrics::Registry registry_;
  CarrierServer carrier_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  Mutex mutex_;
  bool let_go_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Completion<bool>> held_ ABSL_GUARDED_BY(mutex_);
};

std::shared_ptr<grpc::Channel> Alone(const std::string& address) { return NewChannel(address); }

class CarrierReplicasTest : public testing::Test {
 protected:
  void TearDown() override {
    // Before the replicas, so that none waits for calls that it holds.
    for (const auto& replica : replicas_) replica->LetGo();
    client_.reset();
  }

  void Start(int count) {
    for (int i = 0; i < count; ++i) Add();
  }
  Replica& Add(const std::string& token = kToken) {
    replicas_.push_back(std::make_unique<Replica>(loops_, token));
    return *replicas_.back();
  }
  Replica& at(size_t index) { return *replicas_[index]; }

  // To those that there are by now; calls that no replica is known for go to the first one.
  void Connect() {
    client_ = std::make_unique<CarrierClient>(
        loops_, NewChannel(at(0).address()),
        Replicas{.addresses = std::make_unique<TestFeed>(feed_), .connect = Alone}, kToken);
    Tell();
  }
  void Tell() {
    AddressFeed::Addresses addresses;
    for (const auto& replica : replicas_) addresses.push_back(replica->address());
    feed_->Tell(addresses);
  }
  // What it has under way is still answered.
  void Forget(size_t index) {
    forgotten_.push_back(std::move(replicas_[index]));
    replicas_.erase(replicas_.begin() + static_cast<std::ptrdiff_t>(index));
    Tell();
  }

  absl::Status Ask(EventLoop& loop) {
    return RunBlocking<absl::Status>(loop, [this]() -> Task<absl::Status> {
      ClientCall call{.timeout = absl::Seconds(30)};
      co_return (co_await client_->Call<v1::AcquireResponse>(call, kAcquire, v1::AcquireRequest())).status();
    });
  }
  absl::Status Ask() { return Ask(loops_.at(0)); }
  // Asks without waiting.
  void Spread(int count, const std::string& policy = "any", const std::string& subject = "") {
    RunBlocking<void>(loops_.at(0), [&]() -> Task<void> {
      for (int i = 0; i < count; ++i) {
        Spawn(loops_.at(0), [this, policy, subject]() -> Task<void> {
          ClientCall call{.timeout = absl::Seconds(30)};
          v1::AcquireRequest request;
          request.set_policy(policy);
          request.set_subject(subject);
          const auto answer = co_await client_->Call<v1::AcquireResponse>(call, kAcquire, request);
          ++(answer.ok() ? good_ : lost_);
        });
      }
      co_return;
    });
  }

  // Each of these has had a call since, from each loop.
  void AwaitAll() {
    for (int loop = 0; loop < loops_.size(); ++loop) {
      const std::vector<int> before = Answered();
      EXPECT_TRUE(Eventually([&] {
        EXPECT_TRUE(Ask(loops_.at(loop)).ok());
        const std::vector<int> now = Answered();
        for (size_t i = 0; i < now.size(); ++i) {
          if (now[i] == before[i]) return false;
        }
        return true;
      }));
    }
  }
  std::vector<int> Answered() {
    std::vector<int> answered;
    for (const auto& replica : replicas_) answered.push_back(replica->answered);
    return answered;
  }
  // What each answers of `count` calls, one after another.
  std::vector<int> Shares(int count) {
    const std::vector<int> before = Answered();
    for (int i = 0; i < count; ++i) EXPECT_TRUE(Ask(loops_.Next()).ok());
    std::vector<int> shares = Answered();
    for (size_t i = 0; i < shares.size(); ++i) shares[i] -= before[i];
    return shares;
  }

  EventLoops loops_{2};
  std::vector<std::unique_ptr<Replica>> replicas_;
  std::vector<std::unique_ptr<Replica>> forgotten_;
  const std::shared_ptr<TestFeed::Handle> feed_ = std::make_shared<TestFeed::Handle>();
  std::unique_ptr<CarrierClient> client_;
  std::atomic<int> good_{0};
  std::atomic<int> lost_{0};
};

TEST_F(CarrierReplicasTest, EachLoopGivesEachReplicaTheSame) {
  Start(3);
  Connect();
  AwaitAll();
  const std::vector<int> shares = Shares(600);
  EXPECT_THAT(shares, testing::Each(testing::AllOf(testing::Ge(198), testing::Le(202))));
}

TEST_F(CarrierReplicasTest, ALoopHasOneStreamToEachReplicaAndALoopThatNeverAsksNone) {
  Start(2);
  Connect();
  EXPECT_TRUE(Eventually([&] {
    EXPECT_TRUE(Ask(loops_.at(0)).ok());
    return at(0).answered > 1 && at(1).answered > 1;
  }));
  // The one by which calls went before the replicas were known is left.
  EXPECT_TRUE(Eventually([&] {
    return at(0).metrics().find("\ntidemark_carrier_streams 1\n") != std::string::npos &&
           at(1).metrics().find("\ntidemark_carrier_streams 1\n") != std::string::npos;
  }));
}

TEST_F(CarrierReplicasTest, CallsOfOneTurnOfALoopTravelTogether) {
  Start(3);
  Connect();
  AwaitAll();
  Spread(30, "wait");
  EXPECT_TRUE(Eventually([&] { return at(0).waiting() + at(1).waiting() + at(2).waiting() == 30; }));
  EXPECT_EQ(std::set<int>({at(0).waiting(), at(1).waiting(), at(2).waiting()}), std::set<int>({0, 30}));
}

TEST_F(CarrierReplicasTest, AReplicaThatComesHasItsShareAndNoMore) {
  Start(2);
  Connect();
  AwaitAll();
  Shares(300);
  Add();
  Tell();
  AwaitAll();
  EXPECT_THAT(Shares(300), testing::Each(testing::AllOf(testing::Ge(98), testing::Le(102))));
}

TEST_F(CarrierReplicasTest, AReplicaThatIsNoLongerNamedIsLeftAndItsCallsAreAnswered) {
  Start(3);
  Connect();
  AwaitAll();
  for (int i = 0; i < 3; ++i) Spread(1, "wait");
  EXPECT_TRUE(Eventually([&] { return at(0).waiting() + at(1).waiting() + at(2).waiting() == 3; }));
  Forget(2);
  const int before = forgotten_[0]->answered;
  EXPECT_THAT(Shares(100), testing::Each(testing::Ge(48)));
  EXPECT_EQ(forgotten_[0]->answered, before);
  forgotten_[0]->LetGo();
  for (const auto& replica : replicas_) replica->LetGo();
  EXPECT_TRUE(Eventually([&] { return good_ == 3; }));
  EXPECT_TRUE(Eventually(
      [&] { return forgotten_[0]->metrics().find("\ntidemark_carrier_streams 0\n") != std::string::npos; }));
}

TEST_F(CarrierReplicasTest, ADrainLosesNoCallAndTheOthersHaveTheNext) {
  Start(3);
  Connect();
  AwaitAll();
  for (int i = 0; i < 3; ++i) Spread(1, "wait");
  EXPECT_TRUE(Eventually([&] { return at(0).waiting() + at(1).waiting() + at(2).waiting() == 3; }));
  at(1).Drain();
  EXPECT_TRUE(Eventually([&] { return Shares(30)[1] == 0; }));
  for (const auto& replica : replicas_) replica->LetGo();
  EXPECT_TRUE(Eventually([&] { return good_ == 3; }));
  EXPECT_EQ(lost_, 0);
  EXPECT_GT(feed_->looks, 0) << "its address may be another's by now";
}

TEST_F(CarrierReplicasTest, AReplicaThatIsLostCostsItsOwnCallsAloneAndComesBack) {
  Start(3);
  Connect();
  AwaitAll();
  for (int i = 0; i < 3; ++i) Spread(1, "wait");
  EXPECT_TRUE(Eventually([&] { return at(0).waiting() + at(1).waiting() + at(2).waiting() == 3; }));
  const int port = at(1).port();
  const int held = at(1).waiting();
  std::thread killing([this] { at(1).Kill(); });
  EXPECT_TRUE(Eventually([&] { return lost_ == held; }));
  at(1).LetGo();
  killing.join();
  // Nobody is asked who cannot be reached.
  Shares(100);
  replicas_[1] = nullptr;
  replicas_[1] = std::make_unique<Replica>(loops_, kToken, port);
  AwaitAll();
  EXPECT_THAT(Shares(300), testing::Each(testing::AllOf(testing::Ge(98), testing::Le(102))));
}

TEST_F(CarrierReplicasTest, AReplicaThatRefusesTheCredentialIsGivenNothing) {
  Start(2);
  Add("another");
  Connect();
  EXPECT_TRUE(Eventually([&] {
    EXPECT_TRUE(Ask().ok());
    return at(1).answered > 0;
  }));
  EXPECT_TRUE(
      Eventually([&] { return at(2).metrics().find("code=\"PERMISSION_DENIED\"") != std::string::npos; }));
  EXPECT_EQ(Shares(100)[2], 0);
}

TEST_F(CarrierReplicasTest, WhereOneReplicaDoesNotReadTheOthersTakeWhatItHasNoRoomFor) {
  Start(2);
  TestRelay relay(at(1).port());
  client_ = std::make_unique<CarrierClient>(
      loops_, NewChannel(at(0).address()),
      Replicas{.addresses = std::make_unique<TestFeed>(feed_), .connect = Alone}, kToken);
  feed_->Tell({at(0).address(), relay.address()});
  EXPECT_TRUE(Eventually([&] {
    EXPECT_TRUE(Ask().ok());
    return at(1).answered > 0;
  }));
  relay.Hold();
  // Half of these is more than may wait for one.
  constexpr int kCalls = 24;
  for (int i = 1; i <= kCalls; ++i) {
    Spread(1, "any", std::string(kCarriedBytesMax / 2, 'x'));
    EXPECT_TRUE(Eventually([&] { return good_ >= i / 2 - 1; }));
  }
  EXPECT_TRUE(Eventually([&] { return good_ > kCalls / 2 + 1; }));
  EXPECT_EQ(lost_, 0);
  client_.reset();
}

TEST_F(CarrierReplicasTest, WhereNoReplicaCanBeReachedCallsFailAtOnceAndLaterOnesFindTheFirstThatIsBack) {
  Start(2);
  Connect();
  AwaitAll();
  std::vector<int> ports;
  for (const auto& replica : replicas_) {
    ports.push_back(replica->port());
    replica->Kill();
  }
  EXPECT_TRUE(Eventually([&] { return absl::IsUnavailable(Ask()); }));
  replicas_[1] = nullptr;
  replicas_[1] = std::make_unique<Replica>(loops_, kToken, ports[1]);
  EXPECT_TRUE(Eventually([&] { return Ask().ok(); }));
}

TEST_F(CarrierReplicasTest, ACallThatComesBeforeAnyReplicaIsKnownIsAnswered) {
  Start(1);
  Connect();
  EXPECT_TRUE(Ask().ok());
  EXPECT_EQ(at(0).answered, 1);
}

TEST_F(CarrierReplicasTest, AReplicaThatStopsIsAskedAgainWhenItServesAgain) {
  Start(2);
  Connect();
  AwaitAll();
  const int port = at(0).port();
  at(0).Drain();
  EXPECT_TRUE(Eventually([&] { return Shares(10)[0] == 0; }));
  replicas_[0]->Kill();
  replicas_[0] = nullptr;
  replicas_[0] = std::make_unique<Replica>(loops_, kToken, port);
  AwaitAll();
}

}  // namespace
}  // namespace tidemark::rpc
