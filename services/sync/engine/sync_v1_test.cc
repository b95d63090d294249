// POST /v1/sync as SPEC 4 tells it, over memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/sync/domain/etag.h"
#include "services/sync/engine/test_engine.h"

namespace tidemark::sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// All parts of an answer in one.
struct V1Answer {
  std::vector<TaskUpdate> updates;
  std::vector<Conflict> conflicts;
  Stamp server_time;
  bool full_resync = false;
  int parts = 0;
};

const DeviceId kOld("old-phone");

class SyncV1Test : public EngineTest {
 protected:
  absl::Status TrySyncV1(const SyncV1Request& request, V1Answer& answer) {
    const SyncV1Sink sink = [&answer](SyncV1Part part) -> Task<absl::Status> {
      EXPECT_EQ(answer.server_time, Stamp{0}) << "a part came after the last";
      EXPECT_TRUE(!part.full_resync || answer.parts == 0);
      EXPECT_LE(part.updates.size(), 200u);
      ++answer.parts;
      answer.full_resync |= part.full_resync;
      if (part.server_time) answer.server_time = *part.server_time;
      std::move(part.updates.begin(), part.updates.end(), std::back_inserter(answer.updates));
      std::move(part.conflicts.begin(), part.conflicts.end(), std::back_inserter(answer.conflicts));
      co_return absl::OkStatus();
    };
    return Run<absl::Status>([&](Call& call) { return engine_->SyncV1(call, request, sink); });
  }
  V1Answer SyncV1(std::vector<Change> changes, Stamp cursor) {
    V1Answer answer;
    const absl::Status status = TrySyncV1({.last_sync = cursor, .changes = std::move(changes)}, answer);
    EXPECT_TRUE(status.ok()) << status;
    return answer;
  }
  absl::Status RefusedV1(std::vector<Change> changes, Stamp cursor) {
    V1Answer answer;
    absl::Status status = TrySyncV1({.last_sync = cursor, .changes = std::move(changes)}, answer);
    EXPECT_EQ(answer.parts, 0);
    return status;
  }

  // As the old client sends a task: every field, and versions it counts itself.
  static Edit Object(std::string id = "t") {
    return Edit(std::move(id))
        .By(kOld)
        .Version(7)
        .At(20)
        .CreatedAt(10)
        .Content("milk")
        .Completed(false)
        .Pinned(false)
        .Alive();
  }
};

TEST_F(SyncV1Test, AFirstSyncTellsEveryTaskWholeDeletedOnesIncluded) {
  Make({"a", "b"});
  Push({Edit("b").Version(2).Deleted()}, {1});
  const V1Answer answer = SyncV1({}, {});
  ASSERT_THAT(IdsOf(answer.updates), ElementsAre("a", "b"));
  EXPECT_EQ(Say(answer.updates[0]), "v1 milk open loose alive");
  EXPECT_EQ(Say(answer.updates[1]), "v2 milk open loose deleted");
  EXPECT_EQ(answer.updates[1].created_at, UnixMillis{10});
  EXPECT_EQ(answer.server_time, StoredHead().high_water);
  EXPECT_FALSE(answer.full_resync);
}

TEST_F(SyncV1Test, ALaterSyncTellsWhatChangedWhole) {
  Make({"a", "b"});
  const Stamp seen = SyncV1({}, {}).server_time;
  Push({Edit("a").By(kWeb).Version(2).Pinned()}, seen);
  const V1Answer answer = SyncV1({}, seen);
  ASSERT_EQ(answer.updates.size(), 1u);
  EXPECT_EQ(Say(answer.updates[0]), "v2 milk open pinned alive");
  EXPECT_THAT(SyncV1({}, answer.server_time).updates, IsEmpty());
}

TEST_F(SyncV1Test, StoresAFullObjectAndTellsItOnlyUnderAnotherVersion) {
  const V1Answer made = SyncV1({Object()}, {});
  EXPECT_THAT(made.updates, IsEmpty());
  EXPECT_EQ(StoredHead().version_sum, 7);
  const V1Answer edited = SyncV1({Object().Version(12).Completed()}, made.server_time);
  ASSERT_EQ(edited.updates.size(), 1u);
  EXPECT_EQ(Say(edited.updates[0]), "v8 milk completed loose alive");
  EXPECT_THAT(SyncV1({Object().Version(9).Pinned().Completed()}, edited.server_time).updates, IsEmpty());
}

TEST_F(SyncV1Test, TheSameObjectAgainIsARetry) {
  SyncV1({Object()}, {});
  const Head stored = StoredHead();
  const V1Answer again = SyncV1({Object()}, {});
  EXPECT_EQ(StoredHead(), stored);
  EXPECT_THAT(again.conflicts, IsEmpty());
  EXPECT_THAT(IdsOf(again.updates), ElementsAre("t"));
}

// Its answer was lost. Nobody is told of the conflict again, and the history does not grow.
TEST_F(SyncV1Test, ALostConflictSentAgainIsARetry) {
  Make({"t"});
  const Stamp cursor = StoredHead().high_water;
  Push({Edit("t").By(kWeb).Version(2).At(30).Content("eggs")}, cursor);
  SyncV1({Object("t").At(20).Content("bread")}, cursor);
  const Stamp after = StoredHead().high_water;
  const V1Answer again = SyncV1({Object("t").At(20).Content("bread")}, cursor);
  EXPECT_EQ(StoredHead().high_water, after);
  EXPECT_EQ(again.conflicts.size(), 1u) << "the one that it may not have heard of";
  EXPECT_THAT(IdsOf(again.updates), ElementsAre("t"));
}

TEST_F(SyncV1Test, AnEditThatOthersHaveReplacedIsNotStoredAgainByItsRetry) {
  Make({"t"});
  const Stamp cursor = StoredHead().high_water;
  SyncV1({Object("t").At(40).Content("bread")}, cursor);
  Push({Edit("t").By(kWeb).Version(3).At(30).Content("eggs")}, {1});
  const V1Answer again = SyncV1({Object("t").At(40).Content("bread")}, cursor);
  EXPECT_THAT(again.conflicts, IsEmpty());
  EXPECT_EQ(Say(again.updates.at(0)), "v3 eggs open loose alive");
}

TEST_F(SyncV1Test, AStaleObjectDoesNotUndoWhatAFinalDeviceEdited) {
  Make({"t"});
  const Stamp seen = SyncV1({}, {}).server_time;
  Push({Edit().By(kWeb).Version(2).At(15).Content("eggs")}, seen);
  const V1Answer answer = SyncV1({Object().At(99).Completed()}, seen);
  EXPECT_THAT(answer.conflicts, IsEmpty());
  ASSERT_EQ(answer.updates.size(), 1u);
  EXPECT_EQ(Say(answer.updates[0]), "v3 eggs completed loose alive");
}

TEST_F(SyncV1Test, AnEditOfTheSameFieldIsAConflictThatAllDevicesLearnOf) {
  Make({"t"});
  const Stamp seen = SyncV1({}, {}).server_time;
  const Stamp edited = Push({Edit().By(kWeb).Version(2).At(25).Content("eggs")}, seen).server_time;
  const V1Answer answer = SyncV1({Object().At(20).Content("bread")}, seen);
  ASSERT_EQ(answer.conflicts.size(), 1u);
  EXPECT_EQ(answer.conflicts[0].winner, Winner::kServer);
  EXPECT_EQ(Say(answer.updates.at(0)), "v2 eggs open loose alive");
  EXPECT_EQ(Pull(edited).conflicts, answer.conflicts);
}

TEST_F(SyncV1Test, ALostConflictIsToldAtAFirstSyncAndOldOnesAreNot) {
  Make({"t"});
  Push({Edit().By(kWeb).Version(2).At(25).Content("eggs")}, {1});
  Push({Edit().By(kLaptop).Version(2).At(24).Content("flour")}, {1});
  const V1Answer answer = SyncV1({Object().At(20).Content("bread")}, {});
  ASSERT_EQ(answer.conflicts.size(), 1u);
  EXPECT_EQ(answer.conflicts[0].discarded.device, kOld);
  EXPECT_THAT(SyncV1({}, {}).conflicts, IsEmpty());
}

TEST_F(SyncV1Test, NullDeletedAtRestoresNothing) {
  Make({"t"});
  const Stamp deleted = Push({Edit().By(kWeb).Version(2).Deleted()}, {1}).server_time;
  const V1Answer answer = SyncV1({Object()}, deleted);
  EXPECT_EQ(Say(answer.updates.at(0)), "v2 milk open loose deleted");
  EXPECT_EQ(StoredHead().live_count, 0);
}

TEST_F(SyncV1Test, ADeletionReachesFinalDevices) {
  Make({"t"});
  const Stamp seen = SyncV1({}, {}).server_time;
  SyncV1({Object().Deleted(20)}, seen);
  EXPECT_THAT(IdsOf(Pull(seen).deleted), ElementsAre("t"));
}

TEST_F(SyncV1Test, AnInvalidChangeIsNamedAndNothingIsStored) {
  const absl::Status refused = RefusedV1({Object("a"), Object("b").Content(std::string(16'385, 'x'))}, {});
  EXPECT_EQ(CodeOf(refused), "validation");
  EXPECT_EQ(PointerOf(refused), "/changes/1/content");
  EXPECT_EQ(PointerOf(RefusedV1({Object("a b")}, {})), "/changes/0/id");
  EXPECT_EQ(PointerOf(RefusedV1({}, {-1})), "/last_sync");
  EXPECT_EQ(StoredHead(), Head{});
}

TEST_F(SyncV1Test, AnEditOfAnUnknownTaskIsNamedAndNothingIsStored) {
  const absl::Status refused = RefusedV1({Object("a"), Edit("b").By(kOld).At(20).Completed()}, {});
  EXPECT_EQ(CodeOf(refused), "validation");
  EXPECT_EQ(PointerOf(refused), "/changes/1/content");
  EXPECT_EQ(StoredHead(), Head{});
}

TEST_F(SyncV1Test, ADeletionOfAnUnknownTaskIsAcceptedAndDoesNothing) {
  EXPECT_THAT(SyncV1({Object("gone").Deleted(20), Edit("gone").By(kOld).Deleted(20)}, {}).updates, IsEmpty());
  EXPECT_EQ(StoredHead(), Head{});
}

TEST_F(SyncV1Test, AThousandChangesAreTakenAndNotOneMore) {
  EXPECT_EQ(CodeOf(RefusedV1(std::vector<Change>(1001, Object()), {})), "too_many_changes");
  EXPECT_EQ(SyncV1(std::vector<Change>(1000, Object()), {}).updates.size(), 1u);
}

TEST_F(SyncV1Test, IsCountedByItsOwnPolicy) {
  Serve({{"v1_sync", 1}, {"sync", 1}});
  SyncV1({}, {});
  const absl::Status refused = RefusedV1({Object()}, {});
  EXPECT_EQ(CodeOf(refused), "rate_limited");
  EXPECT_THAT(refused.message(), testing::HasSubstr("Daily sync limit reached"));
  EXPECT_EQ(StoredHead(), Head{});
  Pull({});
}

TEST_F(SyncV1Test, ManyTasksComeInPartsOfWhichTheLastHasTheCursor) {
  std::vector<std::string> ids;
  for (int i = 0; i < 450; ++i) ids.push_back("t" + std::to_string(i));
  Make(ids);
  const V1Answer answer = SyncV1({}, {});
  EXPECT_THAT(IdsOf(answer.updates), testing::ElementsAreArray(ids));
  EXPECT_EQ(answer.parts, 5);
  EXPECT_EQ(answer.server_time, StoredHead().high_water);
}

TEST_F(SyncV1Test, WhatBecameOfManyChangesComesInPartsToo) {
  std::vector<Change> changes;
  for (int i = 0; i < 450; ++i) changes.push_back(Object("t" + std::to_string(i)));
  const Stamp cursor = SyncV1(changes, {}).server_time;
  const V1Answer answer = SyncV1(changes, cursor);
  EXPECT_EQ(answer.updates.size(), 450u);
  EXPECT_EQ(answer.server_time, cursor);
}

TEST_F(SyncV1Test, WritesNoMoreToAClientThatHasGone) {
  std::vector<std::string> ids;
  for (int i = 0; i < 450; ++i) ids.push_back("t" + std::to_string(i));
  Make(ids);
  int parts = 0;
  const SyncV1Sink gone = [&parts](SyncV1Part) -> Task<absl::Status> {
    ++parts;
    co_return absl::CancelledError("gone");
  };
  const absl::Status status =
      Run<absl::Status>([&](Call& call) { return engine_->SyncV1(call, SyncV1Request(), gone); });
  EXPECT_TRUE(absl::IsCancelled(status));
  EXPECT_EQ(parts, 1);
}

TEST_F(SyncV1Test, ACursorOlderThanThePurgeGetsTheWholeStateItsOwnChangesIncluded) {
  Make({"a", "b"});
  PurgeThrough(StoredHead().high_water);
  const V1Answer answer = SyncV1({Object("mine")}, kFirstStamp);
  EXPECT_TRUE(answer.full_resync);
  EXPECT_THAT(IdsOf(answer.updates), ElementsAre("a", "b", "mine"));
  EXPECT_EQ(answer.server_time, StoredHead().high_water);
}

TEST_F(SyncV1Test, APurgeBetweenItsPushAndItsPullStartsItOver) {
  Make({"a", "b"});
  const Stamp cursor = StoredHead().high_water;
  Push({Edit("b").Version(2).Deleted()}, {1});
  store_.before_pull = [&] { PurgeThrough(StoredHead().high_water); };
  const V1Answer answer = SyncV1({Object("c")}, cursor);
  EXPECT_TRUE(answer.full_resync);
  EXPECT_THAT(IdsOf(answer.updates), testing::Contains("a"));
  EXPECT_THAT(IdsOf(answer.updates), testing::Contains("c"));
}

TEST_F(SyncV1Test, APurgeBetweenTwoPartsEndsTheAnswer) {
  std::vector<std::string> ids;
  for (int i = 0; i < 150; ++i) ids.push_back("t" + std::to_string(i));
  Make(ids);
  V1Answer answer;
  int parts = 0;
  const SyncV1Sink sink = [&](SyncV1Part) -> Task<absl::Status> {
    if (++parts == 1) {
      store_.before_pull = [&] {
        Push({Edit("t0").Version(2).Deleted()}, {1});
        PurgeThrough(StoredHead().high_water);
      };
    }
    co_return absl::OkStatus();
  };
  const absl::Status status = Run<absl::Status>([&](Call& call) { return engine_->SyncV1(call, {}, sink); });
  EXPECT_EQ(CodeOf(status), "unavailable");
  EXPECT_EQ(parts, 1);
}

// Two flips, of which the history has forgotten the first: what was held at the cursor is not what it seems.
TEST_F(SyncV1Test, ACursorOlderThanTheHistoryMakesEveryValueAnEdit) {
  Make({"t"});
  const Stamp cursor = StoredHead().high_water;
  Push({Edit("t").By(kWeb).Version(2).At(11).Completed()}, {1});
  clock_.AdvanceMillis(int64_t{100} * 24 * 3'600'000);
  const V1Answer answer = SyncV1({Object("t").At(12).Completed(false)}, cursor);
  EXPECT_EQ(answer.conflicts.size(), 1u);
}

TEST_F(SyncV1Test, ACursorNewerThanAnythingProvesNothing) {
  Make({"t"});
  Push({Edit().By(kWeb).Version(2).At(25).Content("eggs")}, {1});
  const V1Answer answer = SyncV1({Object().At(20).Content("bread")}, {kNow.value + 86'400'000});
  EXPECT_TRUE(answer.full_resync);
  ASSERT_THAT(IdsOf(answer.updates), ElementsAre("t"));
  EXPECT_EQ(Say(answer.updates[0]), "v2 eggs open loose alive");
  EXPECT_EQ(answer.conflicts.size(), 1u);
}

// The push itself moves the head past such a cursor, which must not hide that the cursor was ahead.
TEST_F(SyncV1Test, APushFromAfterARestoredBackupStartsOverToo) {
  Make({"a", "b"});
  clock_.AdvanceMillis(10'000);
  const V1Answer answer = SyncV1({Object().Content("bread")}, {kNow.value + 5'000});
  EXPECT_TRUE(answer.full_resync);
  EXPECT_THAT(IdsOf(answer.updates), ElementsAre("a", "b", "t"));
}

TEST_F(SyncV1Test, ReadsTheStoreEachTimeThoughNothingChanged) {
  Make({"t"});
  const Stamp seen = SyncV1({}, {}).server_time;
  const int pulls = store_.pulls;
  SyncV1({}, seen);
  SyncV1({}, seen);
  EXPECT_EQ(store_.pulls, pulls + 2);
}

TEST_F(SyncV1Test, AnEditFromTheFutureCountsAsMadeNow) {
  Make({"t"});
  const Stamp seen = SyncV1({}, {}).server_time;
  SyncV1({Object().At(kNow.value + 86'400'000).Content("bread")}, seen);
  clock_.AdvanceMillis(1);
  const SyncAnswer later = Push({Edit().By(kWeb).Version(2).At(clock_.Now().value).Content("eggs")}, seen);
  EXPECT_EQ(later.conflicts.at(0).winner, Winner::kClient);
}

TEST_F(SyncV1Test, ItsChangesMoveTheEtagOfFinalDevices) {
  const SyncAnswer before = Push({Milk("a")});
  SyncV1({Object()}, {});
  SyncRequest request = PullFrom(before.server_time);
  request.if_none_match = FormatEtag(*before.head);
  EXPECT_THAT(IdsOf(Sync(request).updates), ElementsAre("t"));
}

}  // namespace
}  // namespace tidemark::sync
