// What the day's quota does to requests (SPEC 8), over memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/sync/engine/test_engine.h"

namespace tidemark::sync {
namespace {

using ratelimit::Resource;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A day of 100 requests, of which so many are used.
class QuotaRules : public EngineTest {
 protected:
  QuotaRules() {
    ratelimit::Limits limits;
    limits.budgets[Resource::kRequests] = 100;
    limits_.Replace(std::move(limits));
  }

  void Use(int64_t requests) {
    quota_.Count(Resource::kRequests, requests - quota_.Look().used[Resource::kRequests]);
  }

  template <typename T>
  absl::Status Try(std::function<Task<T>(Call&)> body) {
    const T answer = Run<T>(std::move(body));
    if constexpr (std::is_same_v<T, absl::Status>)
      return answer;
    else
      return answer.status();
  }
  absl::Status Check() {
    return Try<absl::StatusOr<CheckAnswer>>(
        [this](Call& call) { return engine_->Check(call, std::nullopt, Wildcard::kMatches, {}); });
  }
  absl::Status Devices() {
    return Try<absl::StatusOr<std::vector<DeviceStatus>>>(
        [this](Call& call) { return engine_->ListDevices(call); });
  }
  absl::Status Export() {
    const ExportSink sink = [](ExportPart) -> Task<absl::Status> { co_return absl::OkStatus(); };
    return Try<absl::Status>([this, sink](Call& call) { return engine_->Export(call, sink); });
  }
  absl::Status Watch() {
    const WatchSink sink{.send = [](Head) -> Task<absl::Status> { co_return absl::CancelledError(); },
                         .when_gone = [](std::function<void()>) {}};
    return Try<absl::Status>([this, sink](Call& call) { return engine_->Watch(call, std::nullopt, sink); });
  }
  absl::Status SyncV1(std::vector<Change> changes) {
    parts_.clear();
    const SyncV1Sink sink = [this](SyncV1Part part) -> Task<absl::Status> {
      parts_.push_back(std::move(part));
      co_return absl::OkStatus();
    };
    const SyncV1Request request{.last_sync = {}, .changes = std::move(changes)};
    return Try<absl::Status>(
        [this, request, sink](Call& call) { return engine_->SyncV1(call, request, sink); });
  }
  // All that SPEC 8 means by a request without changes.
  std::vector<absl::Status> Reads() {
    return {Check(), Refused(PullFrom({})), Devices(), Export(), Watch(), SyncV1({})};
  }

  std::vector<SyncV1Part> parts_;
};

TEST_F(QuotaRules, AtNinetyOnePercentWhatHasNoChangesIsToldToComeBackAtMidnight) {
  Use(91);
  clock_.AdvanceMillis(6 * 3'600'000);
  for (const absl::Status& refused : Reads()) {
    EXPECT_EQ(CodeOf(refused), "read_paused");
    EXPECT_EQ(refused.message(), "Read-only sync paused");
    EXPECT_EQ(ErrorInfoOf(refused).details.retry_after, absl::Hours(18));
  }
  EXPECT_EQ(store_.pulls + store_.head_reads, 0) << "what is refused costs nothing";
}

TEST_F(QuotaRules, AtNinetyPercentNothingIsPaused) {
  Use(90 - 5);
  for (const absl::Status& answered : {Check(), Refused(PullFrom({})), Devices(), Export(), SyncV1({})}) {
    EXPECT_EQ(CodeOf(answered), "ok");
  }
}

TEST_F(QuotaRules, AtNinetyOnePercentAPushIsStoredAndItsPullDeferredToMidnight) {
  Make({"a"});
  Use(91);
  const SyncAnswer answer = Push({Milk("b").By(kLaptop)}, kFirstStamp);
  EXPECT_EQ(answer.pull_deferred, absl::Hours(24));
  EXPECT_EQ(answer.server_time, kFirstStamp);
  EXPECT_FALSE(answer.head);
  EXPECT_THAT(answer.updates, IsEmpty());
  EXPECT_EQ(StoredHead().live_count, 2);
}

TEST_F(QuotaRules, AtNinetyOnePercentAV1PushIsStoredAndToldWhatBecameOfItAlone) {
  Make({"a"});
  Use(91);
  ASSERT_TRUE(SyncV1({Milk("b").By(kLaptop).Completed(false).Pinned(false)}).ok());
  ASSERT_EQ(parts_.size(), 1u);
  EXPECT_THAT(parts_[0].updates, IsEmpty()) << "stored as it was sent, and not the other device's task";
  EXPECT_EQ(parts_[0].server_time, Stamp{0}) << "the cursor stays, so that the next sync does the pull";
  EXPECT_EQ(StoredHead().live_count, 2);
}

TEST_F(QuotaRules, APausedPageIsAskedForAgainAfterMidnight) {
  Make({"a", "b"});
  SyncRequest first = PullFrom({});
  first.limit = 1;
  SyncRequest next = first;
  next.page = Sync(first).page;
  Use(91);
  EXPECT_EQ(CodeOf(Refused(next)), "read_paused");
  clock_.AdvanceMillis(24 * 3'600'000);
  EXPECT_THAT(IdsOf(Sync(next).updates), ElementsAre("b"));
}

TEST_F(QuotaRules, APushThatMustStartOverIsARead) {
  Use(91);
  SyncRequest rewound = PushOf({Milk("a")});
  rewound.epoch = Epoch("another");
  EXPECT_EQ(CodeOf(Refused(rewound)), "read_paused");
  EXPECT_EQ(StoredHead().live_count, 0);
}

TEST_F(QuotaRules, APullThatWasLetInIsAnsweredThoughItMustStartOver) {
  Use(90);
  SyncRequest rewound = PullFrom({});
  rewound.epoch = Epoch("another");
  EXPECT_TRUE(Sync(rewound).full_resync) << "it was the one that paused reads";
}

TEST_F(QuotaRules, UsedUpEverythingIsRefusedAndTheQueuedChangeIsStoredAfterMidnight) {
  Use(100);
  for (const absl::Status& refused : Reads()) EXPECT_EQ(CodeOf(refused), "quota_exhausted");
  const SyncRequest push = PushOf({Milk("a").Number(1)});
  const absl::Status refused = Refused(push);
  EXPECT_EQ(CodeOf(refused), "quota_exhausted");
  EXPECT_EQ(ErrorInfoOf(refused).details.retry_after, absl::Hours(24));
  EXPECT_EQ(CodeOf(SyncV1({Milk("b")})), "quota_exhausted");
  EXPECT_EQ(StoredHead(), Head{});

  clock_.AdvanceMillis(24 * 3'600'000 - 1);
  EXPECT_EQ(CodeOf(Refused(push)), "quota_exhausted");
  clock_.AdvanceMillis(1);
  EXPECT_FALSE(Sync(push).pull_deferred);
  EXPECT_EQ(StoredHead().live_count, 1);
}

TEST_F(QuotaRules, WhatIsRefusedTakesNoTokenAndNoRequest) {
  Serve({{"sync", 1}, {"check", 1}});
  Use(91);
  for (int i = 0; i < 3; ++i) Reads();
  EXPECT_EQ(quota_.Look().used[Resource::kRequests], 91);
  clock_.AdvanceMillis(24 * 3'600'000);
  EXPECT_EQ(CodeOf(Check()), "ok");
  Pull({});
}

TEST_F(QuotaRules, WhatABucketRefusesUsesNothingOfEverybodysDay) {
  Serve({{"sync", 1}, {"check", 1}, {"push_reserve", 1}, {"v1_sync", 1}, {"other", 1}});
  Pull({});
  Push({Milk("a")});  // From the reserve.
  ASSERT_TRUE(Check().ok());
  ASSERT_TRUE(Devices().ok());
  ASSERT_TRUE(SyncV1({}).ok());
  for (int i = 0; i < 3; ++i) {
    for (const absl::Status& refused : Reads()) EXPECT_EQ(CodeOf(refused), "rate_limited");
    EXPECT_EQ(CodeOf(Refused(PushOf({Milk("b")}))), "rate_limited");
    EXPECT_EQ(
        CodeOf(Try<absl::StatusOr<UsageAnswer>>([this](Call& call) { return engine_->GetUsage(call); })),
        "rate_limited");
  }
  EXPECT_EQ(quota_.Look().used[Resource::kRequests], 5);
}

TEST_F(QuotaRules, EachRequestIsCountedOnceWhateverItTakes) {
  Serve({{"sync", 1}});
  Pull({});
  Push({Milk("a")});  // From the reserve.
  ASSERT_TRUE(Check().ok());
  ASSERT_TRUE(Devices().ok());
  ASSERT_TRUE(Export().ok());
  ASSERT_TRUE(SyncV1({}).ok());
  EXPECT_EQ(quota_.Look().used[Resource::kRequests], 6);
}

TEST_F(QuotaRules, RefusalsCarryTheBudgetInTheirHeaders) {
  Use(100);
  Call call{.user = user_, .origin = {.request_id = "request"}, .limit = std::nullopt};
  (void)RunBlocking<absl::StatusOr<SyncAnswer>>(loops_.at(0),
                                                [&] { return engine_->Sync(call, PullFrom({})); });
  ASSERT_TRUE(call.limit);
  EXPECT_EQ(RateLimitHeader(call.limit->ask, call.limit->decision), R"("requests";r=0;t=86400)");
}

// SPEC 7.
class LiveBucket : public EngineTest {
 protected:
  LiveBucket() { Serve({{"sync", 1}, {"live", 2}}); }

  // Runs `body` while `session` has a stream open.
  void WhileWatched(const SessionId& session, const std::function<Task<void>()>& body) {
    Call call{.user = user_, .session = session, .origin = {.request_id = "stream"}, .limit = std::nullopt};
    const absl::Status ended = RunBlocking<absl::Status>(loops_.at(0), [&]() -> Task<absl::Status> {
      const WatchSink sink{.send = [&](Head) -> Task<absl::Status> {
                             co_await body();
                             co_return absl::CancelledError("seen enough");
                           },
                           .when_gone = [](std::function<void()>) {}};
      co_return co_await engine_->Watch(call, std::nullopt, sink);
    });
    EXPECT_TRUE(absl::IsCancelled(ended)) << ended;
  }
  // Of the session that PullFrom's requests are of.
  Task<std::string> PullsFrom() {
    Call call{.user = user_, .session = session_, .origin = {.request_id = "pull"}, .limit = std::nullopt};
    SyncRequest pull = PullFrom(Stamp{0});
    const absl::StatusOr<SyncAnswer> answer = co_await engine_->Sync(call, std::move(pull));
    co_return (answer.ok() ? "" : CodeOf(answer.status()) + " ") + call.limit->ask.policy;
  }
};

TEST_F(LiveBucket, IsWhatASessionWithAStreamPullsFrom) {
  WhileWatched(session_, [this]() -> Task<void> {
    EXPECT_EQ(co_await PullsFrom(), "live");
    EXPECT_EQ(co_await PullsFrom(), "live");
    EXPECT_EQ(co_await PullsFrom(), "rate_limited live") << "and not from sync, which has a token";
  });
  EXPECT_EQ(RunBlocking<std::string>(loops_.at(0), [this] { return PullsFrom(); }), "sync");
}

TEST_F(LiveBucket, IsNotForAnotherSessionOfTheSameUser) {
  WhileWatched(SessionId("the phone's"), [this]() -> Task<void> { EXPECT_EQ(co_await PullsFrom(), "sync"); });
}

TEST_F(LiveBucket, IsNotForPushes) {
  WhileWatched(session_, [this]() -> Task<void> {
    Call call{.user = user_, .session = session_, .origin = {.request_id = "push"}, .limit = std::nullopt};
    SyncRequest push = PushOf({Milk("a")});
    const absl::StatusOr<SyncAnswer> answer = co_await engine_->Sync(call, std::move(push));
    EXPECT_TRUE(answer.ok());
    EXPECT_EQ(call.limit->ask.policy, "sync");
  });
}

TEST_F(EngineTest, APageTellsTheBucketAndTakesNothing) {
  Make({"a", "b"});
  Serve({{"sync", 5}});
  SyncRequest request = PullFrom({});
  request.limit = 1;
  request.page = Sync(request).page;
  Call call{.user = user_, .origin = {.request_id = "page"}, .limit = std::nullopt};
  ASSERT_TRUE(RunBlocking<absl::StatusOr<SyncAnswer>>(loops_.at(0), [&] {
                return engine_->Sync(call, request);
              }).ok());
  ASSERT_TRUE(call.limit);
  EXPECT_EQ(call.limit->decision.remaining, 4);
  EXPECT_THAT(RateLimitHeader(call.limit->ask, call.limit->decision), HasSubstr("\"sync\";r=4;"));
}

}  // namespace
}  // namespace tidemark::sync
