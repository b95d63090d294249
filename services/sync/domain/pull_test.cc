#include "services/sync/domain/pull.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/sync/domain/merge.h"
#include "services/sync/domain/test_edit.h"

namespace tidemark::sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A task made at `stamp`.
TaskRow Made(std::string id, int64_t stamp) {
  return Create(Edit(std::move(id)).At(stamp).Content("milk"), {stamp});
}

// And edited with all of it seen.
TaskRow Edited(const TaskRow& task, Edit edit, int64_t stamp) {
  edit.Version(task.version.value + 1).At(stamp);
  return Merge(task, edit, {}, {stamp}).task;
}

TaskRow Gone(std::string id, int64_t made, int64_t deleted) {
  return Edited(Made(id, made), Edit(id).Deleted(), deleted);
}

Conflict ConflictAt(int64_t stamp, std::string text = "") {
  Conflict conflict;
  conflict.id = TaskId("c");
  conflict.kept = {std::move(text), {1}, kPhone};
  conflict.discarded = {std::string(), {1}, kWeb};
  conflict.at = {stamp};
  return conflict;
}

Series From(int64_t cursor, int64_t started = 1000) {
  return {
      .last_sync = {cursor}, .from = {cursor}, .after = {cursor}, .started = {started}, .epoch = Epoch("e1")};
}

Delta Of(std::vector<TaskRow> tasks, std::vector<Conflict> conflicts = {}) {
  Delta delta;
  delta.tasks = std::move(tasks);
  delta.conflicts = std::move(conflicts);
  return delta;
}

std::vector<std::string> Ids(const std::vector<TaskUpdate>& updates) {
  std::vector<std::string> ids;
  for (const TaskUpdate& update : updates) ids.push_back(update.id.value());
  return ids;
}

std::vector<int64_t> Stamps(const std::vector<Conflict>& conflicts) {
  std::vector<int64_t> stamps;
  for (const Conflict& conflict : conflicts) stamps.push_back(conflict.at.value);
  return stamps;
}

PageLimits Entries(int entries) { return {.entries_max = entries, .bytes_max = 1 << 20}; }
PageLimits Bytes(std::size_t bytes) { return {.entries_max = 1000, .bytes_max = bytes}; }

TEST(Update, OfATaskNewToTheCursorIsWhole) {
  const TaskUpdate update = ChangedAfter(Made("a", 10), {9});
  EXPECT_EQ(update.created_at, UnixMillis{10});
  EXPECT_EQ(update.fields[Field::kContent], FieldValue(std::string("milk")));
  EXPECT_EQ(update.fields[Field::kCompleted], FieldValue(false));
  EXPECT_EQ(update.fields[Field::kPinned], FieldValue(false));
  EXPECT_EQ(update.fields[Field::kDeletedAt], kLive);
}

TEST(Update, OfAKnownTaskCarriesOnlyTheFieldsChangedAfterTheCursor) {
  const TaskRow task =
      Edited(Edited(Made("a", 10), Edit("a").Completed(), 20), Edit("a").By(kWeb).Pinned(), 30);
  const TaskUpdate update = ChangedAfter(task, {20});
  EXPECT_EQ(update.id, TaskId("a"));
  EXPECT_EQ(update.version, Version{3});
  EXPECT_EQ(update.updated_at, UnixMillis{30});
  EXPECT_EQ(update.device, kWeb);
  EXPECT_FALSE(update.created_at);
  EXPECT_FALSE(update.fields[Field::kContent]);
  EXPECT_FALSE(update.fields[Field::kCompleted]);
  EXPECT_EQ(update.fields[Field::kPinned], FieldValue(true));
  EXPECT_FALSE(update.fields[Field::kDeletedAt]);
}

TEST(Update, OfARevivedTaskIsWholeForWhoHadNotSeenThisLife) {
  const TaskRow task = Edited(Gone("a", 10, 20), Edit("a").Alive(), 30);
  for (int64_t cursor : {10, 20, 29}) {
    EXPECT_TRUE(ChangedAfter(task, {cursor}).fields[Field::kContent]) << cursor;
  }
  EXPECT_FALSE(ChangedAfter(task, {30}).fields[Field::kContent]);
}

TEST(Page, TellsUpdatesDeletionsAndConflictsByRisingStamp) {
  const Page page = MakePage(From(5), Of({Made("a", 10), Gone("b", 1, 20), Made("c", 30)}, {ConflictAt(15)}),
                             {}, Entries(10));
  EXPECT_THAT(Ids(page.updates), ElementsAre("a", "c"));
  EXPECT_THAT(page.deleted, ElementsAre(TaskId("b")));
  EXPECT_THAT(Stamps(page.conflicts), ElementsAre(15));
  EXPECT_FALSE(page.next_after);
}

TEST(Page, LeavesOutWhatIsToldOtherwise) {
  const Page page = MakePage(From(5), Of({Made("a", 10), Gone("b", 1, 20), Made("c", 30)}),
                             {TaskId("a"), TaskId("b")}, Entries(1));
  EXPECT_THAT(Ids(page.updates), ElementsAre("c"));
  EXPECT_THAT(page.deleted, IsEmpty());
  EXPECT_FALSE(page.next_after);
}

TEST(Page, OfAFirstSyncTellsNoDeletionOrConflictFromBeforeItBegan) {
  const Page page =
      MakePage(From(0, 20), Of({Made("a", 10), Gone("b", 1, 20)}, {ConflictAt(15)}), {}, Entries(10));
  EXPECT_THAT(Ids(page.updates), ElementsAre("a"));
  EXPECT_THAT(page.deleted, IsEmpty());
  EXPECT_THAT(page.conflicts, IsEmpty());
}

TEST(Page, OfAFirstSyncTellsDeletionsAndConflictsThatCameMeanwhile) {
  const Page page = MakePage(From(0, 20), Of({Gone("a", 10, 21)}, {ConflictAt(22)}), {}, Entries(10));
  EXPECT_THAT(page.deleted, ElementsAre(TaskId("a")));
  EXPECT_THAT(Stamps(page.conflicts), ElementsAre(22));
}

TEST(Page, TellsADeletionOfATaskThatTheDeviceNeverHad) {
  EXPECT_THAT(MakePage(From(5), Of({Gone("a", 10, 20)}), {}, Entries(10)).deleted, ElementsAre(TaskId("a")));
}

TEST(Page, DoesNotTellADeletionAgainWhenTheTombstoneIsTouched) {
  const TaskRow touched = Edited(Gone("a", 10, 20), Edit("a").Completed(), 30);
  EXPECT_THAT(MakePage(From(25), Of({touched}), {}, Entries(10)).deleted, IsEmpty());
  EXPECT_THAT(MakePage(From(15), Of({touched}), {}, Entries(10)).deleted, ElementsAre(TaskId("a")));
}

TEST(Page, EndsAtItsEntries) {
  const Delta delta = Of({Made("a", 10), Gone("b", 1, 20), Made("c", 30)});
  const Page page = MakePage(From(5), delta, {}, Entries(2));
  EXPECT_THAT(Ids(page.updates), ElementsAre("a"));
  EXPECT_THAT(page.deleted, ElementsAre(TaskId("b")));
  EXPECT_EQ(page.next_after, Stamp{20});
  EXPECT_FALSE(MakePage(From(5), delta, {}, Entries(3)).next_after);
}

TEST(Page, HasAtLeastOneEntryHoweverLarge) {
  const TaskRow large = Create(Edit("a").Content(std::string(5000, 'x')), {10});
  const Page page = MakePage(From(5), Of({large, Made("b", 20)}), {}, Bytes(1000));
  EXPECT_THAT(Ids(page.updates), ElementsAre("a"));
  EXPECT_EQ(page.next_after, Stamp{10});
}

TEST(Page, EndsAtItsBytesWhichConflictsCountInTo) {
  const Page page = MakePage(
      From(5), Of({Made("a", 10), Made("b", 30)}, {ConflictAt(20, std::string(5000, 'x'))}), {}, Bytes(2000));
  EXPECT_THAT(Ids(page.updates), ElementsAre("a"));
  EXPECT_THAT(Stamps(page.conflicts), ElementsAre(20));
  EXPECT_EQ(page.next_after, Stamp{20});
}

TEST(Page, KeepsATaskAndTheConflictsOfItsStampTogether) {
  const Delta delta = Of({Made("a", 10), Made("b", 20)}, {ConflictAt(10), ConflictAt(10)});
  const Page page = MakePage(From(5), delta, {}, Entries(1));
  EXPECT_THAT(Ids(page.updates), ElementsAre("a"));
  EXPECT_THAT(Stamps(page.conflicts), ElementsAre(10, 10));
  EXPECT_EQ(page.next_after, Stamp{10});
}

TEST(Page, GoesNoFurtherThanBothListsAreComplete) {
  Delta delta = Of({Made("a", 10), Made("b", 40)}, {ConflictAt(20), ConflictAt(30)});
  delta.conflicts_cut = true;
  const Page conflicts_cut = MakePage(From(5), delta, {}, Entries(10));
  EXPECT_THAT(Ids(conflicts_cut.updates), ElementsAre("a"));
  EXPECT_THAT(Stamps(conflicts_cut.conflicts), ElementsAre(20, 30));
  EXPECT_EQ(conflicts_cut.next_after, Stamp{30});

  delta = Of({Made("a", 10), Made("b", 40)}, {ConflictAt(20), ConflictAt(50)});
  delta.tasks_cut = true;
  const Page tasks_cut = MakePage(From(5), delta, {}, Entries(10));
  EXPECT_THAT(Ids(tasks_cut.updates), ElementsAre("a", "b"));
  EXPECT_THAT(Stamps(tasks_cut.conflicts), ElementsAre(20));
  EXPECT_EQ(tasks_cut.next_after, Stamp{40});
}

TEST(Page, GoesOnWhenAllThatWasReadIsLeftOut) {
  Delta delta = Of({Made("a", 10)});
  delta.tasks_cut = true;
  const Page page = MakePage(From(5), delta, {TaskId("a")}, Entries(10));
  EXPECT_THAT(page.updates, IsEmpty());
  EXPECT_EQ(page.next_after, Stamp{10});
}

TEST(PageToken, BringsTheSeriesBack) {
  const Series series{.last_sync = {1}, .from = {2}, .after = {3}, .started = {4}, .epoch = Epoch("e1")};
  EXPECT_EQ(ParsePage(FormatPage(series)), series);
}

TEST(PageToken, LongerThanAnyIsNone) { EXPECT_FALSE(ParsePage("1~2~3~4~" + std::string(256, 'e'))); }

TEST(PageToken, OfAnotherMakeIsNone) {
  for (std::string text :
       {"", "~~~~", "1~2~3~4", "1~2~3~x~e1", "1~2~3~4~e1~5", "99999999999999999999~2~3~4~e1"}) {
    EXPECT_FALSE(ParsePage(text)) << text;
  }
}

TEST(Resync, IsNeededByACursorOlderThanTheOldestTombstone) {
  const Head head{.high_water = {100}, .live_count = 0, .version_sum = 0, .purged_through = {50}};
  EXPECT_EQ(NeedsResync({49}, head), Resync::kPurged);
  EXPECT_EQ(NeedsResync({50}, head), std::nullopt);
}

TEST(Resync, IsNeededByACursorNewerThanAnythingStored) {
  const Head head{.high_water = {100}, .live_count = 0, .version_sum = 0, .purged_through = {0}};
  EXPECT_EQ(NeedsResync({101}, head), Resync::kRewound);
  EXPECT_EQ(NeedsResync({100}, head), std::nullopt);
}

TEST(Resync, IsNeverNeededByAFirstSync) {
  const Head head{.high_water = {100}, .live_count = 0, .version_sum = 0, .purged_through = {50}};
  EXPECT_EQ(NeedsResync({0}, head), std::nullopt);
  EXPECT_EQ(NeedsResync({0}, Head{}), std::nullopt);
}

}  // namespace
}  // namespace tidemark::sync
