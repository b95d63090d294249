// POST /sync as SPEC 3.3 tells it, over memory.
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

std::vector<std::string> CodesOf(const SyncAnswer& answer) {
  std::vector<std::string> codes;
  for (const Rejection& rejection : answer.rejected) codes.push_back(rejection.code);
  return codes;
}

// What became of each pushed change.
class SyncPush : public EngineTest {};

TEST_F(SyncPush, StoredAsSentIsNotEchoed) {
  const SyncAnswer answer = Push({Milk()});
  EXPECT_THAT(answer.updates, IsEmpty());
  EXPECT_THAT(answer.deleted, IsEmpty());
  EXPECT_THAT(answer.rejected, IsEmpty());
  EXPECT_EQ(answer.server_time, kFirstStamp);
  EXPECT_EQ(answer.epoch, Epoch("e1"));
  ASSERT_TRUE(answer.head);
  EXPECT_EQ(FormatEtag(*answer.head), "\"1-1735689600000-1\"");
  EXPECT_FALSE(answer.page);
  EXPECT_FALSE(answer.full_resync);
  EXPECT_FALSE(answer.pull_deferred);
}

TEST_F(SyncPush, MergedIsToldWholeWhateverTheCursor) {
  const Stamp made = Push({Milk()}).server_time;
  Push({Edit().By(kWeb).Version(2).Content("eggs")}, made);
  const SyncAnswer answer = Push({Edit().By(kLaptop).Version(2).Completed()}, made);
  ASSERT_EQ(answer.updates.size(), 1u);
  EXPECT_EQ(Say(answer.updates[0]), "v3 eggs completed loose alive");
  EXPECT_EQ(answer.updates[0].created_at, UnixMillis{10});
}

TEST_F(SyncPush, EqualValuesAreToldWholeThoughTheCursorIsNewer) {
  const Stamp made = Push({Milk()}).server_time;
  const SyncAnswer answer = Push({Milk().Version(2)}, made);
  ASSERT_EQ(answer.updates.size(), 1u);
  EXPECT_EQ(Say(answer.updates[0]), "v1 milk open loose alive");
  EXPECT_EQ(answer.server_time, made);
}

TEST_F(SyncPush, ToldTasksThatAreDeletedAreInDeleted) {
  const Stamp made = Push({Milk()}).server_time;
  Push({Edit().By(kWeb).Version(2).Deleted()}, made);
  const SyncAnswer answer =
      Push({Edit().By(kLaptop).Version(2).Completed(), Edit("never").By(kLaptop).Deleted()}, made);
  EXPECT_THAT(answer.updates, IsEmpty());
  EXPECT_THAT(IdsOf(answer.deleted), ElementsAre("never", "t"));
}

TEST_F(SyncPush, NotStorableIsRejectedAndTheRestStored) {
  const SyncAnswer answer = Push({Milk("a").Number(1), Edit("b").Number(2).Completed(), Milk("c").Number(3)});
  ASSERT_THAT(CodesOf(answer), ElementsAre("unknown_task"));
  EXPECT_EQ(answer.rejected[0].id, TaskId("b"));
  EXPECT_EQ(answer.rejected[0].mutation, MutationId{2});
  EXPECT_EQ(StoredHead().live_count, 2);
}

TEST_F(SyncPush, AChangeWithANameThatFitsNowhereIsRejectedAndNotAskedOfTheStore) {
  const std::string nul("a\0b", 3);
  const SyncAnswer answer =
      Push({Milk("good"), Milk(nul), Milk("c").By(DeviceId(nul)), Milk("d").By(DeviceId(nul)).Number(1)});
  EXPECT_THAT(CodesOf(answer), ElementsAre("bad_id", "bad_device_id", "bad_device_id"));
  EXPECT_EQ(StoredHead().live_count, 1);
  for (const TaskId& id : store_.last_push.tasks) EXPECT_TRUE(IsIdentifier(id.value(), kTaskIdBytesMax));
  for (const DeviceId& id : store_.last_push.devices)
    EXPECT_TRUE(IsIdentifier(id.value(), kDeviceIdBytesMax));
}

TEST_F(SyncPush, ThePullOfTheSameRequestTellsWhatOthersChanged) {
  Make({"a", "b"});
  const Stamp seen = Pull({}).server_time;
  Push({Edit("a").By(kWeb).Version(2).Pinned(), Edit("b").By(kWeb).Version(2).Deleted(), Milk("c").By(kWeb)},
       seen);
  const SyncAnswer answer = Push({Milk("mine").By(kLaptop)}, seen);
  ASSERT_THAT(IdsOf(answer.updates), ElementsAre("a", "c"));
  EXPECT_EQ(Say(answer.updates[0]), "v2 pinned");
  EXPECT_EQ(Say(answer.updates[1]), "v1 milk open loose alive");
  EXPECT_THAT(IdsOf(answer.deleted), ElementsAre("b"));
  EXPECT_THAT(Pull(answer.server_time).updates, IsEmpty());
}

TEST_F(SyncPush, AnEqualIfNoneMatchDoesNotKeepChangesFromBeingStored) {
  const SyncAnswer made = Push({Milk()});
  SyncRequest request = PushOf({Milk("b")}, made.server_time);
  request.if_none_match = FormatEtag(*made.head);
  Sync(request);
  EXPECT_EQ(StoredHead().live_count, 2);
}

// SPEC 5.5: conflicts reach every device.
class SyncConflict : public EngineTest {
 protected:
  SyncConflict() {
    made_ = Push({Milk()}).server_time;
    edited_ = Push({Edit().By(kWeb).Version(2).At(20).Content("eggs")}, made_).server_time;
  }
  Edit LosingEdit() { return Edit().By(kLaptop).Version(2).At(15).Content("bread"); }

  Stamp made_;
  Stamp edited_;
};

TEST_F(SyncConflict, IsToldToTheDeviceWhoseEditLost) {
  const SyncAnswer answer = Push({LosingEdit()}, made_);
  ASSERT_EQ(answer.conflicts.size(), 1u);
  EXPECT_EQ(answer.conflicts[0].winner, Winner::kServer);
  EXPECT_EQ(answer.conflicts[0].discarded.value, FieldValue(std::string("bread")));
  EXPECT_EQ(answer.conflicts[0].at, answer.server_time);
  ASSERT_EQ(answer.updates.size(), 1u);
  EXPECT_EQ(Say(answer.updates[0]), "v2 eggs open loose alive");
}

TEST_F(SyncConflict, IsToldToTheDeviceWhoseEditLostAlsoAtItsFirstSync) {
  EXPECT_EQ(Push({LosingEdit()}).conflicts.size(), 1u);
}

TEST_F(SyncConflict, IsPulledByTheOthersOnceThoughNoRowChanged) {
  Push({LosingEdit()}, made_);
  const SyncAnswer answer = Pull(edited_);
  EXPECT_THAT(answer.updates, IsEmpty());
  EXPECT_EQ(answer.conflicts.size(), 1u);
  EXPECT_THAT(Pull(answer.server_time).conflicts, IsEmpty());
}

TEST_F(SyncConflict, ChangesTheEtagThoughNoRowChanged) {
  const std::string before = FormatEtag(StoredHead());
  Push({LosingEdit()}, made_);
  EXPECT_NE(FormatEtag(StoredHead()), before);
}

TEST_F(SyncConflict, FromBeforeAFirstSyncIsNotTold) {
  Push({LosingEdit()}, made_);
  EXPECT_THAT(Pull({}).conflicts, IsEmpty());
}

// More conflicts than a page reads, and a push that makes one more.
TEST_F(SyncConflict, NoneIsSkippedWhenThereAreMoreThanAPageReads) {
  std::set<int64_t> made;
  for (int i = 0; i < 8; ++i) made.insert(Push({LosingEdit()}, made_).server_time.value);
  SyncRequest request = PushOf({LosingEdit()}, made_);
  request.limit = 1;
  std::set<int64_t> told;
  for (SyncAnswer answer = Sync(request);; answer = Sync(request)) {
    for (const Conflict& conflict : answer.conflicts) told.insert(conflict.at.value);
    if (!answer.page) {
      made.insert(answer.server_time.value);
      break;
    }
    request.changes.clear();
    request.page = answer.page;
  }
  EXPECT_EQ(told, made);
}

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

TEST_F(SyncAfterThePurge, ALostConflictIsToldAllTheSame) {
  EXPECT_EQ(Push({Edit().By(kLaptop).Version(2).At(15).Content("bread")}, cursor_).conflicts.size(), 1u);
}

TEST_F(SyncAfterThePurge, AValueHeldAtTheCursorIsUntouched) {
  const SyncAnswer answer = Push({Edit().By(kLaptop).Version(2).At(99).Content("milk").Completed()}, cursor_);
  EXPECT_THAT(answer.conflicts, IsEmpty());
  EXPECT_EQ(Say(answer.updates.at(0)), "v3 eggs completed loose alive");
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

// SPEC 5.6.
class SyncExactlyOnce : public EngineTest {
 protected:
  // It is stored all the same.
  void LoseTheAnswerTo(const SyncRequest& request) {
    store_.lose_next_answer = true;
    EXPECT_EQ(CodeOf(Refused(request)), "unavailable");
  }
};

TEST_F(SyncExactlyOnce, ARetryAfterALostAnswerChangesNothing) {
  const SyncRequest request = PushOf({Milk().Number(1), Edit().Number(2).At(11).Completed()});
  LoseTheAnswerTo(request);
  const Head stored = StoredHead();
  const SyncAnswer answer = Sync(request);
  EXPECT_EQ(StoredHead(), stored);
  EXPECT_THAT(answer.conflicts, IsEmpty());
  ASSERT_EQ(answer.updates.size(), 1u);
  EXPECT_EQ(Say(answer.updates[0]), "v2 milk completed loose alive");
}

TEST_F(SyncExactlyOnce, ARetryReportsNoConflictThoughOthersWroteInBetween) {
  const Stamp made = Push({Milk()}).server_time;
  const SyncRequest request = PushOf({Edit().By(kLaptop).Number(1).Version(2).At(20).Content("bread")}, made);
  LoseTheAnswerTo(request);
  Push({Edit().By(kWeb).Version(3).At(30).Content("eggs")}, made);
  const Head stored = StoredHead();
  const SyncAnswer answer = Sync(request);
  EXPECT_EQ(StoredHead(), stored);
  EXPECT_THAT(answer.conflicts, IsEmpty());
  EXPECT_EQ(Say(answer.updates.at(0)), "v3 eggs open loose alive");
}

TEST_F(SyncExactlyOnce, ALostAnswerDoesNotLeaveAnOldHeadInTheCache) {
  const SyncAnswer made = Push({Milk()});
  LoseTheAnswerTo(PushOf({Milk("b")}, made.server_time));
  SyncRequest request = PullFrom(made.server_time);
  request.if_none_match = FormatEtag(*made.head);
  EXPECT_THAT(IdsOf(Sync(request).updates), ElementsAre("b"));
}

TEST_F(SyncExactlyOnce, ARejectedChangeIsRejectedAgain) {
  const SyncRequest request = PushOf({Edit().Number(1).Completed()});
  EXPECT_THAT(CodesOf(Sync(request)), ElementsAre("unknown_task"));
  Push({Milk().By(kWeb)});
  EXPECT_THAT(CodesOf(Sync(request)), ElementsAre("unknown_task"));
}

TEST_F(SyncExactlyOnce, AClonedDeviceIsToldToTakeAnotherName) {
  Push({Milk("a").Number(1)});
  EXPECT_THAT(CodesOf(Push({Milk("b").Number(1)})), ElementsAre("device_forked"));
  EXPECT_EQ(StoredHead().live_count, 1);
}

TEST_F(SyncExactlyOnce, ANumberWhoseAnswerTheDeviceSaidItHasIsNoRetry) {
  Push({Milk("a").Number(1)});
  SyncRequest acknowledges = PushOf({Milk("b").Number(2)});
  acknowledges.acked = MutationId{1};
  Sync(acknowledges);
  EXPECT_THAT(CodesOf(Push({Milk("a").Number(1)})), ElementsAre("device_forked"));
}

// SPEC 5.4: a device whose clock is a day wrong.
class SyncWrongClock : public EngineTest {
 protected:
  static constexpr int64_t kDay = 86'400'000;
  SyncWrongClock() { made_ = Push({Milk()}).server_time; }

  // The web, whose clock is right, edits now; the laptop edits `later` ms after it on a clock that is `off`.
  std::string ContentAfterBoth(int64_t off, int64_t later, bool tells_its_time) {
    Push({Edit().By(kWeb).Version(2).At(clock_.Now().value).Content("eggs")}, made_);
    clock_.AdvanceMillis(3'600'000);
    const int64_t edited = kNow.value + later + off;
    SyncRequest request = PushOf({Edit().By(kLaptop).Version(2).At(edited).Content("bread")}, made_);
    if (tells_its_time) request.client_time = UnixMillis{clock_.Now().value + off};
    Sync(request);
    updated_at_ = Pull({}).updates.at(0).updated_at;
    return std::get<std::string>(*Pull({}).updates.at(0).fields[Field::kContent]);
  }

  Stamp made_;
  UnixMillis updated_at_;
};

TEST_F(SyncWrongClock, ADayAheadDoesNotWinOverALaterEdit) {
  EXPECT_EQ(ContentAfterBoth(kDay, -1000, true), "eggs");
}

TEST_F(SyncWrongClock, ADayBehindDoesNotLoseToAnEarlierEdit) {
  EXPECT_EQ(ContentAfterBoth(-kDay, 1000, true), "bread");
  EXPECT_EQ(updated_at_.value, kNow.value + 1000 - kDay) << "it is stored and returned as given";
}

TEST_F(SyncWrongClock, AFutureEditCountsAsMadeNow) {
  EXPECT_EQ(ContentAfterBoth(kDay, 0, false), "bread");
  Push({Edit().By(kWeb).Version(2).At(clock_.Now().value + 1).Content("flour")}, made_);
  clock_.AdvanceMillis(1);
  const SyncAnswer later = Push({Edit().By(kPhone).Version(2).At(clock_.Now().value).Content("salt")}, made_);
  EXPECT_EQ(later.conflicts.at(0).winner, Winner::kClient)
      << "a day ahead was clamped to the time of its arrival";
}

// SPEC 7.
class SyncLimits : public EngineTest {};

TEST_F(SyncLimits, AnEmptyBucketRefusesAPullAndSaysForHowLong) {
  Serve({{"sync", 1}});
  Pull({});
  const absl::Status refused = Refused(PullFrom({}));
  EXPECT_EQ(CodeOf(refused), "rate_limited");
  EXPECT_EQ(ErrorInfoOf(refused).details.retry_after, absl::Hours(1));
}

TEST_F(SyncLimits, AnEmptyBucketStoresAPushAndDefersThePull) {
  Make({"a", "b"});
  Serve({{"sync", 1}});
  Pull({});
  const SyncAnswer answer = Push(
      {Milk("c").By(kLaptop), Edit("a").By(kLaptop).Pinned(), Edit("x").By(kLaptop).Pinned()}, kFirstStamp);
  EXPECT_EQ(answer.pull_deferred, absl::Hours(1));
  EXPECT_EQ(answer.server_time, kFirstStamp);
  EXPECT_FALSE(answer.head);
  EXPECT_FALSE(answer.page);
  EXPECT_THAT(IdsOf(answer.updates), ElementsAre("a")) << "what became of the changes, and nothing else";
  EXPECT_THAT(answer.deleted, IsEmpty());
  EXPECT_THAT(CodesOf(answer), ElementsAre("unknown_task"));
  EXPECT_EQ(StoredHead().live_count, 3);
  clock_.AdvanceMillis(3'600'000);
  EXPECT_THAT(IdsOf(Pull(kFirstStamp).updates), ElementsAre("b", "c"));
}

TEST_F(SyncLimits, AnEmptyReserveRefusesAPushToo) {
  Serve({{"sync", 1}, {"push_reserve", 1}});
  Pull({});
  EXPECT_TRUE(Push({Milk("a")}).pull_deferred);
  EXPECT_EQ(CodeOf(Refused(PushOf({Milk("b")}))), "rate_limited");
  EXPECT_EQ(StoredHead().live_count, 1);
}

TEST_F(SyncLimits, ABadRequestTakesNoToken) {
  Serve({{"sync", 1}});
  SyncRequest bad = PullFrom({});
  bad.limit = 0;
  EXPECT_EQ(CodeOf(Refused(bad)), "validation");
  Pull({});
}

TEST_F(SyncLimits, AThousandChangesAreTakenAndNotOneMore) {
  std::vector<Change> changes;
  for (int i = 0; i < 1001; ++i) changes.push_back(Milk("t" + std::to_string(i)));
  EXPECT_EQ(CodeOf(Refused(PushOf(changes))), "too_many_changes");
  EXPECT_EQ(StoredHead(), Head{});
  changes.pop_back();
  Push(changes);
  EXPECT_EQ(StoredHead().live_count, 1000);
}

// An answer above the size of a message could never be received, and a retry would be as large.
TEST_F(SyncLimits, APushWhoseAnswerWouldNotFitAMessageStoresNothing) {
  const std::string text(kContentBytesMax, 'x');
  std::vector<Change> made, pinned, flagged;
  for (int i = 0; i < 500; ++i) {
    const std::string id = "t" + std::to_string(i);
    made.push_back(Edit(id).At(10).Content(text));
    pinned.push_back(Edit(id).Version(2).At(11).Pinned());
    // Merged into the version that it had not seen, so that its task is told whole.
    flagged.push_back(Edit(id).By(kWeb).Version(2).At(12).Completed());
  }
  Push(made);
  Push(pinned);
  const Head before = StoredHead();
  EXPECT_EQ(CodeOf(Refused(PushOf(flagged, before.high_water))), "too_many_changes");
  EXPECT_EQ(StoredHead(), before);
  flagged.resize(100);
  EXPECT_EQ(Push(flagged, before.high_water).updates.size(), 100u);
}

TEST_F(SyncLimits, ChangesOfSixteenDevicesAreTakenAndNotOneMore) {
  std::vector<Change> changes;
  for (int i = 0; i < 17; ++i)
    changes.push_back(Milk("t" + std::to_string(i)).By(DeviceId("d" + std::to_string(i))));
  const absl::Status refused = Refused(PushOf(changes));
  EXPECT_EQ(CodeOf(refused), "validation");
  EXPECT_EQ(PointerOf(refused), "/changes/16/device_id");
  changes.pop_back();
  Push(changes);
  EXPECT_EQ(StoredHead().live_count, 16);
}

struct BadRequest {
  const char* name;
  void (*spoil)(SyncRequest&);
  const char* pointer;
};

class SyncValidation : public EngineTest, public testing::WithParamInterface<BadRequest> {};

TEST_P(SyncValidation, RefusesTheRequestAndStoresNothing) {
  SyncRequest request = PushOf({Milk("a").Number(1), Milk("b").Number(2)});
  GetParam().spoil(request);
  const absl::Status refused = Refused(request);
  EXPECT_EQ(CodeOf(refused), "validation");
  EXPECT_EQ(PointerOf(refused), GetParam().pointer);
  EXPECT_EQ(StoredHead(), Head{});
}

const BadRequest kBadRequests[] = {
    {"NegativeCursor", [](SyncRequest& r) { r.last_sync = {-1}; }, "/last_sync"},
    {"CursorBeyondJson", [](SyncRequest& r) { r.last_sync = {kUnixMillisMax + 1}; }, "/last_sync"},
    {"NegativeClientTime", [](SyncRequest& r) { r.client_time = UnixMillis{-1}; }, "/client_time"},
    {"NegativeAcked", [](SyncRequest& r) { r.acked = MutationId{-1}; }, "/acked"},
    {"LimitOfNothing", [](SyncRequest& r) { r.limit = 0; }, "/limit"},
    {"LimitOneTooLarge", [](SyncRequest& r) { r.limit = 1001; }, "/limit"},
    {"DeviceOutsideTheAlphabet", [](SyncRequest& r) { r.device = DeviceId("a b"); }, "/device_id"},
    {"DeviceTooLong", [](SyncRequest& r) { r.device = DeviceId(std::string(65, 'd')); }, "/device_id"},
    {"NumbersThatRepeat", [](SyncRequest& r) { r.changes[1].mutation = MutationId{1}; },
     "/changes/1/mutation_id"},
};

INSTANTIATE_TEST_SUITE_P(Of, SyncValidation, testing::ValuesIn(kBadRequests),
                         [](const auto& bad) { return std::string(bad.param.name); });

TEST_F(SyncPush, NumbersOfTwoDevicesNeedNotRiseTogether) {
  EXPECT_THAT(Push({Milk("a").Number(2), Milk("b").By(kLaptop).Number(1)}).rejected, IsEmpty());
}

}  // namespace
}  // namespace tidemark::sync
