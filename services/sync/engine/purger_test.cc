// The purge (SPEC 5.7), and devices that come back after it, over memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/sync/domain/etag.h"
#include "services/sync/engine/purge.h"
#include "services/sync/engine/test_engine.h"

namespace tidemark::sync {
namespace {

using testing::ElementsAre;

class PurgerTest : public EngineTest {
 protected:
  absl::StatusOr<PurgeReport> TryPurge(std::function<bool()> stopping = [] { return false; }) {
    Purger purger(store_, clock_);
    return RunBlocking<absl::StatusOr<PurgeReport>>(loops_.at(0), [&] { return purger.PurgeAll(stopping); });
  }
  // How many tombstones went.
  int64_t Purge() {
    const absl::StatusOr<PurgeReport> report = TryPurge();
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? report->removed.tombstones : -1;
  }

  SyncAnswer PullBy(const DeviceId& device, Stamp cursor) {
    SyncRequest request = PullFrom(cursor);
    request.device = device;
    return Sync(request);
  }
  // Both end with all that is stored; what they have, they have confirmed.
  void BothConfirm() {
    for (const DeviceId& device : {kPhone, kLaptop}) PullBy(device, StoredHead().high_water);
  }
  // Phone and laptop have "kept" and "gone"; returns their cursor. Then the phone deletes "gone".
  Stamp DeleteBehindTheLaptop() {
    Make({"kept", "gone"});
    const Stamp cursor = PullBy(kLaptop, {}).server_time;
    PullBy(kLaptop, cursor);
    Push({Edit("gone").Version(2).At(20).Deleted()}, cursor);
    return cursor;
  }
  // The laptop is away until it is out of use, and the tombstone goes without its word.
  Stamp PurgeWithoutTheLaptop() {
    const Stamp cursor = DeleteBehindTheLaptop();
    clock_.AdvanceMillis(kSeenMillis + 1);
    EXPECT_EQ(Purge(), 1);
    return cursor;
  }

  absl::Status SyncV1(std::vector<Change> changes, Stamp cursor) {
    const SyncV1Sink sink = [](SyncV1Part) -> Task<absl::Status> { co_return absl::OkStatus(); };
    const SyncV1Request request{.last_sync = cursor, .changes = std::move(changes)};
    return Run<absl::Status>([&](Call& call) { return engine_->SyncV1(call, request, sink); });
  }
};

TEST_F(PurgerTest, ATombstoneGoesOnceEveryDeviceInUseHasConfirmedIt) {
  DeleteBehindTheLaptop();
  EXPECT_EQ(Purge(), 0);
  PullBy(kPhone, StoredHead().high_water);
  EXPECT_EQ(Purge(), 0) << "the laptop has not confirmed it";
  PullBy(kLaptop, StoredHead().high_water);
  EXPECT_EQ(Purge(), 1);
  EXPECT_EQ(StoredHead().purged_through, StoredHead().high_water);
}

TEST_F(PurgerTest, DevicesThatHaveConfirmedWhatWentGoOnAsBefore) {
  DeleteBehindTheLaptop();
  BothConfirm();
  const Stamp confirmed = StoredHead().high_water;
  EXPECT_EQ(Purge(), 1);
  Push({Milk("new")}, confirmed);
  const SyncAnswer answer = PullBy(kLaptop, confirmed);
  EXPECT_FALSE(answer.full_resync);
  EXPECT_THAT(IdsOf(answer.updates), ElementsAre("new"));
}

// Judged by the deletion alone it would go, and be missing among the rows that the laptop has not seen.
TEST_F(PurgerTest, ATombstoneTouchedAfterADeviceConfirmedItsDeletionStays) {
  DeleteBehindTheLaptop();
  BothConfirm();
  Push({Edit("gone").Version(3).At(30).Pinned()}, StoredHead().high_water);
  EXPECT_EQ(Purge(), 0);
  BothConfirm();
  EXPECT_EQ(Purge(), 1);
}

TEST_F(PurgerTest, NothingGoesEarlyBesideAV1Client) {
  DeleteBehindTheLaptop();
  ASSERT_TRUE(SyncV1({}, {}).ok());
  BothConfirm();
  EXPECT_EQ(Purge(), 0);
  clock_.AdvanceMillis(kKeptMillis - 1);
  EXPECT_EQ(Purge(), 0);
  clock_.AdvanceMillis(10);
  EXPECT_EQ(Purge(), 1);
}

TEST_F(PurgerTest, AV1ClientIsNotedOnceAWeek) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(SyncV1({Milk(std::to_string(i))}, {}).ok());
  EXPECT_EQ(store_.notes, 1);
  clock_.AdvanceMillis(kSeenAgainMillis);
  ASSERT_TRUE(SyncV1({}, {}).ok());
  EXPECT_EQ(store_.notes, 2);
}

TEST_F(PurgerTest, AV1ClientThatCannotBeNotedIsAnsweredAllTheSame) {
  store_.notes_nothing = true;
  EXPECT_TRUE(SyncV1({Milk()}, {}).ok());
}

TEST_F(PurgerTest, OldHistoryConflictsAndDevicesGo) {
  Make({"t"});
  Push({Edit().By(kWeb).Version(2).At(20).Content("eggs")}, kFirstStamp);
  Push({Edit().By(kLaptop).Version(2).At(15).Content("bread")}, kFirstStamp);
  clock_.AdvanceMillis(kSeenMillis + 10);
  const absl::StatusOr<PurgeReport> report = TryPurge();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->users, 1);
  EXPECT_EQ(report->removed, (PurgedRows{.tombstones = 0, .history = 2, .conflicts = 1, .devices = 3}));
  EXPECT_EQ(TryPurge()->users, 0);
}

TEST_F(PurgerTest, ManyRowsGoInSmallTransactions) {
  std::vector<Change> made, deleted;
  for (int i = 0; i < 1'000; ++i) {
    made.push_back(Milk("t" + std::to_string(i)));
    deleted.push_back(Edit("t" + std::to_string(i)).Version(2).At(20).Deleted());
  }
  Push(made);
  Push(deleted, StoredHead().high_water);
  PullBy(kPhone, StoredHead().high_water);
  EXPECT_EQ(Purge(), 1'000);
  EXPECT_EQ(store_.purges, 3);
}

TEST_F(PurgerTest, AnEndedPurgeStopsBetweenTwoTransactionsAndTheNextGoesOn) {
  DeleteBehindTheLaptop();
  BothConfirm();
  const absl::StatusOr<PurgeReport> ended = TryPurge([] { return true; });
  ASSERT_TRUE(ended.ok());
  EXPECT_EQ(ended->removed, PurgedRows());
  EXPECT_EQ(Purge(), 1);
}

TEST_F(PurgerTest, EndsWhileTheStoreIsAway) {
  store_.away = true;
  EXPECT_EQ(CodeOf(TryPurge().status()), "unavailable");
}

// A device comes back after the purge.

TEST_F(PurgerTest, AReturningDeviceGetsTheWholeStateAndLeavesNoGhost) {
  const Stamp cursor = PurgeWithoutTheLaptop();
  const SyncAnswer answer = PullBy(kLaptop, cursor);
  EXPECT_EQ(answer.full_resync, Resync::kPurged);
  EXPECT_THAT(IdsOf(answer.updates), ElementsAre("kept")) << "what is not in it, the device drops";
  EXPECT_FALSE(PullBy(kLaptop, answer.server_time).full_resync);
}

TEST_F(PurgerTest, AReturningDevicesEditOfWhatLivesIsStored) {
  const Stamp cursor = PurgeWithoutTheLaptop();
  const SyncAnswer answer = Push({Edit("kept").By(kLaptop).Version(2).At(15).Content("eggs")}, cursor);
  EXPECT_EQ(answer.full_resync, Resync::kPurged);
  ASSERT_THAT(IdsOf(answer.updates), ElementsAre("kept"));
  EXPECT_EQ(Say(answer.updates[0]), "v2 eggs open loose alive");
}

TEST_F(PurgerTest, AReturningDevicesEditOfWhatIsGoneIsRefusedAndStoredWhenSentWhole) {
  const Stamp cursor = PurgeWithoutTheLaptop();
  EXPECT_THAT(CodesOf(Push({Edit("gone").By(kLaptop).Version(2).At(15).Completed()}, cursor)),
              ElementsAre("unknown_task"));
  Push({Edit("gone").By(kLaptop).Version(2).At(15).Content("not gone")}, cursor);
  const SyncAnswer answer = PullBy(kWeb, {});
  EXPECT_THAT(IdsOf(answer.updates), ElementsAre("kept", "gone"));
}

TEST_F(PurgerTest, APageOlderThanThePurgeHasExpired) {
  Make({"a", "b", "gone"});
  const Stamp cursor = StoredHead().high_water;
  SyncRequest request = PullFrom(kFirstStamp);
  request.device = kWeb;
  request.limit = 1;
  const SyncAnswer first = Sync(request);
  ASSERT_TRUE(first.page);
  Push({Edit("gone").Version(2).At(20).Deleted()}, cursor);
  clock_.AdvanceMillis(kSeenMillis + 1);
  EXPECT_EQ(Purge(), 1);
  request.page = first.page;
  EXPECT_EQ(CodeOf(Refused(request)), "page_expired");
}

}  // namespace
}  // namespace tidemark::sync
