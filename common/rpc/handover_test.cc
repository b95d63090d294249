// A process with replicas begins and stops, and nobody's call fails.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "common/async/test_eventually.h"
#include "common/http/raw_client.h"
#include "common/mutex/mutex.h"
#include "common/rpc/client.h"
#include "common/rpc/handler.h"
#include "common/rpc/server.h"
#include "tidemark/v1/ratelimit.grpc.pb.h"

namespace tidemark::rpc {
namespace {

class Counting final : public v1::RateLimitService::CallbackService {
 public:
  explicit Counting(EventLoops& loops) : loops_(loops) {}

  grpc::ServerUnaryReactor* Peek(grpc::CallbackServerContext* context, const v1::PeekRequest*,
                                 v1::PeekResponse*) override {
    return HandleUnary(loops_, context, [this, context](ServerCall&) -> Task<absl::Status> {
      const grpc::string_ref authority = context->ExperimentalGetAuthority();
      MutexLock lock(&mutex_);
      called_by_ = std::string(authority.data(), authority.size());
      ++served;
      co_return absl::OkStatus();
    });
  }

  std::atomic<int> served{0};
  // The name by which the last one called.
  std::string called_by() {
    MutexLock lock(&mutex_);
    return called_by_;
  }

 private:
  EventLoops& loops_;
  Mutex mutex_;
  std::string called_by_ ABSL_GUARDED_BY(mutex_);
};

struct Replica {
  Replica(EventLoops& loops, const std::string& address, absl::Duration handover)
      : service(loops),
        process(loops, registry, {.address = address, .admin_address = "127.0.0.1:0", .handover = handover}) {
  }

  std::string address() const { return absl::StrCat("127.0.0.1:", process.port()); }

  metrics::Registry registry;
  Counting service;
  ServiceProcess process;
};

class HandoverTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { BlockSignals(); }

  std::unique_ptr<Replica> Make(const std::string& address = "127.0.0.1:0") {
    // Longer than it takes to connect again, on a busy machine too.
    return std::make_unique<Replica>(loops_, address, absl::Milliseconds(500));
  }

  std::unique_ptr<Replica> Start(const std::string& address = "127.0.0.1:0") {
    auto replica = Make(address);
    EXPECT_TRUE(replica->process.Start({&replica->service}));
    return replica;
  }

  void Connect(const std::string& addresses) { Connect(NewChannel(addresses)); }
  void Connect(const std::shared_ptr<grpc::Channel>& channel) {
    stub_ = v1::RateLimitService::NewStub(channel);
  }

  grpc::Status Ask() {
    grpc::ClientContext context;
    v1::PeekResponse response;
    return stub_->Peek(&context, {}, &response);
  }

  EventLoops loops_{2};
  std::unique_ptr<v1::RateLimitService::Stub> stub_;
};

TEST_F(HandoverTest, EachOfSeveralAddressesIsCalled) {
  const auto first = Start();
  const auto second = Start();
  Connect(absl::StrCat(first->address(), ",", second->address()));
  EXPECT_TRUE(Eventually([&] {
    EXPECT_TRUE(Ask().ok());
    return first->service.served > 0 && second->service.served > 0;
  }));
}

// Which is what its certificate would say.
TEST_F(HandoverTest, AReplicaIsCalledByTheNameOfItsService) {
  const auto replica = Start();
  const std::string port = absl::StrCat(replica->process.port());
  Connect(ReplicasOf("localhost:" + port).connect("ipv4:127.0.0.1:" + port));
  EXPECT_TRUE(Eventually([this] { return Ask().ok(); }));
  EXPECT_EQ(replica->service.called_by(), "localhost");
  Connect(ReplicasOf("127.0.0.1:1,127.0.0.2:1").connect("ipv4:127.0.0.1:" + port));
  EXPECT_TRUE(Eventually([this] { return Ask().ok(); }));
  EXPECT_EQ(replica->service.called_by(), "127.0.0.1");
}

TEST_F(HandoverTest, AProcessThatLacksWhatItNeedsIsNotCalledUntilItHasHadItOnce) {
  std::atomic<bool> has_database{false};
  const auto begins = Make();
  begins->process.AddReadiness("postgres", [&] { return has_database.load(); });
  ASSERT_TRUE(begins->process.Start({&begins->service}));
  Connect(begins->address());
  EXPECT_EQ(Ask().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(begins->service.served, 0);

  has_database = true;
  EXPECT_TRUE(Eventually([this] { return Ask().ok(); }));
  // Some calls need no database.
  has_database = false;
  EXPECT_TRUE(Ask().ok());
}

TEST_F(HandoverTest, WhoeverHasSeenThatAProcessIsReadyIsServedAtOnce) {
  for (int i = 0; i < 10; ++i) {
    std::atomic<bool> has_database{false};
    const auto begins = Make();
    begins->process.AddReadiness("postgres", [&] { return has_database.load(); });
    ASSERT_TRUE(begins->process.Start({&begins->service}));
    has_database = true;
    http::RawClient admin(begins->process.admin_port());
    ASSERT_TRUE(Eventually([&admin] {
      const auto answer = admin.Ask("GET", "/readyz");
      return answer.has_value() && answer->status == 200;
    }));
    Connect(begins->address());
    EXPECT_TRUE(Ask().ok());
  }
}

TEST_F(HandoverTest, ReplicasThatAreReplacedInTurnUnderLoadFailNoCall) {
  std::vector<std::unique_ptr<Replica>> replicas;
  replicas.push_back(Start());
  replicas.push_back(Start());
  const std::vector<std::string> addresses = {replicas[0]->address(), replicas[1]->address()};
  Connect(absl::StrCat(addresses[0], ",", addresses[1]));
  ASSERT_TRUE(Ask().ok());

  std::atomic<bool> stopping{false};
  std::atomic<int> asked{0};
  std::atomic<int> failed{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      while (!stopping) {
        const grpc::Status status = Ask();
        ++asked;
        if (status.ok()) continue;
        ++failed;
        ADD_FAILURE() << status.error_code() << " " << status.error_message();
      }
    });
  }
  // One is stopped as soon as the other is back.
  for (size_t i : {0, 1, 0}) {
    replicas[i]->process.Drain();
    replicas[i] = Start(addresses[i]);
    EXPECT_TRUE(Eventually([&] { return replicas[i]->service.served > 0; }));
  }
  stopping = true;
  for (std::thread& caller : callers) caller.join();
  EXPECT_GT(asked, 0);
  EXPECT_EQ(failed, 0);
}

}  // namespace
}  // namespace tidemark::rpc
