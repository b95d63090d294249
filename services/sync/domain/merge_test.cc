// SPEC 5.3 as a table: what was stored, what a device sends, what becomes of it.
#include "services/sync/domain/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/sync/domain/test_edit.h"

namespace tidemark::sync {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

constexpr Stamp kStamp{100};

// The task as edits left it that each saw all before: version 1, 2, 3 … and stamp 10, 20, 30 …
TaskRow Stored(const std::vector<Change>& edits) {
  Stamp stamp{10};
  TaskRow task = Create(edits.front(), stamp);
  for (std::size_t i = 1; i < edits.size(); ++i) {
    stamp.value += 10;
    task = Merge(task, edits[i], {}, stamp).task;
  }
  return task;
}

std::string NameOf(Field field) {
  switch (field) {
    case Field::kContent:
      return "content";
    case Field::kCompleted:
      return "completed";
    case Field::kPinned:
      return "pinned";
    case Field::kDeletedAt:
      return "deleted_at";
  }
  return "";
}

std::string Say(const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return SaysDeleted(value) ? "deleted" : "alive";
}

// "v2 milk completed"
std::string Say(const TaskRow& task) {
  std::string text = "v" + std::to_string(task.version.value) + " " + ContentOf(task);
  if (std::get<bool>(task.fields[Field::kCompleted].value)) text += " completed";
  if (std::get<bool>(task.fields[Field::kPinned].value)) text += " pinned";
  if (task.deleted()) text += " deleted";
  return text;
}

// "content: client's bread of laptop over eggs of web"
std::string Say(const Conflict& conflict) {
  return NameOf(conflict.field) + ": " + (conflict.winner == Winner::kClient ? "client's " : "server's ") +
         Say(conflict.kept.value) + " of " + conflict.kept.device.value() + " over " +
         Say(conflict.discarded.value) + " of " + conflict.discarded.device.value();
}

// "content milk of phone v1 overwritten"; one that lost on arrival is "refused".
std::string Say(const HistoryEntry& entry) {
  std::string text = NameOf(entry.field) + " " + Say(entry.value) + " of " + entry.device.value() + " v" +
                     std::to_string(entry.version.value) + " ";
  if (!entry.was_stored) return text + (entry.reason == Reason::kConflict ? "refused" : "?");
  switch (entry.reason) {
    case Reason::kOverwritten:
      return text + "overwritten";
    case Reason::kConflict:
      return text + "conflict";
    case Reason::kDeleted:
      return text + "deleted";
  }
  return text;
}

template <typename T>
std::vector<std::string> SayEach(const std::vector<T>& things) {
  std::vector<std::string> texts;
  for (const T& thing : things) texts.push_back(Say(thing));
  return texts;
}

// Whether the sender is told the task, or may rely on what it sent.
enum class Sender { kNeedNotBeTold, kIsTold };

struct Case {
  const char* name;
  std::vector<Change> stored;
  Change change;
  std::string task;
  std::vector<std::string> conflicts = {};
  std::vector<std::string> history = {};
  Sender sender = Sender::kIsTold;
  Basis basis = {};
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class MergeTable : public testing::TestWithParam<Case> {};

TEST_P(MergeTable, Rule) {
  const Case& c = GetParam();
  const TaskRow row = Stored(c.stored);
  const Merged merged = Merge(row, c.change, c.basis, kStamp);
  EXPECT_EQ(Say(merged.task), c.task);
  EXPECT_THAT(SayEach(merged.conflicts), ElementsAreArray(c.conflicts));
  EXPECT_THAT(SayEach(merged.history), ElementsAreArray(c.history));
  EXPECT_EQ(merged.as_sent, c.sender == Sender::kNeedNotBeTold);
  EXPECT_EQ(merged.changed, merged.task != row);
  for (const Conflict& conflict : merged.conflicts) EXPECT_EQ(conflict.at, kStamp);
  for (const HistoryEntry& entry : merged.history) EXPECT_EQ(entry.at, kStamp);
}

std::string NameOfCase(const testing::TestParamInfo<Case>& info) { return info.param.name; }

// The phone makes the task: version 1, stamp 10.
Edit Made() { return Edit().By(kPhone).Version(1).At(10).Content("milk"); }
// The web edits it having seen version 1: version 2, stamp 20, edited at 20.
Edit WebEdit() { return Edit().By(kWeb).Version(2).At(20); }
// The laptop has seen version 1 alone.
Edit LaptopEdit() { return Edit().By(kLaptop).Version(2).At(15); }

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

// A V1 client names every field, and its versions prove nothing.
Edit V1Object() {
  return Edit().By(kLaptop).Version(9).At(15).Content("milk").Completed(false).Pinned(false).Alive();
}

// It had seen all up to `cursor`; where fields have changed since they `held` other values there.
Basis V1(int64_t cursor, PerField<std::optional<FieldValue>> held = {}) {
  return {.cursor = Stamp{cursor}, .held = std::move(held), .full_object = true};
}

PerField<std::optional<FieldValue>> HeldContent(std::string content) {
  PerField<std::optional<FieldValue>> held;
  held[Field::kContent] = std::move(content);
  return held;
}

PerField<std::optional<FieldValue>> HeldDeletion(int64_t at) {
  PerField<std::optional<FieldValue>> held;
  held[Field::kDeletedAt] = UnixMillis{at};
  return held;
}

const Case kV1[] = {
    {.name = "AValueHeldAtTheCursorIsUntouched",
     .stored = {Made(), WebEdit().Content("eggs")},
     .change = V1Object().Completed(),
     .task = "v3 eggs completed",
     .history = {"completed false of phone v1 overwritten"},
     .basis = V1(10, HeldContent("milk"))},
    {.name = "AllUntouchedChangesNothingAndIsTold",
     .stored = {Made(), WebEdit().Content("eggs")},
     .change = V1Object(),
     .task = "v2 eggs",
     .basis = V1(10, HeldContent("milk"))},
    {.name = "AFieldStampedAfterTheCursorIsConcurrentAndTheLaterWins",
     .stored = {Made(), WebEdit().Content("eggs")},
     .change = V1Object().At(21).Content("bread"),
     .task = "v3 bread",
     .conflicts = {"content: client's bread of laptop over eggs of web"},
     .history = {"content eggs of web v2 conflict"},
     .basis = V1(10, HeldContent("milk"))},
    {.name = "AFieldStampedAfterTheCursorIsConcurrentAndTheEarlierLoses",
     .stored = {Made(), WebEdit().Content("eggs")},
     .change = V1Object().At(19).Content("bread"),
     .task = "v2 eggs",
     .conflicts = {"content: server's eggs of web over bread of laptop"},
     .history = {"content bread of laptop v9 refused"},
     .basis = V1(10, HeldContent("milk"))},
    {.name = "AFieldStampedAtTheCursorWasSeen",
     .stored = {Made(), WebEdit().At(99).Content("eggs")},
     .change = V1Object().Content("bread"),
     .task = "v3 bread",
     .history = {"content eggs of web v2 overwritten"},
     .basis = V1(20)},
    {.name = "NeverFastForwards",
     .stored = {Made()},
     .change = V1Object().Version(9).Completed(),
     .task = "v2 milk completed",
     .history = {"completed false of phone v1 overwritten"},
     .basis = V1(10)},
    {.name = "UnderTheVersionThatIsStoredNeedNotBeTold",
     .stored = {Made()},
     .change = V1Object().Version(2).Completed(),
     .task = "v2 milk completed",
     .history = {"completed false of phone v1 overwritten"},
     .sender = Sender::kNeedNotBeTold,
     .basis = V1(10)},
    {.name = "ADeviceNeverConflictsWithItself",
     .stored = {Made(), LaptopEdit().At(99).Content("eggs")},
     .change = V1Object().Content("bread"),
     .task = "v3 bread",
     .history = {"content eggs of laptop v2 overwritten"},
     .basis = V1(10, HeldContent("milk"))},
    {.name = "ADeviceMayTakeBackItsOwnEditWhoseAnswerWasLost",
     .stored = {Made(), LaptopEdit().Content("eggs")},
     .change = V1Object().Content("milk"),
     .task = "v3 milk",
     .history = {"content eggs of laptop v2 overwritten"},
     .basis = V1(10, HeldContent("milk"))},
    {.name = "NullDeletedAtRestoresNothing",
     .stored = {Made(), WebEdit().Deleted()},
     .change = V1Object(),
     .task = "v2 milk deleted",
     .basis = V1(20)},
    {.name = "NullDeletedAtWithAFlagLosesToAnUnseenDeletion",
     .stored = {Made(), WebEdit().Deleted()},
     .change = V1Object().At(99).Completed(),
     .task = "v2 milk deleted",
     .conflicts = {"deleted_at: server's deleted of web over alive of laptop"},
     .history = {"completed true of laptop v9 refused"},
     .basis = V1(10)},
    {.name = "AnEditOfTheTextWinsOverAnUnseenDeletion",
     .stored = {Made(), WebEdit().Deleted()},
     .change = V1Object().At(5).Content("bread"),
     .task = "v3 bread",
     .conflicts = {"deleted_at: client's alive of laptop over deleted of web"},
     .history = {"deleted_at deleted of web v2 conflict", "content milk of phone v1 overwritten"},
     .basis = V1(10)},
    {.name = "DeletesWhatItHasSeen",
     .stored = {Made()},
     .change = V1Object().Deleted(15),
     .task = "v2 milk deleted",
     .history = {"deleted_at alive of phone v1 deleted", "content milk of phone v1 deleted"},
     .basis = V1(10)},
    {.name = "DeletionLosesToATextItHadNotSeen",
     .stored = {Made(), WebEdit().Content("eggs")},
     .change = V1Object().At(99).Deleted(99),
     .task = "v2 eggs",
     .conflicts = {"deleted_at: server's alive of web over deleted of laptop"},
     .history = {"deleted_at deleted of laptop v9 refused"},
     .basis = V1(10, HeldContent("milk"))},
    {.name = "ADeletionHeldAtTheCursorIsUntouched",
     .stored = {Made(), WebEdit().Deleted(20), WebEdit().Version(3).Alive()},
     .change = V1Object().Deleted(20),
     .task = "v3 milk",
     .basis = V1(20, HeldDeletion(20))},
};
INSTANTIATE_TEST_SUITE_P(V1Object, MergeTable, testing::ValuesIn(kV1), NameOfCase);

// A Final request whose cursor is older than the purge.
const Basis kPurged{.cursor = Stamp{10}, .held = {}, .full_object = false};

const Case kOldCursor[] = {
    {.name = "AHighVersionProvesNothing",
     .stored = {Made(), WebEdit().Content("eggs")},
     .change = LaptopEdit().Version(50).At(19).Content("bread"),
     .task = "v2 eggs",
     .conflicts = {"content: server's eggs of web over bread of laptop"},
     .history = {"content bread of laptop v50 refused"},
     .basis = kPurged},
    {.name = "NeverFastForwards",
     .stored = {Made()},
     .change = LaptopEdit().Version(50).Content("bread"),
     .task = "v2 bread",
     .history = {"content milk of phone v1 overwritten"},
     .basis = kPurged},
    {.name = "AnExplicitRestoreTakesEffect",
     .stored = {Made(), WebEdit().At(99).Deleted(99)},
     .change = LaptopEdit().Alive(),
     .task = "v3 milk",
     .conflicts = {"deleted_at: client's alive of laptop over deleted of web"},
     .history = {"deleted_at deleted of web v2 conflict"},
     .basis = kPurged},
};
INSTANTIATE_TEST_SUITE_P(CursorOlderThanThePurge, MergeTable, testing::ValuesIn(kOldCursor), NameOfCase);

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
