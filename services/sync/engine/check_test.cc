// GET /sync/check (SPEC 3.2), and the cache behind it (SPEC 5.8).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/sync/domain/etag.h"
#include "services/sync/engine/test_engine.h"

namespace tidemark::sync {
namespace {

class CheckTest : public EngineTest {
 protected:
  absl::StatusOr<CheckAnswer> TryCheck(std::optional<std::string> if_none_match,
                                       Wildcard wildcard = Wildcard::kMatches) {
    return Run<absl::StatusOr<CheckAnswer>>(
        [&](Call& call) { return engine_->Check(call, if_none_match, wildcard, DeviceId()); });
  }
  bool NotModified(std::optional<std::string> if_none_match, Wildcard wildcard = Wildcard::kMatches) {
    const absl::StatusOr<CheckAnswer> answer = TryCheck(std::move(if_none_match), wildcard);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() && answer->not_modified;
  }
  std::string StoredEtag() { return FormatEtag(StoredHead()); }
};

TEST_F(CheckTest, IsNotModifiedForTheCurrentEtagAlone) {
  Make({"a"});
  EXPECT_TRUE(NotModified(StoredEtag()));
  EXPECT_FALSE(NotModified("\"0-0-0\""));
  EXPECT_FALSE(NotModified(std::nullopt));
  EXPECT_FALSE(NotModified(""));
}

TEST_F(CheckTest, AnyMatchesWhereItIsAllowedEvenBeforeTheFirstTask) {
  EXPECT_TRUE(NotModified("*"));
  EXPECT_FALSE(NotModified("*", Wildcard::kNever));
  EXPECT_TRUE(NotModified("\"0-0-0\"", Wildcard::kNever));
}

TEST_F(CheckTest, TellsTheCurrentStateAndItsEpochEitherWay) {
  Make({"a", "b"});
  const absl::StatusOr<CheckAnswer> answer = TryCheck(std::nullopt);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(FormatEtag(answer->head), StoredEtag());
  EXPECT_EQ(answer->epoch, Epoch("e1"));
}

TEST_F(CheckTest, EachCommittedChangeIsSeenAtOnce) {
  Make({"a"});
  for (const Change& change : std::vector<Change>{
           Edit("a").Version(2).Pinned(), Edit("a").Version(3).Deleted(), Edit("a").Version(4).Alive(),
           Edit("a").By(kWeb).Version(1).At(1).Pinned(false), Milk("b")}) {
    const std::string before = StoredEtag();
    EXPECT_TRUE(NotModified(before));
    Push({change}, {1});
    EXPECT_FALSE(NotModified(before));
  }
}

TEST_F(CheckTest, IsAnsweredFromTheCacheOnceThatIsFilled) {
  NotModified(std::nullopt);
  EXPECT_EQ(store_.head_reads, 1);
  NotModified(std::nullopt);
  EXPECT_EQ(store_.head_reads, 1);
  Make({"a"});
  EXPECT_TRUE(NotModified(StoredEtag()));
  EXPECT_EQ(store_.head_reads, 1) << "a push publishes its head";
}

TEST_F(CheckTest, TakesFromItsOwnBucket) {
  Serve({{"check", 2}, {"sync", 1}});
  Pull({});
  NotModified(std::nullopt);
  NotModified(std::nullopt);
  const absl::Status refused = TryCheck(std::nullopt).status();
  EXPECT_EQ(CodeOf(refused), "rate_limited");
  EXPECT_EQ(ErrorInfoOf(refused).details.retry_after, absl::Hours(1));
}

TEST_F(CheckTest, ReportsTheBucketItAsked) {
  Serve({{"check", 2}});
  Call call{.user = user_, .origin = {.request_id = "request"}, .limit = std::nullopt};
  const absl::StatusOr<CheckAnswer> answer = RunBlocking<absl::StatusOr<CheckAnswer>>(
      loops_.at(0), [&] { return engine_->Check(call, std::nullopt, Wildcard::kMatches, DeviceId()); });
  EXPECT_TRUE(answer.ok());
  ASSERT_TRUE(call.limit);
  EXPECT_EQ(call.limit->ask.policy, "check");
  EXPECT_EQ(call.limit->decision.remaining, 1);
}

// SPEC 8.

TEST_F(CheckTest, IsStillAnsweredFromTheCacheWhileTheStoreIsAway) {
  Make({"a"});
  NotModified(std::nullopt);
  store_.away = true;
  clock_.AdvanceMillis(10'000);
  EXPECT_TRUE(NotModified(StoredEtag()));
  EXPECT_EQ(CodeOf(Refused(PushOf({Milk("b")}))), "unavailable");
  EXPECT_EQ(CodeOf(Refused(PullFrom({}))), "unavailable");
}

TEST_F(CheckTest, IsAnsweredFromTheCacheWhenTheStoreIsFoundAwayOnTheWay) {
  Make({"a"});
  NotModified(std::nullopt);
  store_.hides_data_set = true;
  clock_.AdvanceMillis(3'000);
  store_.before_head = [this] { store_.away = true; };
  EXPECT_TRUE(NotModified(StoredEtag()));
}

TEST_F(CheckTest, IsUnavailableWhileStoreAndCacheAreAway) {
  Make({"a"});
  store_.away = true;
  cache_.away = true;
  EXPECT_EQ(CodeOf(TryCheck(std::nullopt).status()), "unavailable");
}

TEST_F(CheckTest, IsUnavailableWhenTheStoreWasNeverReached) {
  store_.away = true;
  EXPECT_EQ(CodeOf(TryCheck(std::nullopt).status()), "unavailable");
  store_.away = false;
  EXPECT_FALSE(NotModified(std::nullopt));
}

TEST_F(CheckTest, IsAnsweredFromTheStoreWhileTheCacheIsAway) {
  Make({"a"});
  cache_.away = true;
  EXPECT_TRUE(NotModified(StoredEtag()));
  EXPECT_EQ(store_.head_reads, 1);
}

TEST_F(CheckTest, TheDataSetIsReadOnceASecond) {
  NotModified(std::nullopt);
  const int reads = store_.data_set_reads;
  for (int i = 0; i < 10; ++i) NotModified(std::nullopt);
  EXPECT_EQ(store_.data_set_reads, reads);
  clock_.AdvanceMillis(1'000);
  for (int i = 0; i < 10; ++i) NotModified(std::nullopt);
  EXPECT_EQ(store_.data_set_reads, reads + 1);
}

// Another replica, which reaches the cache while this one does not.
class OtherReplica : public CheckTest {
 protected:
  OtherReplica() {
    other_.emplace(store_, memory_cache_, other_announcer_, *limiter_, quota_, metrics_, clock_, Sleep,
                   [] { return 0.0; });
  }

  bool SeesAsCurrent(const std::string& etag) {
    Call call{.user = user_, .origin = {.request_id = "request"}, .limit = std::nullopt};
    const absl::StatusOr<CheckAnswer> answer = RunBlocking<absl::StatusOr<CheckAnswer>>(
        loops_.at(0), [&] { return other_->Check(call, etag, Wildcard::kNever, DeviceId()); });
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() && answer->not_modified;
  }

  void SuspendTheCache() {
    EXPECT_TRUE(RunBlocking<absl::StatusOr<DataSetState>>(loops_.at(0), [&] {
                  return memory_store_.SuspendCache(absl::Seconds(60), absl::Seconds(15));
                }).ok());
  }
  absl::Status PushThroughOther(Change change) {
    Call call{.user = user_, .origin = {.request_id = "request"}, .limit = std::nullopt};
    SyncRequest request = PushOf({std::move(change)}, {1});
    return RunBlocking<absl::StatusOr<SyncAnswer>>(loops_.at(0), [&] { return other_->Sync(call, request); })
        .status();
  }

  MemoryHeadAnnouncer other_announcer_{bus_};
  std::optional<Engine> other_;
};

TEST_F(OtherReplica, NeverAnswersAnOldHeadAfterAPushThatCouldNotFence) {
  Make({"a"});
  const std::string before = StoredEtag();
  EXPECT_TRUE(SeesAsCurrent(before));
  cache_.away = true;
  Push({Milk("b")}, {1});
  EXPECT_FALSE(SeesAsCurrent(before));
  EXPECT_TRUE(SeesAsCurrent(StoredEtag()));
  cache_.away = false;
  clock_.AdvanceMillis(120'000);
  EXPECT_FALSE(SeesAsCurrent(before)) << "the cache is in use again, and what it held before is void";
}

TEST_F(OtherReplica, NeverAnswersAnOldHeadAfterAPushThatCouldNotPublish) {
  Make({"a"});
  const std::string before = StoredEtag();
  EXPECT_TRUE(SeesAsCurrent(before));
  cache_.after_fence = [this] { cache_.away = true; };
  Push({Milk("b")}, {1});
  EXPECT_FALSE(SeesAsCurrent(before));
}

// The pusher has the new generation at once, the other may go by the old one for two seconds.
TEST_F(OtherReplica, IsWaitedForByWhoeverPushesUnderANewGeneration) {
  Make({"a"});
  const std::string before = StoredEtag();
  EXPECT_TRUE(SeesAsCurrent(before));
  SuspendTheCache();
  clock_.AdvanceMillis(500);
  Serve();
  Push({Milk("b")}, {1});
  EXPECT_EQ(slept_, absl::Seconds(2)) << "from when it first saw it, which may be late";
  EXPECT_FALSE(SeesAsCurrent(before));
}

TEST_F(OtherReplica, IsWaitedForWhenTheGenerationIsRaisedBetweenFenceAndTransaction) {
  Make({"a"});
  const std::string before = StoredEtag();
  EXPECT_TRUE(SeesAsCurrent(before));
  cache_.after_fence = [this] { SuspendTheCache(); };
  Push({Milk("b")}, {1});
  EXPECT_EQ(slept_, absl::Seconds(2));
  EXPECT_EQ(StoredHead().live_count, 2);
  EXPECT_FALSE(SeesAsCurrent(before));
}

// What is cached while others go without a fence may be old when the suspension ends.
TEST_F(OtherReplica, LeavesNothingInASuspendedCache) {
  Make({"a"});
  SuspendTheCache();
  clock_.AdvanceMillis(45'000);
  EXPECT_TRUE(PushThroughOther(Milk("b")).ok());
  cache_.away = true;
  Push({Milk("c")}, {1});
  cache_.away = false;
  clock_.AdvanceMillis(60'000);
  EXPECT_TRUE(SeesAsCurrent(StoredEtag()));
}

TEST_F(OtherReplica, UsesNoCacheWhileAPushWithoutAFenceMayBeUnderWay) {
  const auto reads_of_a_check = [&] {
    const int before = store_.head_reads;
    SeesAsCurrent(StoredEtag());
    return store_.head_reads - before;
  };
  Make({"a"});
  EXPECT_EQ(reads_of_a_check(), 0);
  cache_.away = true;
  Push({Milk("b")}, {1});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(reads_of_a_check(), 1);
  clock_.AdvanceMillis(60'000);
  EXPECT_EQ(reads_of_a_check(), 1);
  EXPECT_EQ(reads_of_a_check(), 0);
}

TEST_F(OtherReplica, IsWaitedForOncePerOutage) {
  Make({"a"});
  EXPECT_EQ(slept_, absl::ZeroDuration());
  cache_.away = true;
  Push({Milk("b")}, {1});
  EXPECT_EQ(slept_, absl::Seconds(2));
  for (int i = 0; i < 100; ++i) {
    clock_.AdvanceMillis(5'000);
    Push({Milk("c" + std::to_string(i))}, {1});
  }
  EXPECT_EQ(slept_, absl::Seconds(2));
}

TEST_F(OtherReplica, IsWaitedForAgainInTheNextOutage) {
  cache_.away = true;
  Make({"a"});
  clock_.AdvanceMillis(3'600'000);
  Push({Milk("b")}, {1});
  EXPECT_EQ(slept_, absl::Seconds(4));
}

TEST_F(OtherReplica, NeverAnswersAnOldHeadAfterTheClockWasSetBack) {
  Make({"a"});
  const std::string before = StoredEtag();
  EXPECT_TRUE(SeesAsCurrent(before));
  clock_.AdvanceMillis(-3'600'000);
  cache_.away = true;
  Push({Milk("b")}, {1});
  EXPECT_EQ(slept_, absl::Seconds(2));
  EXPECT_FALSE(SeesAsCurrent(before));
}

// It has not heard of the suspension, nor of the new generation in which heads are cached by now.
TEST_F(OtherReplica, NeverPushesUnderAnOldGeneration) {
  Make({"a"});
  EXPECT_TRUE(SeesAsCurrent(StoredEtag()));
  cache_.away = true;
  Push({Milk("b")}, {1});
  cache_.away = false;
  clock_.AdvanceMillis(120'000);
  const std::string before = StoredEtag();
  EXPECT_TRUE(NotModified(before));
  store_.hides_data_set = true;
  EXPECT_TRUE(PushThroughOther(Milk("c")).ok());
  EXPECT_FALSE(NotModified(before));
}

TEST_F(OtherReplica, PushesNothingIntoADataSetThatWasRestoredMeanwhile) {
  Make({"a"});
  EXPECT_TRUE(SeesAsCurrent(StoredEtag()));
  const std::unique_ptr<MemoryStore> restored = memory_store_.Copy(Epoch("e2"));
  store_.Use(*restored);
  EXPECT_EQ(CodeOf(PushThroughOther(Milk("c"))), "unavailable");
  EXPECT_TRUE(PushThroughOther(Milk("c")).ok());
  EXPECT_EQ(StoredHead().live_count, 1);
}

// As after a failover to a standby that had not heard of the newest generation.
TEST_F(OtherReplica, SeesAPushAfterTheGenerationWentBack) {
  Make({"a"});
  SuspendTheCache();
  clock_.AdvanceMillis(120'000);
  const std::string before = StoredEtag();
  EXPECT_TRUE(SeesAsCurrent(before));
  EXPECT_TRUE(SeesAsCurrent(before));
  const std::unique_ptr<MemoryStore> standby = memory_store_.Copy(Epoch("e1"));
  store_.Use(*standby);
  for (int i = 0; i < 3; ++i) {
    clock_.AdvanceMillis(5'000);
    Push({Milk("b" + std::to_string(i))}, {i + 1});
    EXPECT_FALSE(SeesAsCurrent(before));
  }
}

TEST_F(OtherReplica, KeepsNoHeadWhileACommitMayBeUnderWay) {
  Make({"a"});
  cache_.after_fence = [this] { cache_.away = true; };
  Push({Milk("b")}, {1});
  cache_.away = false;
  memory_cache_.Flush();
  store_.commit_hangs = true;
  EXPECT_TRUE(SeesAsCurrent(StoredEtag()));
  const int reads = store_.head_reads;
  EXPECT_TRUE(SeesAsCurrent(StoredEtag()));
  EXPECT_EQ(store_.head_reads, reads + 1) << "nothing was kept";
}

TEST_F(OtherReplica, UsesNoCacheOnAnOldReadingWhileTheStoreIsMerelyBusy) {
  Make({"a"});
  EXPECT_TRUE(SeesAsCurrent(StoredEtag()));
  const int reads = store_.head_reads;
  store_.hides_data_set = true;
  clock_.AdvanceMillis(1'500);
  EXPECT_TRUE(SeesAsCurrent(StoredEtag()));
  EXPECT_EQ(store_.head_reads, reads) << "a reading of two seconds will do";
  clock_.AdvanceMillis(1'000);
  EXPECT_TRUE(SeesAsCurrent(StoredEtag()));
  EXPECT_EQ(store_.head_reads, reads + 1);
}

// What is left of the suspension must outlive the push.
TEST_F(OtherReplica, IsWaitedForAgainByAPushThatLockedWhenTooLittleOfTheSuspensionWasLeft) {
  Make({"a"});
  SuspendTheCache();
  clock_.AdvanceMillis(20'000);
  NotModified(std::nullopt);
  const int fences = cache_.fences;
  store_.before_push = [this] { clock_.AdvanceMillis(30'000); };
  Push({Milk("b")}, {1});
  EXPECT_EQ(cache_.fences, fences + 1) << "it went without, and then took one";
  EXPECT_EQ(StoredHead().live_count, 2);
}

// The suspension reads the data set anew; the request was let through under the old epoch.
TEST_F(OtherReplica, PushesNothingIntoADataSetThatWasRestoredWhileTheCacheIsAway) {
  Make({"a"});
  const std::unique_ptr<MemoryStore> restored = memory_store_.Copy(Epoch("e2"));
  store_.Use(*restored);
  cache_.away = true;
  EXPECT_EQ(CodeOf(Refused(PushOf({Milk("b")}, {1}))), "unavailable");
  EXPECT_EQ(
      RunBlocking<absl::StatusOr<Head>>(loops_.at(0), [&] { return restored->ReadHead(user_); })->live_count,
      1);
}

TEST_F(OtherReplica, CommitsNothingLongAfterItsFence) {
  Make({"a"});
  cache_.after_fence = [this] { clock_.AdvanceMillis(5'000); };
  EXPECT_EQ(CodeOf(Refused(PushOf({Milk("b")}, {1}))), "unavailable");
  EXPECT_EQ(StoredHead().live_count, 1);
}

TEST_F(OtherReplica, IsSparedAPushThatCanNeitherFenceNorSuspend) {
  Make({"a"});
  cache_.away = true;
  store_.away = true;
  EXPECT_EQ(CodeOf(Refused(PushOf({Milk("b")}, {1}))), "unavailable");
  EXPECT_EQ(StoredHead().live_count, 1);
}

}  // namespace
}  // namespace tidemark::sync
