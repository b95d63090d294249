// What becomes of what POST /sync pushes (SPEC 3.3, 5.3-5.6), over memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "services/sync/domain/etag.h"
#include "services/sync/engine/test_engine.h"

namespace tidemark::sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

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

TEST_F(SyncPush, AndThePullOfTheSameRequestAreOneTransaction) {
  Make({"a", "b"});
  const int pulls = store_.pulls;
  EXPECT_THAT(IdsOf(Push({Milk("mine").By(kLaptop)}, kFirstStamp).updates), ElementsAre("b"));
  EXPECT_EQ(store_.pulls, pulls) << "what a push pulls is read under its own lock";
}

TEST_F(SyncPush, AnEqualIfNoneMatchDoesNotKeepChangesFromBeingStored) {
  const SyncAnswer made = Push({Milk()});
  SyncRequest request = PushOf({Milk("b")}, made.server_time);
  request.if_none_match = FormatEtag(*made.head);
  Sync(request);
  EXPECT_EQ(StoredHead().live_count, 2);
}

TEST_F(SyncPush, NumbersOfTwoDevicesNeedNotRiseTogether) {
  EXPECT_THAT(Push({Milk("a").Number(2), Milk("b").By(kLaptop).Number(1)}).rejected, IsEmpty());
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

TEST_F(SyncExactlyOnce, AnEditThatReplacesAnUnansweredOneUnderANewNumberIsNoConflict) {
  const Stamp made = Push({Milk()}).server_time;
  LoseTheAnswerTo(PushOf({Edit().By(kLaptop).Number(1).Version(2).At(30).Content("bread")}, made));
  const SyncAnswer answer = Push({Edit().By(kLaptop).Number(2).Version(2).At(20).Content("rolls")}, made);
  EXPECT_THAT(answer.conflicts, IsEmpty());
  EXPECT_EQ(Say(answer.updates.at(0)), "v3 rolls open loose alive");
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

}  // namespace
}  // namespace tidemark::sync
