#include "common/vitals/vitals.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/async/test_eventually.h"
#include "common/metrics/metrics.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"

namespace tidemark::vitals {
namespace {

constexpr char kToken[] = "service-token";
constexpr UnixMillis kNow{1'735'732'800'000};

// A process that serves its vitals.
class Served {
 public:
  Served(EventLoops& loops, const Clock& clock, Random& random, const std::string& name, int port = 0)
      : vitals(loops, clock, random, {.name = name, .credential = rpc::ServiceCredential(kToken)}),
        process_(loops, registry_,
                 {.address = absl::StrCat("127.0.0.1:", port), .admin_address = "127.0.0.1:0"}) {}

  void Start() { ASSERT_TRUE(process_.Start({&vitals.service()})); }
  std::string address() const { return absl::StrCat("127.0.0.1:", process_.port()); }
  int port() const { return process_.port(); }

  Vitals vitals;

 private:
  metrics::Registry registry_;
  rpc::ServiceProcess process_;
};

class VitalsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { rpc::BlockSignals(); }

  static std::optional<v1::DependencyStatus> Find(const v1::GetStatusResponse& status,
                                                  const std::string& process, const std::string& name) {
    for (const v1::ProcessStatus& told : status.processes()) {
      if (told.name() != process) continue;
      for (const v1::DependencyStatus& dependency : told.dependencies()) {
        if (dependency.name() == name) return dependency;
      }
    }
    return std::nullopt;
  }

  bool IsEventually(v1::DependencyState state, const std::string& process, const std::string& name) {
    return Eventually([&] {
      const std::optional<v1::DependencyStatus> found = Find(vitals_->Now(), process, name);
      return found && found->state() == state;
    });
  }

  ManualClock clock_{kNow};
  SeededRandom random_{1};
  EventLoops loops_{2};
  std::optional<Vitals> vitals_{std::in_place, loops_, clock_, random_,
                                Identity{.name = "gateway", .credential = rpc::ServiceCredential(kToken)}};
};

TEST_F(VitalsTest, AProcessTellsItsNameItsVersionAndSinceWhenItRuns) {
  const v1::GetStatusResponse now = vitals_->Now();
  ASSERT_EQ(now.processes_size(), 1);
  EXPECT_EQ(now.processes(0).name(), "gateway");
  EXPECT_EQ(now.processes(0).version(), TIDEMARK_VERSION);
  EXPECT_EQ(now.processes(0).started_at(), kNow.value);
  EXPECT_FALSE(now.has_quota());
}

TEST_F(VitalsTest, OnlyACallerWithTheServiceCredentialIsTold) {
  Served served(loops_, clock_, random_, "sync");
  served.Start();
  const auto stub = v1::StatusService::NewStub(rpc::NewChannel(served.address()));
  for (const char* token : {"", "another"}) {
    grpc::ClientContext context;
    if (*token != 0) context.AddMetadata("service-token", token);
    v1::GetStatusResponse response;
    EXPECT_EQ(stub->GetStatus(&context, {}, &response).error_code(), grpc::StatusCode::PERMISSION_DENIED);
    EXPECT_EQ(response.processes_size(), 0);
  }
  grpc::ClientContext context;
  context.AddMetadata("service-token", kToken);
  v1::GetStatusResponse response;
  EXPECT_TRUE(stub->GetStatus(&context, {}, &response).ok());
  EXPECT_EQ(response.processes(0).name(), "sync");
}

TEST_F(VitalsTest, WhatADependencyIsIsAskedAgainAndAgain) {
  std::atomic<bool> answers = true;
  vitals_->Watch("postgres", [&answers] { return answers.load(); });
  EXPECT_TRUE(IsEventually(v1::DEPENDENCY_STATE_ANSWERS, "gateway", "postgres"));
  clock_.AdvanceMillis(7'000);
  answers = false;
  EXPECT_TRUE(IsEventually(v1::DEPENDENCY_STATE_AWAY, "gateway", "postgres"));
  EXPECT_EQ(Find(vitals_->Now(), "gateway", "postgres")->since(), kNow.value + 7'000);
  answers = true;
  EXPECT_TRUE(IsEventually(v1::DEPENDENCY_STATE_ANSWERS, "gateway", "postgres"));
  vitals_.reset();
}

TEST_F(VitalsTest, TellsOnWhatAnotherProcessTellsAndNoMoreOnceThatIsAway) {
  std::optional<Served> sync(std::in_place, loops_, clock_, random_, "sync");
  sync->vitals.Watch("redis", [] { return true; });
  sync->vitals.Tell([](v1::GetStatusResponse& status) { status.mutable_quota()->set_state("open"); });
  sync->Start();
  const int port = sync->port();
  vitals_->WatchProcess("sync", sync->address(), Hears::kAll);
  EXPECT_TRUE(IsEventually(v1::DEPENDENCY_STATE_ANSWERS, "gateway", "sync"));
  EXPECT_TRUE(IsEventually(v1::DEPENDENCY_STATE_ANSWERS, "sync", "redis"));
  EXPECT_EQ(vitals_->Now().quota().state(), "open");

  sync.reset();
  EXPECT_TRUE(IsEventually(v1::DEPENDENCY_STATE_AWAY, "gateway", "sync"));
  // One question that failed may have been another replica's.
  EXPECT_TRUE(Eventually([this] { return vitals_->Now().processes_size() == 1; }));
  EXPECT_FALSE(vitals_->Now().has_quota());

  Served again(loops_, clock_, random_, "sync", port);
  again.Start();
  EXPECT_TRUE(IsEventually(v1::DEPENDENCY_STATE_ANSWERS, "gateway", "sync"));
}

TEST_F(VitalsTest, OfAProcessThatIsOnlyWatchedNothingIsToldOn) {
  Served sync(loops_, clock_, random_, "sync");
  sync.Start();
  vitals_->WatchProcess("sync", sync.address(), Hears::kNothing);
  EXPECT_TRUE(IsEventually(v1::DEPENDENCY_STATE_ANSWERS, "gateway", "sync"));
  EXPECT_EQ(vitals_->Now().processes_size(), 1);
}

TEST_F(VitalsTest, AProcessThatTwoHaveAskedIsToldOnce) {
  Served ratelimit(loops_, clock_, random_, "ratelimit");
  ratelimit.Start();
  Served sync(loops_, clock_, random_, "sync");
  sync.vitals.WatchProcess("ratelimit", ratelimit.address(), Hears::kAll);
  sync.Start();
  Served auth(loops_, clock_, random_, "auth");
  auth.vitals.WatchProcess("ratelimit", ratelimit.address(), Hears::kAll);
  auth.Start();
  vitals_->WatchProcess("sync", sync.address(), Hears::kAll);
  vitals_->WatchProcess("auth", auth.address(), Hears::kAll);
  EXPECT_TRUE(Eventually([this] { return vitals_->Now().processes_size() == 4; }));
  EXPECT_TRUE(IsEventually(v1::DEPENDENCY_STATE_ANSWERS, "sync", "ratelimit"));
  EXPECT_TRUE(IsEventually(v1::DEPENDENCY_STATE_ANSWERS, "auth", "ratelimit"));
  EXPECT_EQ(vitals_->Now().processes_size(), 4);
}

TEST_F(VitalsTest, AllReplicasAreToldAndTheirCachesAreCountedTogether) {
  Served one(loops_, clock_, random_, "sync");
  Served other(loops_, clock_, random_, "sync");
  for (Served* replica : {&one, &other}) {
    replica->vitals.Tell([](v1::GetStatusResponse& status) {
      v1::CacheTierStatus& tier = *status.add_cache_tiers();
      tier.set_name("redis");
      tier.set_reads(10);
      tier.set_hits(7);
    });
    replica->Start();
  }
  vitals_->WatchProcess("sync", absl::StrCat("ipv4:", one.address(), ",", other.address()), Hears::kAll);
  EXPECT_TRUE(Eventually([this] { return vitals_->Now().processes_size() == 3; }));
  const v1::GetStatusResponse now = vitals_->Now();
  ASSERT_EQ(now.cache_tiers_size(), 1);
  EXPECT_EQ(now.cache_tiers(0).reads(), 20);
  EXPECT_EQ(now.cache_tiers(0).hits(), 14);
}

TEST_F(VitalsTest, OneThatHangsIsAwayAndKeepsNobodyWaiting) {
  boost::asio::io_context io;
  // Takes connections, as far as the kernel does, and never says a word.
  boost::asio::ip::tcp::acceptor mute(io, {boost::asio::ip::address_v4::loopback(), 0});
  vitals_->WatchProcess("sync", absl::StrCat("127.0.0.1:", mute.local_endpoint().port()), Hears::kAll);
  vitals_->Watch("auth", [] { return true; });
  EXPECT_TRUE(IsEventually(v1::DEPENDENCY_STATE_ANSWERS, "gateway", "auth"));
  EXPECT_TRUE(IsEventually(v1::DEPENDENCY_STATE_AWAY, "gateway", "sync"));
  vitals_.reset();
}

}  // namespace
}  // namespace tidemark::vitals
