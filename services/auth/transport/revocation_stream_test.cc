// What a verifier elsewhere knows of revoked sessions, through real gRPC.
#include "services/auth/transport/revocation_stream.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "common/async/test_eventually.h"
#include "common/rpc/client.h"
#include "common/status/error.h"
#include "services/auth/client/revocation_watch.h"
#include "services/auth/engine/revocation_feed.h"
#include "services/auth/storage/memory_store.h"
#include "tidemark/v1/auth.grpc.pb.h"

namespace tidemark::auth {
namespace {

constexpr UnixMillis kNow{1'735'689'600'000};
constexpr char kServiceToken[] = "service-secret";

// The one rpc, as Service has it.
class WatchOnly final : public v1::AuthService::CallbackService {
 public:
  WatchOnly(RevocationFeed& feed, EventLoops& loops) : feed_(feed), loops_(loops) {}
  RevocationReactor* WatchRevocations(grpc::CallbackServerContext* context) override {
    const auto given = context->client_metadata().find("service-token");
    const bool known = given != context->client_metadata().end() && given->second == kServiceToken;
    if (!known) return RevocationStream::Refuse(Error(Code::kForbidden, "no"));
    return RevocationStream::Open(feed_, loops_.Next());
  }

 private:
  RevocationFeed& feed_;
  EventLoops& loops_;
};

class RevocationStreamTest : public testing::Test {
 protected:
  RevocationStreamTest() { Serve(); }
  ~RevocationStreamTest() override { StopServing(); }

  void Serve() {
    // No Announce gives up: what is not acknowledged hangs.
    const Sleeper never = [](absl::Duration) -> Task<void> {
      co_await Await<bool>([](const Completion<bool>&) {});
    };
    feed_.emplace(accounts_, clock_, never, absl::Minutes(15));
    service_.emplace(*feed_, loops_);
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port_), grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&*service_);
    server_ = builder.BuildAndStart();
  }

  void StopServing() {
    feed_->Close();
    server_->Shutdown();
    server_->Wait();
    // What streams have posted to the loops holds them no longer than this.
    for (int i = 0; i < loops_.size(); ++i) {
      RunBlocking<void>(loops_.at(i), []() -> Task<void> { co_return; });
    }
  }

  std::unique_ptr<RevocationWatch> Watch(RevokedSessions& revoked) {
    return std::make_unique<RevocationWatch>(
        loops_.at(0), rpc::NewChannel("127.0.0.1:" + std::to_string(port_)), kServiceToken, revoked);
  }
  void Refresh() {
    RunBlocking<void>(loops_.at(1), [this] { return feed_->Refresh(); });
  }
  void Announce(const std::string& session) {
    RunBlocking<void>(loops_.at(1), [&] {
      std::vector<Revocation> revoked = {{SessionId(session), kNow}};
      return feed_->Announce(std::move(revoked), Origin());
    });
  }

  ManualClock clock_{kNow};
  EventLoops loops_{2};
  MemoryAccountStore accounts_;
  std::optional<RevocationFeed> feed_;
  std::optional<WatchOnly> service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(RevocationStreamTest, AVerifierKnowsARevocationWhenItsAnnouncementReturns) {
  RevokedSessions revoked;
  const auto watch = Watch(revoked);
  Refresh();
  ASSERT_TRUE(Eventually([&] { return watch->knows_all(); }));
  for (int i = 0; i < 100; ++i) {
    const std::string session = "session-" + std::to_string(i);
    Announce(session);
    EXPECT_TRUE(revoked.Contains(SessionId(session))) << i;
  }
  EXPECT_FALSE(revoked.Contains(SessionId("another")));
}

TEST_F(RevocationStreamTest, AVerifierThatComesLaterLearnsAll) {
  Refresh();
  for (int i = 0; i < 2500; ++i) Announce("session-" + std::to_string(i));
  RevokedSessions revoked;
  const auto watch = Watch(revoked);
  ASSERT_TRUE(Eventually([&] { return watch->knows_all(); }));
  for (int i = 0; i < 2500; ++i) EXPECT_TRUE(revoked.Contains(SessionId("session-" + std::to_string(i))));
}

TEST_F(RevocationStreamTest, KnowsNothingUntilTheStoreWasRead) {
  RevokedSessions revoked;
  const auto watch = Watch(revoked);
  EXPECT_FALSE(watch->knows_all());
  Refresh();
  EXPECT_TRUE(Eventually([&] { return watch->knows_all(); }));
}

TEST_F(RevocationStreamTest, KeepsWhatItKnowsWhileAuthIsAwayAndLearnsWhatItMissed) {
  RevokedSessions revoked;
  const auto watch = Watch(revoked);
  Refresh();
  ASSERT_TRUE(Eventually([&] { return watch->knows_all(); }));
  Announce("before");
  StopServing();
  EXPECT_TRUE(revoked.Contains(SessionId("before")));
  Serve();
  Refresh();
  Announce("meanwhile");
  EXPECT_TRUE(Eventually([&] { return revoked.Contains(SessionId("meanwhile")); }));
  EXPECT_TRUE(revoked.Contains(SessionId("before")));
}

TEST_F(RevocationStreamTest, EndsWhenTheServerStops) {
  grpc::ClientContext context;
  context.AddMetadata("service-token", kServiceToken);
  const auto stub = v1::AuthService::NewStub(rpc::NewChannel("127.0.0.1:" + std::to_string(port_)));
  const auto stream = stub->WatchRevocations(&context);
  Refresh();
  v1::WatchRevocationsResponse message;
  ASSERT_TRUE(stream->Read(&message));
  feed_->Close();
  EXPECT_FALSE(stream->Read(&message));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(RevocationStreamTest, AWatchThatGoesAtOnceLeavesNothingToWaitFor) {
  RevokedSessions revoked;
  for (int i = 0; i < 20; ++i) Watch(revoked);
  Refresh();
  Announce("one");
}

}  // namespace
}  // namespace tidemark::auth
