// What becomes of a change whose versions prove nothing: V1 objects, and cursors older than the purge
// (SPEC 5.3).
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include "services/sync/domain/test_merge.h"

namespace tidemark::sync {
namespace {

// A V1 client names every field, and its versions prove nothing.
Edit V1Object() {
  return Edit().By(kLaptop).Version(9).At(15).Content("milk").Completed(false).Pinned(false).Alive();
}

// It had seen all up to `cursor`; where fields have changed since they `held` other values there.
Basis V1(int64_t cursor, PerField<std::optional<FieldValue>> held = {}) {
  return {.cursor = Stamp{cursor}, .full_object = true, .held = std::move(held), .heard = {}};
}

// It had seen all up to 10, and its service has heard this text.
Basis V1Heard(FieldEdit text) {
  Basis basis = V1(10);
  basis.heard[Field::kContent] = {std::move(text)};
  return basis;
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
    // The answer was lost, and the same is sent again.
    {.name = "AnEditThatLostBeforeIsARetry",
     .stored = {Made(), WebEdit().Content("eggs")},
     .change = V1Object().At(19).Content("bread"),
     .task = "v2 eggs",
     .basis = V1Heard({std::string("bread"), {19}, kLaptop})},
    {.name = "AnEditThatWasReplacedSinceIsARetry",
     .stored = {Made(), WebEdit().Content("eggs")},
     .change = V1Object().At(99).Content("bread"),
     .task = "v2 eggs",
     .basis = V1Heard({std::string("bread"), {99}, kLaptop})},
    {.name = "TheSameTextEditedAtAnotherTimeIsAnEdit",
     .stored = {Made(), WebEdit().Content("eggs")},
     .change = V1Object().At(21).Content("bread"),
     .task = "v3 bread",
     .conflicts = {"content: client's bread of laptop over eggs of web"},
     .history = {"content eggs of web v2 conflict"},
     .basis = V1Heard({std::string("bread"), {19}, kLaptop})},
    {.name = "TheSameTextOfAnotherDeviceIsAnEdit",
     .stored = {Made(), WebEdit().Content("eggs")},
     .change = V1Object().At(21).Content("bread"),
     .task = "v3 bread",
     .conflicts = {"content: client's bread of laptop over eggs of web"},
     .history = {"content eggs of web v2 conflict"},
     .basis = V1Heard({std::string("bread"), {21}, kPhone})},
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
const Basis kPurged{.cursor = Stamp{10}, .full_object = false, .held = {}, .heard = {}};
const Basis kPurgedBelow20{.cursor = Stamp{20}, .full_object = false, .held = {}, .heard = {}};

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
    // The laptop pulled the eggs while its own edit was pending on v1.
    {.name = "AnEditOnAnOlderBaseIsConcurrentThoughTheCursorHasPassed",
     .stored = {Made(), WebEdit().At(99).Content("eggs")},
     .change = LaptopEdit().Version(2).At(19).Content("bread"),
     .task = "v2 eggs",
     .conflicts = {"content: server's eggs of web over bread of laptop"},
     .history = {"content bread of laptop v2 refused"},
     .basis = kPurgedBelow20},
    {.name = "AnExplicitRestoreTakesEffect",
     .stored = {Made(), WebEdit().At(99).Deleted(99)},
     .change = LaptopEdit().Alive(),
     .task = "v3 milk",
     .conflicts = {"deleted_at: client's alive of laptop over deleted of web"},
     .history = {"deleted_at deleted of web v2 conflict"},
     .basis = kPurged},
};
INSTANTIATE_TEST_SUITE_P(CursorOlderThanThePurge, MergeTable, testing::ValuesIn(kOldCursor), NameOfCase);

}  // namespace
}  // namespace tidemark::sync
