// The streams of the sync service through real gRPC, over an engine in memory.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/rpc/client.h"
#include "common/rpc/status.h"
#include "common/status/error.h"
#include "services/ratelimit/client/memory_limiter.h"
#include "services/sync/storage/memory/memory_head_announcer.h"
#include "services/sync/storage/memory/memory_head_cache.h"
#include "services/sync/storage/memory/memory_store.h"
#include "services/sync/transport/service.h"

namespace tidemark::sync {
namespace {

using testing::ElementsAre;

constexpr UnixMillis kNow{1'735'689'600'000};
constexpr int64_t kTokenMillis = 1'000;
constexpr char kServiceToken[] = "service-secret";
constexpr char kAda[] = "00000000-0000-4000-8000-000000000001";

// The token is the user's id.
class TrustingVerifier : public auth::TokenVerifier {
 public:
  Task<absl::StatusOr<auth::Identity>> Verify(std::string authorization, Origin) override {
    if (authorization.empty()) co_return Error(Code::kMissingToken, "none");
    co_return auth::Identity{.user = UserId(authorization),
                             .session = SessionId("adas"),
                             .expires_at = {kNow.value + kTokenMillis}};
  }
};

ratelimit::PolicySet LargeBuckets() {
  ratelimit::PolicySet policies;
  for (const char* name : {"sync", "check", "live", "push_reserve", "v1_sync", "other"}) {
    EXPECT_TRUE(policies.Add({name, ratelimit::TokenBucket{1'000, absl::Hours(1)}}).ok());
  }
  return policies;
}

class SyncServiceTest : public testing::Test {
 protected:
  SyncServiceTest() {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    stub_ = v1::SyncService::NewStub(rpc::NewChannel("127.0.0.1:" + std::to_string(port)));
  }

  ~SyncServiceTest() override {
    engine_.EndWatches();
    server_->Shutdown();
    server_->Wait();
  }

  // A call of Ada's.
  static std::unique_ptr<grpc::ClientContext> Ada() {
    auto context = std::make_unique<grpc::ClientContext>();
    context->AddMetadata("authorization", kAda);
    return context;
  }

  v1::SyncResponse Push(const std::string& id, int64_t version, const std::string& content) {
    v1::SyncRequest request;
    request.set_device_id("phone");
    v1::Change& change = *request.add_changes();
    change.set_id(id);
    change.set_version(version);
    change.set_updated_at(10);
    change.set_content(content);
    v1::SyncResponse response;
    const auto context = Ada();
    const grpc::Status status = stub_->Sync(context.get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  void Tick() {
    RunBlocking<void>(loops_.at(0), [this] { return engine_.Tick(); });
  }

  void UseOfAHundredRequests(int64_t used) {
    ratelimit::Limits limits;
    limits.budgets[ratelimit::Resource::kRequests] = 100;
    limits_.Replace(std::move(limits));
    quota_.Count(ratelimit::Resource::kRequests, used);
  }

  static std::string TrailerOf(const grpc::ClientContext& context, const std::string& key) {
    const auto found = context.GetServerTrailingMetadata().find(key);
    if (found == context.GetServerTrailingMetadata().end()) return "";
    return std::string(found->second.data(), found->second.size());
  }
  static std::optional<Code> CodeOf(const grpc::Status& status) {
    if (status.ok()) return std::nullopt;
    return ErrorInfoOf(rpc::FromGrpc(status)).code;
  }

  ManualClock clock_{kNow};
  EventLoops loops_{2};
  MemoryStore store_{Epoch("e1"), clock_};
  MemoryHeadCache cache_{clock_};
  AnnouncementBus bus_;
  MemoryHeadAnnouncer announcer_{bus_};
  ratelimit::MemoryLimiter limiter_{LargeBuckets(), clock_};
  Versioned<ratelimit::Limits> limits_{ratelimit::Limits()};
  ratelimit::Quota quota_{limits_, clock_};
  TrustingVerifier verifier_;
  metrics::Registry registry_;
  ActiveUsers users_{clock_};
  SyncMetrics metrics_{registry_, users_};
  Engine engine_{store_, cache_, announcer_, limiter_, quota_, metrics_, clock_, Sleep, [] { return 0.0; }};
  Service service_{loops_, verifier_, engine_, rpc::ServiceCredential(kServiceToken)};
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::SyncService::Stub> stub_;
};

TEST_F(SyncServiceTest, AWatchIsToldTheEtagOfEachPushAndEndsWithItsToken) {
  const auto context = Ada();
  const auto reader = stub_->Watch(context.get(), {});
  v1::WatchResponse message;
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_EQ(message.etag(), "\"0-0-0\"");
  const v1::SyncResponse pushed = Push("a", 1, "milk");
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_EQ(message.etag(), pushed.etag());
  clock_.AdvanceMillis(kTokenMillis);
  Tick();
  EXPECT_FALSE(reader->Read(&message));
  EXPECT_EQ(CodeOf(reader->Finish()), Code::kExpiredToken);
}

TEST_F(SyncServiceTest, AWatchWhoseClientHasGoneLeavesItsPlace) {
  for (int i = 0; i < 3 * WatchHub::kStreamsMax; ++i) {
    const auto context = Ada();
    const auto reader = stub_->Watch(context.get(), {});
    v1::WatchResponse message;
    // The server hears of the last one's end after its client does.
    if (!reader->Read(&message)) {
      EXPECT_EQ(CodeOf(reader->Finish()), Code::kRateLimited);
      continue;
    }
    context->TryCancel();
    EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  bool told = false;
  while (!told && absl::Now() < deadline) {
    const auto context = Ada();
    const auto reader = stub_->Watch(context.get(), {});
    v1::WatchResponse message;
    told = reader->Read(&message);
    context->TryCancel();
    reader->Finish();
  }
  EXPECT_TRUE(told);
}

TEST_F(SyncServiceTest, APullIsPagesTheLastOfWhichHasTheCursor) {
  for (const char* id : {"a", "b", "c"}) Push(id, 1, "milk");
  v1::PullRequest request;
  request.set_device_id("laptop");
  request.set_limit(2);
  const auto context = Ada();
  const auto reader = stub_->Pull(context.get(), request);
  std::vector<std::string> pages;
  v1::SyncResponse page;
  while (reader->Read(&page)) {
    std::string text = page.has_more() ? "more" : "last";
    for (const v1::Task& task : page.updates()) text += " " + task.id();
    pages.push_back(text);
  }
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_THAT(pages, ElementsAre("more a b", "last c"));
  EXPECT_EQ(page.server_time(), kNow.value + 2);
  EXPECT_TRUE(page.has_etag());
}

TEST_F(SyncServiceTest, AnExportHasHistoriesByTaskAfterTheTasks) {
  Push("a", 1, "milk");
  Push("a", 2, "oat milk");
  Push("a", 3, "soy milk");
  Push("b", 1, "bread");
  Push("b", 2, "rye bread");
  const auto context = Ada();
  const auto reader = stub_->Export(context.get(), {});
  v1::ExportResponse part;
  ASSERT_TRUE(reader->Read(&part));
  ASSERT_EQ(part.tasks_size(), 2);
  EXPECT_EQ(part.tasks(0).content(), "soy milk");
  EXPECT_TRUE(part.tasks(0).has_created_at());
  ASSERT_EQ(part.histories_size(), 2);
  EXPECT_EQ(part.histories(0).id(), "b");
  EXPECT_EQ(part.histories(1).id(), "a");
  ASSERT_EQ(part.histories(1).history_size(), 2);
  EXPECT_EQ(part.histories(1).history(0).value().text(), "oat milk");
  EXPECT_EQ(part.histories(1).history(1).value().text(), "milk");
  EXPECT_FALSE(reader->Read(&part));
  EXPECT_TRUE(reader->Finish().ok());
}

TEST_F(SyncServiceTest, AWatchEndsWithItsSession) {
  const auto context = Ada();
  const auto reader = stub_->Watch(context.get(), {});
  v1::WatchResponse message;
  ASSERT_TRUE(reader->Read(&message));
  engine_.EndWatchesOf([](const SessionId& session) { return session == SessionId("adas"); });
  EXPECT_FALSE(reader->Read(&message));
  EXPECT_EQ(CodeOf(reader->Finish()), Code::kInvalidToken);
}

TEST_F(SyncServiceTest, OnlyAServiceMayEraseAUser) {
  Push("a", 1, "milk");
  v1::EraseUserRequest request;
  request.set_user_id(kAda);
  v1::EraseUserResponse response;
  grpc::ClientContext without, wrong, right;
  wrong.AddMetadata("service-token", "guess");
  wrong.AddMetadata("authorization", kAda);
  right.AddMetadata("service-token", kServiceToken);
  EXPECT_EQ(stub_->EraseUser(&without, request, &response).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(stub_->EraseUser(&wrong, request, &response).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Push("a", 2, "oat milk").rejected_size(), 0);
  EXPECT_TRUE(stub_->EraseUser(&right, request, &response).ok());

  const auto context = Ada();
  v1::SyncRequest pull;
  pull.set_device_id("phone");
  v1::SyncResponse pulled;
  ASSERT_TRUE(stub_->Sync(context.get(), pull, &pulled).ok());
  EXPECT_EQ(pulled.updates_size(), 0);
}

// SPEC 7: what HTTP clients read in headers.
TEST_F(SyncServiceTest, TheLimitIsToldInTheTrailers) {
  const auto context = Ada();
  v1::CheckResponse response;
  ASSERT_TRUE(stub_->Check(context.get(), {}, &response).ok());
  EXPECT_EQ(TrailerOf(*context, "ratelimit"), "\"check\";r=999;t=3600");
  EXPECT_EQ(TrailerOf(*context, "ratelimit-policy"), "\"check\";q=1000;w=3600000");
}

TEST_F(SyncServiceTest, AnEmptyBucketIsResourceExhaustedWithRetryInfo) {
  ASSERT_TRUE(RunBlocking<ratelimit::Decision>(loops_.at(0), [this] {
                return limiter_.Acquire({.subject = kAda, .policy = "check", .cost = 1'000},
                                        {.request_id = "request"});
              }).allowed);
  const auto context = Ada();
  v1::CheckResponse response;
  const grpc::Status refused = stub_->Check(context.get(), {}, &response);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  const ErrorInfo info = ErrorInfoOf(rpc::FromGrpc(refused));
  EXPECT_EQ(info.code, Code::kRateLimited);
  EXPECT_EQ(info.details.retry_after, absl::Hours(1));
  EXPECT_EQ(TrailerOf(*context, "ratelimit"), "\"check\";r=0;t=3600000");
}

// SPEC 8.
TEST_F(SyncServiceTest, ADayThatIsUsedUpIsResourceExhaustedUntilMidnight) {
  UseOfAHundredRequests(100);
  const auto context = Ada();
  v1::SyncResponse response;
  const grpc::Status refused = stub_->Sync(context.get(), {}, &response);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ErrorInfoOf(rpc::FromGrpc(refused)).code, Code::kQuotaExhausted);
  EXPECT_EQ(ErrorInfoOf(rpc::FromGrpc(refused)).details.retry_after, absl::Hours(24));
  EXPECT_EQ(TrailerOf(*context, "ratelimit"), "\"requests\";r=0;t=86400");
}

TEST_F(SyncServiceTest, PausedReadsAreUnavailableAndAPushIsStored) {
  UseOfAHundredRequests(91);
  const auto context = Ada();
  v1::CheckResponse response;
  const grpc::Status refused = stub_->Check(context.get(), {}, &response);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(CodeOf(refused), Code::kReadPaused);
  const v1::SyncResponse pushed = Push("a", 1, "milk");
  EXPECT_TRUE(pushed.pull_deferred());
  EXPECT_EQ(pushed.retry_after(), 86'400);
  EXPECT_FALSE(pushed.has_etag());
}

TEST_F(SyncServiceTest, UsageHasBucketsQuotaAndLimits) {
  UseOfAHundredRequests(94);
  const auto context = Ada();
  v1::GetUsageResponse usage;
  ASSERT_TRUE(stub_->GetUsage(context.get(), {}, &usage).ok());
  ASSERT_EQ(usage.buckets_size(), 6);
  EXPECT_EQ(usage.buckets(0).policy(), "sync");
  EXPECT_EQ(usage.buckets(0).remaining(), 1'000);
  EXPECT_EQ(usage.buckets(3).reset_after(), 3'600);
  EXPECT_EQ(usage.quota().state(), "read_paused");
  EXPECT_EQ(usage.quota().day(), kNow.value);
  EXPECT_EQ(usage.quota().reset_after(), 86'400);
  ASSERT_EQ(usage.quota().budgets_size(), 5);
  EXPECT_EQ(usage.quota().budgets(0).resource(), "requests");
  EXPECT_EQ(usage.quota().budgets(0).used(), 95);
  EXPECT_EQ(usage.quota().budgets(0).budget(), 100);
  EXPECT_FALSE(usage.quota().budgets(1).has_budget());
  EXPECT_EQ(usage.limits().changes_max(), 1'000);
  EXPECT_EQ(usage.limits().content_bytes_max(), 16'384);
  EXPECT_EQ(usage.limits().message_bytes_max(), 8 * 1024 * 1024);
  EXPECT_EQ(usage.limits().history_days(), 90);
}

TEST_F(SyncServiceTest, NoStreamIsGivenWithoutAToken) {
  grpc::ClientContext pull, watch, exported;
  EXPECT_EQ(CodeOf(stub_->Pull(&pull, {})->Finish()), Code::kMissingToken);
  EXPECT_EQ(CodeOf(stub_->Watch(&watch, {})->Finish()), Code::kMissingToken);
  EXPECT_EQ(CodeOf(stub_->Export(&exported, {})->Finish()), Code::kMissingToken);
}

}  // namespace
}  // namespace tidemark::sync
