// What becomes of a change that counts versions: SPEC 5.3, first four points.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/sync/domain/test_merge.h"

namespace tidemark::sync {
namespace {

using testing::ElementsAre;

const Case kFastForward[] = {
    {.name = "TakesTheVersionSent",
     .stored = {Made()},
     .change = LaptopEdit().Completed(),
     .task = "v2 milk completed",
     .history = {"completed false of phone v1 overwritten"},
     .sender = Sender::kNeedNotBeTold},
    {.name = "MayBeSeveralVersionsAhead",
     .stored = {Made()},
     .change = LaptopEdit().Version(7).Content("bread"),
     .task = "v7 bread",
     .history = {"content milk of phone v1 overwritten"},
     .sender = Sender::kNeedNotBeTold},
    {.name = "OverwritesWhatItHasSeenWhateverTheClocksSay",
     .stored = {Made(), WebEdit().At(9999).Content("eggs")},
     .change = LaptopEdit().Version(3).At(5).Content("bread"),
     .task = "v3 bread",
     .history = {"content eggs of web v2 overwritten"},
     .sender = Sender::kNeedNotBeTold},
    {.name = "OfEqualValuesChangesNothing",
     .stored = {Made()},
     .change = LaptopEdit().Content("milk").Pinned(false),
     .task = "v1 milk"},
    {.name = "OfSomeEqualValuesIsStillStoredAsSent",
     .stored = {Made()},
     .change = LaptopEdit().Content("milk").Completed(),
     .task = "v2 milk completed",
     .history = {"completed false of phone v1 overwritten"},
     .sender = Sender::kNeedNotBeTold},
    {.name = "WithoutAnyFieldChangesNothing", .stored = {Made()}, .change = LaptopEdit(), .task = "v1 milk"},
    {.name = "DeletesWithTheTextKeptInTheHistory",
     .stored = {Made(), WebEdit().Content("eggs").Completed()},
     .change = LaptopEdit().Version(3).Deleted(),
     .task = "v3 eggs completed deleted",
     .history = {"deleted_at alive of phone v1 deleted", "content eggs of web v2 deleted"},
     .sender = Sender::kNeedNotBeTold},
};
INSTANTIATE_TEST_SUITE_P(FastForward, MergeTable, testing::ValuesIn(kFastForward), NameOfCase);

const Case kConcurrent[] = {
    {.name = "DifferentFieldsBothStay",
     .stored = {Made(), WebEdit().Content("eggs")},
     .change = LaptopEdit().Completed(),
     .task = "v3 eggs completed",
     .history = {"completed false of phone v1 overwritten"}},
    {.name = "LaterEditWinsOverTheStored",
     .stored = {Made(), WebEdit().Content("eggs")},
     .change = LaptopEdit().At(21).Content("bread"),
     .task = "v3 bread",
     .conflicts = {"content: client's bread of laptop over eggs of web"},
     .history = {"content eggs of web v2 conflict"}},
    {.name = "EarlierEditLosesToTheStored",
     .stored = {Made(), WebEdit().Content("eggs")},
     .change = LaptopEdit().At(19).Content("bread"),
     .task = "v2 eggs",
     .conflicts = {"content: server's eggs of web over bread of laptop"},
     .history = {"content bread of laptop v2 refused"}},
    {.name = "CorrectedTimesDecideNotThoseGiven",
     .stored = {Made(), WebEdit().At(9999).CorrectedTo(20).Content("eggs")},
     .change = LaptopEdit().At(5).CorrectedTo(21).Content("bread"),
     .task = "v3 bread",
     .conflicts = {"content: client's bread of laptop over eggs of web"},
     .history = {"content eggs of web v2 conflict"}},
    {.name = "ATieGoesToTheGreaterDeviceIdStored",
     .stored = {Made(), WebEdit().At(20).Content("eggs")},
     .change = LaptopEdit().At(20).Content("bread"),
     .task = "v2 eggs",
     .conflicts = {"content: server's eggs of web over bread of laptop"},
     .history = {"content bread of laptop v2 refused"}},
    {.name = "ATieGoesToTheGreaterDeviceIdSent",
     .stored = {Made(), LaptopEdit().At(20).Content("bread")},
     .change = WebEdit().At(20).Content("eggs"),
     .task = "v3 eggs",
     .conflicts = {"content: client's eggs of web over bread of laptop"},
     .history = {"content bread of laptop v2 conflict"}},
    {.name = "EachFieldIsDecidedAlone",
     .stored = {Made(), WebEdit().Content("eggs").Pinned()},
     .change = LaptopEdit().At(19).Content("bread").Completed().Pinned(),
     .task = "v3 eggs completed pinned",
     .conflicts = {"content: server's eggs of web over bread of laptop"},
     .history = {"content bread of laptop v2 refused", "completed false of phone v1 overwritten"}},
    {.name = "FlagsConflictLikeTexts",
     .stored = {Made().Completed().Pinned(), WebEdit().Completed(false),
                WebEdit().Version(3).At(30).Pinned(false), WebEdit().Version(4).At(40).Pinned()},
     .change = LaptopEdit().At(25).Completed().Pinned(false),
     .task = "v5 milk completed pinned",
     .conflicts = {"completed: client's true of laptop over false of web",
                   "pinned: server's true of web over false of laptop"},
     .history = {"completed false of web v2 conflict", "pinned false of laptop v2 refused"}},
    {.name = "EqualValuesAreNoConflict",
     .stored = {Made(), WebEdit().Content("eggs")},
     .change = LaptopEdit().At(99).Content("eggs"),
     .task = "v2 eggs"},
    {.name = "ADeviceNeverConflictsWithItself",
     .stored = {Made(), LaptopEdit().At(20).Content("eggs")},
     .change = LaptopEdit().At(5).Content("bread"),
     .task = "v3 bread",
     .history = {"content eggs of laptop v2 overwritten"}},
    {.name = "ADeviceNeverConflictsWithItselfAfterOthersTouchedOtherFields",
     .stored = {Made(), LaptopEdit().Content("eggs"), WebEdit().Version(3).Pinned()},
     .change = LaptopEdit().At(5).Content("bread"),
     .task = "v4 bread pinned",
     .history = {"content eggs of laptop v2 overwritten"}},
    {.name = "AnEditOfAnOldVersionIsMergedWithAllThatFollowed",
     .stored = {Made(), WebEdit().Pinned(), WebEdit().Version(3).Completed()},
     .change = LaptopEdit().Content("bread"),
     .task = "v4 bread completed pinned",
     .history = {"content milk of phone v1 overwritten"}},
};
INSTANTIATE_TEST_SUITE_P(Concurrent, MergeTable, testing::ValuesIn(kConcurrent), NameOfCase);

const Case kDeletion[] = {
    {.name = "TwoAreEqualWhateverTheirTimes",
     .stored = {Made(), WebEdit().Deleted(20)},
     .change = LaptopEdit().At(99).Deleted(99),
     .task = "v2 milk deleted"},
    {.name = "LosesToAnEarlierStoredEditOfTheText",
     .stored = {Made(), WebEdit().Content("eggs")},
     .change = LaptopEdit().At(99).Deleted(99),
     .task = "v2 eggs",
     .conflicts = {"deleted_at: server's alive of web over deleted of laptop"},
     .history = {"deleted_at deleted of laptop v2 refused"}},
    {.name = "StoredLosesToAnEarlierEditOfTheText",
     .stored = {Made(), WebEdit().At(99).Deleted(99)},
     .change = LaptopEdit().At(5).Content("bread"),
     .task = "v3 bread",
     .conflicts = {"deleted_at: client's alive of laptop over deleted of web"},
     .history = {"deleted_at deleted of web v2 conflict", "content milk of phone v1 overwritten"}},
    {.name = "StoredLosesToATextEditedWithOtherFields",
     .stored = {Made(), WebEdit().Deleted()},
     .change = LaptopEdit().Content("bread").Completed(),
     .task = "v3 bread completed",
     .conflicts = {"deleted_at: client's alive of laptop over deleted of web"},
     .history = {"deleted_at deleted of web v2 conflict", "content milk of phone v1 overwritten",
                 "completed false of phone v1 overwritten"}},
    {.name = "StoredLosesToTheTextEvenWhenThatLosesToALaterText",
     .stored = {Made(), WebEdit().At(20).Content("eggs"), WebEdit().Version(3).Deleted()},
     .change = LaptopEdit().At(15).Content("bread"),
     .task = "v4 eggs",
     .conflicts = {"deleted_at: client's alive of laptop over deleted of web",
                   "content: server's eggs of web over bread of laptop"},
     .history = {"deleted_at deleted of web v3 conflict", "content bread of laptop v2 refused"}},
    {.name = "WinsOverATextThatItsSenderWroteTheSame",
     .stored = {Made(), WebEdit().Content("eggs")},
     .change = LaptopEdit().Content("eggs").Deleted(),
     .task = "v3 eggs deleted",
     .history = {"deleted_at alive of phone v1 deleted", "content eggs of web v2 deleted"}},
    {.name = "KeepsTheTextThatTheSameChangeWrote",
     .stored = {Made()},
     .change = Edit("t").Version(2).Content("bread").Deleted(),
     .task = "v2 bread deleted",
     .history = {"content milk of phone v1 overwritten", "deleted_at alive of phone v1 deleted",
                 "content bread of phone v2 deleted"},
     .sender = Sender::kNeedNotBeTold},
    {.name = "StoredWinsOverATextThatItsSenderWroteTheSame",
     .stored = {Made(), WebEdit().Content("eggs").Deleted()},
     .change = LaptopEdit().Content("eggs"),
     .task = "v2 eggs deleted"},
    {.name = "WinsOverALaterStoredFlag",
     .stored = {Made(), WebEdit().At(99).Completed()},
     .change = LaptopEdit().At(5).Deleted(),
     .task = "v3 milk completed deleted",
     .conflicts = {"deleted_at: client's deleted of laptop over alive of web"},
     .history = {"deleted_at alive of phone v1 deleted", "content milk of phone v1 deleted"}},
    {.name = "WinsOverTwoStoredFlagsInOneConflict",
     .stored = {Made(), WebEdit().Completed().Pinned()},
     .change = LaptopEdit().Deleted(),
     .task = "v3 milk completed pinned deleted",
     .conflicts = {"deleted_at: client's deleted of laptop over alive of web"},
     .history = {"deleted_at alive of phone v1 deleted", "content milk of phone v1 deleted"}},
    {.name = "StoredWinsOverLaterFlags",
     .stored = {Made(), WebEdit().At(5).Deleted()},
     .change = LaptopEdit().At(99).Completed().Pinned(),
     .task = "v2 milk deleted",
     .conflicts = {"deleted_at: server's deleted of web over alive of laptop"},
     .history = {"completed true of laptop v2 refused", "pinned true of laptop v2 refused"}},
    {.name = "OfWhatTheSenderEditedItselfIsNoConflict",
     .stored = {Made(), LaptopEdit().Content("eggs").Completed()},
     .change = LaptopEdit().Deleted(),
     .task = "v3 eggs completed deleted",
     .history = {"deleted_at alive of phone v1 deleted", "content eggs of laptop v2 deleted"}},
    {.name = "StandsWhenBothDevicesDeletedAndOneEditedTheTextBefore",
     .stored = {Made(), WebEdit().Deleted()},
     .change = LaptopEdit().Content("bread").Deleted(),
     .task = "v3 bread deleted",
     .history = {"content milk of phone v1 overwritten"}},
    {.name = "StandsWhenBothDevicesDeletedAndOneSetAFlagBefore",
     .stored = {Made(), WebEdit().Deleted()},
     .change = LaptopEdit().Completed().Deleted(),
     .task = "v3 milk completed deleted",
     .history = {"completed false of phone v1 overwritten"}},
    {.name = "KnownToTheSenderStandsWhenItEditsTheText",
     .stored = {Made(), WebEdit().Deleted()},
     .change = LaptopEdit().Version(3).Content("bread"),
     .task = "v3 bread deleted",
     .history = {"content milk of phone v1 overwritten"},
     .sender = Sender::kNeedNotBeTold},
    {.name = "EarlierThanAnUnseenRestoreLoses",
     .stored = {Made(), WebEdit().Deleted(), WebEdit().Version(3).At(30).Alive()},
     .change = LaptopEdit().At(29).Deleted(29),
     .task = "v3 milk",
     .conflicts = {"deleted_at: server's alive of web over deleted of laptop"},
     .history = {"deleted_at deleted of laptop v2 refused"}},
    {.name = "LaterThanAnUnseenRestoreWins",
     .stored = {Made(), WebEdit().Deleted(), WebEdit().Version(3).At(30).Alive()},
     .change = LaptopEdit().At(31).Deleted(31),
     .task = "v4 milk deleted",
     .conflicts = {"deleted_at: client's deleted of laptop over alive of web"},
     .history = {"deleted_at alive of web v3 conflict", "content milk of phone v1 deleted"}},
};
INSTANTIATE_TEST_SUITE_P(Deletion, MergeTable, testing::ValuesIn(kDeletion), NameOfCase);

const Case kRestore[] = {
    {.name = "BringsTheTaskBack",
     .stored = {Made(), WebEdit().Deleted()},
     .change = LaptopEdit().Version(3).Alive(),
     .task = "v3 milk",
     .history = {"deleted_at deleted of web v2 overwritten"},
     .sender = Sender::kNeedNotBeTold},
    {.name = "TakesEffectOverALaterUnseenDeletion",
     .stored = {Made(), WebEdit().At(99).Deleted(99)},
     .change = LaptopEdit().At(5).Alive(),
     .task = "v3 milk",
     .conflicts = {"deleted_at: client's alive of laptop over deleted of web"},
     .history = {"deleted_at deleted of web v2 conflict"}},
    {.name = "WithAFlagTakesEffectOverAnUnseenDeletion",
     .stored = {Made(), WebEdit().At(99).Deleted(99)},
     .change = LaptopEdit().At(5).Completed().Alive(),
     .task = "v3 milk completed",
     .conflicts = {"deleted_at: client's alive of laptop over deleted of web"},
     .history = {"completed false of phone v1 overwritten", "deleted_at deleted of web v2 conflict"}},
    {.name = "OfALivingTaskChangesNothing",
     .stored = {Made()},
     .change = LaptopEdit().Alive(),
     .task = "v1 milk"},
};
INSTANTIATE_TEST_SUITE_P(Restore, MergeTable, testing::ValuesIn(kRestore), NameOfCase);

TEST(Merge, ATakenFieldKeepsItsWriterAndATouchedTaskItsLastOne) {
  const Merged merged = Merge(
      Stored({Made()}), Edit().By(kLaptop).Version(5).At(70).CorrectedTo(60).Content("bread"), {}, kStamp);
  const StoredField expected{.value = std::string("bread"),
                             .version = {5},
                             .stamp = kStamp,
                             .device = kLaptop,
                             .updated_at = {70},
                             .edited_at = {60}};
  EXPECT_EQ(merged.task.fields[Field::kContent], expected);
  EXPECT_EQ(merged.task.version, Version{5});
  EXPECT_EQ(merged.task.stamp, kStamp);
  EXPECT_EQ(merged.task.updated_at, UnixMillis{70});
  EXPECT_EQ(merged.task.device, kLaptop);
  EXPECT_EQ(merged.task.created_at, UnixMillis{10});
}

TEST(Merge, AnEqualFieldKeepsItsVersionStampAndWriterBesideAnotherThatIsTaken) {
  const TaskRow row = Stored({Made()});
  const Merged merged = Merge(row, LaptopEdit().Content("milk").Completed(), {}, kStamp);
  EXPECT_EQ(merged.task.fields[Field::kContent], row.fields[Field::kContent]);
  EXPECT_EQ(merged.task.fields[Field::kCompleted].device, kLaptop);
}

TEST(Merge, OnlyARestoreBeginsANewLife) {
  const TaskRow deleted = Stored({Made(), WebEdit().Deleted()});
  EXPECT_EQ(deleted.alive_since, Stamp{10});
  EXPECT_EQ(Merge(deleted, LaptopEdit().Version(3).Pinned(), {}, kStamp).task.alive_since, Stamp{10});
  EXPECT_EQ(Merge(deleted, LaptopEdit().Version(3).Alive(), {}, kStamp).task.alive_since, kStamp);
  EXPECT_EQ(Merge(deleted, LaptopEdit().Content("bread"), {}, kStamp).task.alive_since, kStamp);
}

TEST(Merge, AConflictTellsBothValuesWithTheirWritersAndTimesAsGiven) {
  const TaskRow row = Stored({Made(), WebEdit().At(9999).CorrectedTo(20).Content("eggs")});
  const Merged merged = Merge(row, LaptopEdit().At(5).CorrectedTo(30).Content("bread"), {}, kStamp);
  const Conflict expected{.id = TaskId("t"),
                          .field = Field::kContent,
                          .winner = Winner::kClient,
                          .kept = {std::string("bread"), {5}, kLaptop},
                          .discarded = {std::string("eggs"), {9999}, kWeb},
                          .at = kStamp};
  EXPECT_THAT(merged.conflicts, ElementsAre(expected));
}

TEST(Merge, AHistoryEntryTellsWhoWroteTheValueAndWhenItWasReplaced) {
  const Merged merged = Merge(Stored({Made()}), LaptopEdit().Content("bread"), {}, kStamp);
  const HistoryEntry expected{.id = TaskId("t"),
                              .field = Field::kContent,
                              .value = std::string("milk"),
                              .version = {1},
                              .updated_at = {10},
                              .device = kPhone,
                              .at = kStamp,
                              .reason = Reason::kOverwritten,
                              .was_stored = true};
  EXPECT_THAT(merged.history, ElementsAre(expected));
}

TEST(Create, TakesTheVersionGivenAndDefaultsTheRest) {
  const TaskRow task = Create(Edit("n").By(kWeb).Version(3).At(70).CorrectedTo(60).Content("milk"), kStamp);
  EXPECT_EQ(Say(task), "v3 milk");
  EXPECT_EQ(task.id, TaskId("n"));
  EXPECT_EQ(task.stamp, kStamp);
  EXPECT_EQ(task.alive_since, kStamp);
  EXPECT_EQ(task.updated_at, UnixMillis{70});
  EXPECT_EQ(task.created_at, UnixMillis{70});
  EXPECT_EQ(task.device, kWeb);
  for (Field field : kFields) {
    EXPECT_EQ(task.fields[field].version, Version{3});
    EXPECT_EQ(task.fields[field].stamp, kStamp);
    EXPECT_EQ(task.fields[field].device, kWeb);
    EXPECT_EQ(task.fields[field].edited_at, UnixMillis{60});
  }
}

TEST(Create, KeepsWhatIsGiven) {
  const TaskRow task =
      Create(Edit().At(70).CreatedAt(50).Content("milk").Completed().Pinned().Alive(), kStamp);
  EXPECT_EQ(Say(task), "v1 milk completed pinned");
  EXPECT_EQ(task.created_at, UnixMillis{50});
}

}  // namespace
}  // namespace tidemark::sync
