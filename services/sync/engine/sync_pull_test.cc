// What POST /sync pulls, page by page, and when it starts over (SPEC 3.3), over memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "services/sync/domain/etag.h"
#include "services/sync/engine/test_engine.h"

namespace tidemark::sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SyncPull : public EngineTest {};

TEST_F(SyncPull, AFirstSyncTellsAllThatLivesAndNothingDeleted) {
  Make({"a", "b", "c"});
  Push({Edit("b").Version(2).Deleted()}, {1});
  const SyncAnswer answer = Pull({});
  EXPECT_THAT(IdsOf(answer.updates), ElementsAre("a", "c"));
  EXPECT_THAT(answer.deleted, IsEmpty());
  EXPECT_EQ(answer.head, StoredHead());
  EXPECT_EQ(answer.server_time, StoredHead().high_water);
}

TEST_F(SyncPull, OfAnUnusedAccountIsEmpty) {
  const SyncAnswer answer = Pull({});
  EXPECT_THAT(answer.updates, IsEmpty());
  EXPECT_EQ(answer.server_time, Stamp{0});
  EXPECT_EQ(answer.head, Head{});
}

TEST_F(SyncPull, ARevivedTaskIsToldWhole) {
  const Stamp made = Push({Milk()}).server_time;
  const Stamp deleted = Push({Edit().Version(2).Deleted()}, made).server_time;
  Push({Edit().Version(3).Alive()}, deleted);
  for (const Stamp cursor : {made, deleted}) {
    const SyncAnswer answer = Pull(cursor);
    ASSERT_EQ(answer.updates.size(), 1u);
    EXPECT_EQ(Say(answer.updates[0]), "v3 milk open loose alive");
  }
}

TEST_F(SyncPull, EqualIfNoneMatchAnswersFromTheCacheAndNeverMovesTheCursor) {
  Make({"a", "b"});
  SyncRequest request = PullFrom(kFirstStamp);
  request.if_none_match = FormatEtag(StoredHead());
  Sync(request);
  const int pulls = store_.pulls;
  const int head_reads = store_.head_reads;
  const SyncAnswer answer = Sync(request);
  EXPECT_THAT(answer.updates, IsEmpty());
  EXPECT_EQ(answer.server_time, kFirstStamp) << "the device has not said that it has seen more";
  EXPECT_EQ(answer.head->live_count, 2);
  EXPECT_EQ(store_.pulls, pulls);
  EXPECT_EQ(store_.head_reads, head_reads);
}

TEST_F(SyncPull, AnythingButAnEqualIfNoneMatchAndACursorReadsTheRows) {
  Make({"a", "b"});
  const std::string etag = FormatEtag(StoredHead());
  const auto updates = [&](Stamp cursor, std::optional<std::string> if_none_match) {
    SyncRequest request = PullFrom(cursor);
    request.if_none_match = std::move(if_none_match);
    return Sync(request).updates.size();
  };
  EXPECT_EQ(updates(kFirstStamp, etag), 0u);
  EXPECT_EQ(updates(kFirstStamp, std::nullopt), 1u);
  EXPECT_EQ(updates(kFirstStamp, "*"), 1u);
  EXPECT_EQ(updates(kFirstStamp, "\"1-2-3\""), 1u);
  EXPECT_EQ(updates({}, etag), 2u);
}

TEST_F(SyncPull, SuggestsWhenToPollNextSpreadByDevice) {
  Make({"a"});
  std::set<int64_t> suggestions;
  for (int i = 0; i < 100; ++i) {
    SyncRequest request = PullFrom({});
    request.device = DeviceId("device-" + std::to_string(i));
    const int64_t seconds = Sync(request).next_sync_in;
    EXPECT_EQ(Sync(request).next_sync_in, seconds);
    EXPECT_GE(seconds, 19'440);
    EXPECT_LE(seconds, 23'760);
    suggestions.insert(seconds);
  }
  EXPECT_GT(suggestions.size(), 50u);
}

TEST_F(SyncPull, SuggestsToPollLessOftenWhereNothingChangesAndWhenTheServiceIsBusy) {
  Make({"a"});
  const int64_t active = Pull(kFirstStamp).next_sync_in;
  load_ = 1;
  EXPECT_GE(Pull(kFirstStamp).next_sync_in, 2 * active - 1);
  load_ = 0;
  clock_.AdvanceMillis(8 * kDayMillis);
  EXPECT_GE(Pull(kFirstStamp).next_sync_in, 2 * active - 1);
}

class SyncPages : public EngineTest {
 protected:
  // The rest of the series that `request` began with `answer`.
  SyncAnswer Next(SyncRequest request, const SyncAnswer& answer) {
    request.page = answer.page;
    return Sync(request);
  }
  static SyncRequest Limited(Stamp cursor, int64_t limit) {
    SyncRequest request = PullFrom(cursor);
    request.limit = limit;
    return request;
  }
};

TEST_F(SyncPages, GoOnUntilAllIsToldAndMoveTheCursorAtTheEnd) {
  Make({"a", "b", "c", "d", "e"});
  const SyncRequest request = Limited(kFirstStamp, 2);
  const SyncAnswer first = Sync(request);
  EXPECT_THAT(IdsOf(first.updates), ElementsAre("b", "c"));
  EXPECT_TRUE(first.page);
  EXPECT_FALSE(first.head);
  EXPECT_EQ(first.server_time, kFirstStamp);
  const SyncAnswer second = Next(request, first);
  EXPECT_THAT(IdsOf(second.updates), ElementsAre("d", "e"));
  EXPECT_FALSE(second.page);
  EXPECT_EQ(second.head, StoredHead());
  EXPECT_EQ(second.server_time, StoredHead().high_water);
}

TEST_F(SyncPages, CountDeletionsAsEntries) {
  Make({"a", "b", "c"});
  const Stamp seen = Pull({}).server_time;
  Push({Edit("a").Version(2).Deleted(), Edit("b").Version(2).Deleted(), Edit("c").Version(2).Pinned()}, seen);
  const SyncAnswer first = Sync(Limited(seen, 2));
  EXPECT_THAT(IdsOf(first.deleted), ElementsAre("a", "b"));
  EXPECT_THAT(first.updates, IsEmpty());
  EXPECT_TRUE(first.page);
}

TEST_F(SyncPages, MayBeAskedForAgain) {
  Make({"a", "b", "c"});
  const SyncRequest request = Limited({}, 1);
  const SyncAnswer first = Sync(request);
  EXPECT_THAT(IdsOf(Next(request, first).updates), ElementsAre("b"));
  EXPECT_THAT(IdsOf(Next(request, first).updates), ElementsAre("b"));
}

TEST_F(SyncPages, TellWhatChangesMeanwhileLaterInTheSameSeries) {
  Make({"a", "b", "c"});
  const SyncRequest request = Limited({}, 1);
  const SyncAnswer first = Sync(request);
  Push({Edit("a").By(kWeb).Version(2).Deleted(), Edit("b").By(kWeb).Version(2).Pinned(), Milk("d").By(kWeb)},
       {1});
  SyncAnswer answer = Next(request, first);
  EXPECT_THAT(IdsOf(answer.updates), ElementsAre("c"));
  answer = Next(request, answer);
  EXPECT_THAT(IdsOf(answer.deleted), ElementsAre("a")) << "it was told as living in this series";
  answer = Next(request, answer);
  ASSERT_THAT(IdsOf(answer.updates), ElementsAre("b"));
  EXPECT_EQ(Say(answer.updates[0]), "v2 milk open pinned alive") << "new to the series' cursor: whole";
  answer = Next(request, answer);
  EXPECT_THAT(IdsOf(answer.updates), ElementsAre("d"));
  EXPECT_FALSE(answer.page);
  EXPECT_EQ(answer.server_time, StoredHead().high_water);
}

TEST_F(SyncPages, EndAtAThousandEntriesUnlessFewerAreAskedFor) {
  std::vector<std::string> ids;
  for (int i = 0; i < 1'000; ++i) ids.push_back("t" + std::to_string(i));
  Make(ids);
  EXPECT_FALSE(Pull({}).page);
  Push({Milk("one-more")}, {1});
  const SyncAnswer answer = Pull({});
  EXPECT_EQ(answer.updates.size(), 1'000u);
  EXPECT_TRUE(answer.page);
}

TEST_F(SyncPages, EndAtAMebibyte) {
  std::vector<Change> changes;
  for (int i = 0; i < 100; ++i)
    changes.push_back(Milk("t" + std::to_string(i)).Content(std::string(16'384, 'x')));
  Push(changes);
  const SyncAnswer answer = Pull({});
  EXPECT_TRUE(answer.page);
  EXPECT_GE(answer.updates.size(), 60u);
  EXPECT_LE(answer.updates.size(), 64u);
}

TEST_F(SyncPages, OfAPushComeWithWhatBecameOfItsChanges) {
  Make({"a", "b", "c"});
  SyncRequest request = PushOf({Edit("c").By(kLaptop).Version(1).Pinned(), Milk("d").By(kLaptop)}, {1});
  request.limit = 1;
  SyncAnswer answer = Sync(request);
  EXPECT_THAT(IdsOf(answer.updates), ElementsAre("a", "c"));
  ASSERT_TRUE(answer.page);
  EXPECT_EQ(answer.server_time, Stamp{1});
  request.changes.clear();
  std::vector<std::string> rest;
  while (answer.page) {
    answer = Next(request, answer);
    std::ranges::copy(IdsOf(answer.updates), std::back_inserter(rest));
  }
  EXPECT_THAT(rest, testing::Contains("b"));
  EXPECT_EQ(answer.server_time, StoredHead().high_water);
}

TEST_F(SyncPages, TakeNoToken) {
  Make({"a", "b", "c"});
  Serve({{"sync", 1}});
  const SyncRequest request = Limited({}, 1);
  SyncAnswer answer = Sync(request);
  answer = Next(request, answer);
  answer = Next(request, answer);
  EXPECT_EQ(CodeOf(Refused(request)), "rate_limited");
}

TEST_F(SyncPages, AreAskedForWithTheSameCursorAndWithoutChanges) {
  Make({"a", "b"});
  SyncRequest request = Limited({}, 1);
  request.page = Sync(request).page;
  SyncRequest with_changes = request;
  with_changes.changes = {Milk("c")};
  EXPECT_EQ(CodeOf(Refused(with_changes)), "validation");
  EXPECT_EQ(PointerOf(Refused(with_changes)), "/changes");
  SyncRequest with_another_cursor = request;
  with_another_cursor.last_sync = {5};
  EXPECT_EQ(PointerOf(Refused(with_another_cursor)), "/last_sync");
  SyncRequest of_no_answer = request;
  of_no_answer.page = "made up";
  EXPECT_EQ(PointerOf(Refused(of_no_answer)), "/page");
  EXPECT_EQ(StoredHead().live_count, 2);
}

TEST_F(SyncPages, OfAnotherDataSetHaveExpired) {
  SyncRequest request = PullFrom({});
  request.page =
      FormatPage({.last_sync = {}, .from = {}, .after = {1}, .started = {2}, .epoch = Epoch("e0")});
  EXPECT_EQ(CodeOf(Refused(request)), "page_expired");
}

TEST_F(SyncPages, OfAFirstSyncExpireWhenWhatWasToldMayHaveBeenPurged) {
  Make({"a", "b", "c"});
  SyncRequest request = Limited({}, 1);
  request.page = Sync(request).page;
  PurgeThrough(StoredHead().high_water);
  EXPECT_EQ(CodeOf(Refused(request)), "ok") << "the purge ends before the series began";
  const Stamp deleted = Push({Edit("a").By(kWeb).Version(2).Deleted()}, {}).server_time;
  PurgeThrough(deleted);
  EXPECT_EQ(CodeOf(Refused(request)), "page_expired");
}

TEST_F(SyncPages, OfALaterSyncExpireWhenADeletionStillToBeToldMayHaveBeenPurged) {
  Make({"a", "b", "c"});
  const Stamp seen = Pull({}).server_time;
  Push({Edit("a").Version(2).Pinned(), Edit("b").Version(2).Deleted(), Edit("c").Version(2).Pinned()}, seen);
  SyncRequest request = Limited(seen, 1);
  const SyncAnswer first = Sync(request);
  request.page = first.page;
  PurgeThrough({seen.value + 1});
  EXPECT_EQ(CodeOf(Refused(request)), "ok") << "all purged was told";
  PurgeThrough({seen.value + 2});
  EXPECT_EQ(CodeOf(Refused(request)), "page_expired");
}

class SyncStartsOver : public EngineTest {};

TEST_F(SyncStartsOver, WithACursorNewerThanAnythingAndStoresNothing) {
  Make({"a", "b"});
  const SyncAnswer answer = Push({Milk("c")}, {kFirstStamp.value + 1'000});
  EXPECT_EQ(answer.full_resync, Resync::kRewound);
  EXPECT_THAT(IdsOf(answer.updates), ElementsAre("a", "b"));
  EXPECT_EQ(answer.server_time, StoredHead().high_water);
  EXPECT_EQ(StoredHead().live_count, 2);
  EXPECT_EQ(Pull({kFirstStamp.value + 1'000}).full_resync, Resync::kRewound);
}

TEST_F(SyncStartsOver, WithAnotherEpochAndStoresNothing) {
  Make({"a", "b"});
  SyncRequest request = PushOf({Milk("c")}, kFirstStamp);
  request.epoch = Epoch("e0");
  const SyncAnswer answer = Sync(request);
  EXPECT_EQ(answer.full_resync, Resync::kRewound);
  EXPECT_EQ(answer.epoch, Epoch("e1"));
  EXPECT_THAT(IdsOf(answer.updates), ElementsAre("a", "b"));
  EXPECT_EQ(StoredHead().live_count, 2);
}

TEST_F(SyncStartsOver, WithoutUsingUpTheNumbersOfWhatItDidNotStore) {
  Make({"a", "b"});
  EXPECT_EQ(Push({Milk("c").Number(1)}, {kFirstStamp.value + 1'000}).full_resync, Resync::kRewound);
  EXPECT_THAT(Push({Edit("a").Number(1).Version(2).Pinned()}, kFirstStamp).rejected, IsEmpty());
}

TEST_F(SyncStartsOver, WithAnotherEpochThoughTheEtagIsEqual) {
  Make({"a", "b"});
  SyncRequest request = PullFrom(kFirstStamp);
  request.epoch = Epoch("e0");
  request.if_none_match = FormatEtag(StoredHead());
  EXPECT_EQ(Sync(request).full_resync, Resync::kRewound);
}

TEST_F(SyncStartsOver, InPagesOfWhichTheFirstSaysWhy) {
  Make({"a", "b", "c"});
  SyncRequest request = PullFrom(kFirstStamp);
  request.epoch = Epoch("e0");
  request.limit = 2;
  const SyncAnswer first = Sync(request);
  EXPECT_EQ(first.full_resync, Resync::kRewound);
  EXPECT_EQ(first.server_time, kFirstStamp);
  request.page = first.page;
  const SyncAnswer second = Sync(request);
  EXPECT_FALSE(second.full_resync);
  EXPECT_THAT(IdsOf(second.updates), ElementsAre("c"));
}

TEST_F(SyncStartsOver, WithACursorOlderThanThePurge) {
  Make({"a", "b"});
  PurgeThrough({kFirstStamp.value + 1});
  const SyncAnswer answer = Pull(kFirstStamp);
  EXPECT_EQ(answer.full_resync, Resync::kPurged);
  EXPECT_THAT(IdsOf(answer.updates), ElementsAre("a", "b"));
  EXPECT_FALSE(Pull({kFirstStamp.value + 1}).full_resync);
}

// The purge comes after the deletion of "gone"; the laptop's cursor is older, its versions prove nothing.
class SyncAfterThePurge : public EngineTest {
 protected:
  SyncAfterThePurge() {
    Make({"t", "gone"});
    cursor_ = Pull({}).server_time;
    Push({Edit().By(kWeb).Version(2).At(20).Content("eggs"), Edit("gone").By(kWeb).Version(2).Deleted()},
         cursor_);
    PurgeThrough(StoredHead().high_water);
  }
  Stamp cursor_;
};

TEST_F(SyncAfterThePurge, ChangesAreStoredAndNeverFastForward) {
  const SyncAnswer answer =
      Push({Edit().By(kLaptop).Version(50).At(15).Content("bread"), Milk("new").By(kLaptop)}, cursor_);
  EXPECT_EQ(answer.full_resync, Resync::kPurged);
  ASSERT_THAT(IdsOf(answer.updates), ElementsAre("new", "t"));
  EXPECT_EQ(Say(answer.updates[1]), "v2 eggs open loose alive");
}

TEST_F(SyncAfterThePurge, AVersionMoreThanAThousandAheadIsRejectedAllTheSame) {
  EXPECT_THAT(CodesOf(Push({Edit().By(kLaptop).Version(2'000).At(99).Content("bread")}, cursor_)),
              ElementsAre("bad_version"));
}

TEST_F(SyncAfterThePurge, ALostConflictIsToldAllTheSame) {
  EXPECT_EQ(Push({Edit().By(kLaptop).Version(2).At(15).Content("bread")}, cursor_).conflicts.size(), 1u);
}

TEST_F(SyncAfterThePurge, AValueHeldAtTheCursorIsAnEditAllTheSame) {
  const SyncAnswer answer = Push({Edit().By(kLaptop).Version(2).At(99).Content("milk").Completed()}, cursor_);
  EXPECT_EQ(answer.conflicts.size(), 1u);
  EXPECT_EQ(Say(answer.updates.at(0)), "v3 milk completed loose alive");
}

TEST_F(SyncAfterThePurge, ADeletionThatWonIsToldThoughTheWholeStateHasNone) {
  const Stamp seen = StoredHead().high_water;
  Push({Edit().By(kWeb).Version(3).At(30).Deleted()}, seen);
  const SyncAnswer answer = Push({Edit().By(kLaptop).Version(2).At(99).Completed()}, cursor_);
  EXPECT_EQ(answer.full_resync, Resync::kPurged);
  EXPECT_THAT(answer.updates, IsEmpty());
  EXPECT_THAT(IdsOf(answer.deleted), ElementsAre("t"));
}

TEST_F(SyncAfterThePurge, ThePushAndTheWholeStateAreReadUnderOneLock) {
  const int pulls = store_.pulls;
  Push({Milk("new").By(kLaptop)}, cursor_);
  EXPECT_EQ(store_.pulls, pulls);
}

TEST_F(SyncAfterThePurge, ADeferredPullSaysNothingOfTheWholeState) {
  Serve({{"sync", 1}});
  Pull(cursor_);
  const SyncAnswer answer = Push({Milk("new").By(kLaptop)}, cursor_);
  EXPECT_TRUE(answer.pull_deferred);
  EXPECT_FALSE(answer.full_resync);
  EXPECT_THAT(answer.updates, IsEmpty());
  EXPECT_EQ(answer.server_time, cursor_);
}

TEST_F(SyncAfterThePurge, RejectionsAreTold) {
  EXPECT_THAT(CodesOf(Push({Edit("unknown").By(kLaptop).Pinned()}, cursor_)), ElementsAre("unknown_task"));
}

}  // namespace
}  // namespace tidemark::sync
