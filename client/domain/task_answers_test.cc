// What answers do to a task and to what waits of it (SPEC 3.3, 5.7, 6.3).
#include <gtest/gtest.h>

#include "client/domain/task_state.h"
#include "client/domain/test_state.h"
#include "client/domain/view.h"

namespace tidemark::client {
namespace {

TaskState Sent(const Fields& fields, int64_t on_version = 3) {
  TaskState task = Told(on_version);
  EditTask(task, fields, kNow);
  Freeze(task, NumberedAs(1));
  return task;
}

// ---- pulls

TEST(Pull, APulledFieldNeverOverwritesAPendingEditOfIt) {
  TaskState task = Told(3);
  EditTask(task, Content("bread"), kNow);
  ApplyUpdate(task, News(4, Content("eggs")));
  EXPECT_EQ(FindVisible(task)->content, "bread");
  EXPECT_EQ(task.row->content, "eggs");
}

TEST(Pull, OfOtherFieldsRaisesTheBase) {
  TaskState task = Told(3);
  EditTask(task, Content("bread"), kNow);
  ApplyUpdate(task, News(4, Pinned()));
  EXPECT_EQ(task.edit->base.value, 4);
}

TEST(Pull, OfAPendingFieldLeavesTheBase) {
  TaskState task = Told(3);
  EditTask(task, Content("bread"), kNow);
  ApplyUpdate(task, News(4, Content("eggs")));
  EXPECT_EQ(task.edit->base.value, 3);
}

TEST(Pull, OfAnotherFieldAfterwardsStillLeavesTheBase) {
  TaskState task = Told(3);
  EditTask(task, Content("bread"), kNow);
  ApplyUpdate(task, News(4, Content("eggs")));
  ApplyUpdate(task, News(5, Pinned()));
  EXPECT_EQ(task.edit->base.value, 3) << "the text of version 4 has not been seen";
}

TEST(Pull, OfATextOverlapsAPendingDeletion) {
  TaskState task = Told(3);
  DeleteTask(task, kNow);
  ApplyUpdate(task, News(4, Content("eggs")));
  EXPECT_EQ(task.edit->base.value, 3);
}

TEST(Pull, OfAFlagDoesNotOverlapAPendingDeletion) {
  TaskState task = Told(3);
  DeleteTask(task, kNow);
  ApplyUpdate(task, News(4, Pinned()));
  EXPECT_EQ(task.edit->base.value, 4);
}

TEST(Pull, WhatAReplacedChangeOverlappedItsSuccessorOverlaps) {
  TaskState task = Sent(Content("bread"));
  ApplyUpdate(task, News(4, Content("eggs")));
  EditTask(task, Completed(), kLater);
  ApplyUpdate(task, News(5, Pinned()));
  EXPECT_EQ(Freeze(task, NumberedAs(2)).version.value, 4);
}

TEST(Pull, OfFieldsOfATaskThatIsNotHereIsRefused) {
  TaskState task;
  task.id = kTask;
  EXPECT_FALSE(ApplyUpdate(task, News(4, Pinned())));
  EXPECT_TRUE(task.empty());
}

TEST(Pull, ATaskThatIsToldAgainIsNotDoomed) {
  TaskState task = Told();
  task.doomed = true;
  ApplyUpdate(task, Whole(5, "milk"));
  EXPECT_FALSE(task.doomed);
}

TEST(Pull, ADeletionTakesTheBaseOfAPendingEdit) {
  TaskState task = Told(3);
  EditTask(task, Content("bread"), kNow);
  ApplyDeletion(task, kNow);
  EXPECT_EQ(task.edit->base.value, 0);
  EXPECT_TRUE(FindVisible(task)) << "the edit outlives the deletion";
}

TEST(Pull, ADeletionTakesTheBaseOfAnUnansweredChange) {
  TaskState task = Sent(Content("bread"));
  ApplyDeletion(task, kNow);
  EXPECT_EQ(task.sent->change.version.value, 1);
  Thaw(task);
  EXPECT_EQ(task.edit->base.value, 0);
}

TEST(Pull, ATaskThatWasDeletedAndMadeAnewTakesTheBaseOfAPendingEdit) {
  TaskState task = Told(3);
  EditTask(task, Completed(), kNow);
  Doom(task);
  ApplyUpdate(task, Whole(1, "bread"));
  EXPECT_EQ(Freeze(task, NumberedAs(1)).version.value, 1);
}

TEST(Pull, ADeletedTaskKeepsItsTextForAWhile) {
  TaskState task = Told();
  ApplyDeletion(task, kNow);
  EXPECT_FALSE(FindVisible(task));
  EXPECT_EQ(FindDeleted(task)->content, "milk");
}

// ---- verdicts

TEST(Settling, WhatWasStoredAsSentBecomesTheRow) {
  TaskState task = Sent(Content("bread"));
  EXPECT_TRUE(Settle(task, Outcome::kAsSent, kNow));
  EXPECT_FALSE(task.pending());
  EXPECT_EQ(task.row->content, "bread");
  EXPECT_EQ(task.row->version.value, 4);
  EXPECT_EQ(task.row->device, kPhone);
}

TEST(Settling, AnEditMadeDuringTheRequestStaysAndIsBasedOnWhatWasStored) {
  TaskState task = Sent(Content("bread"));
  EditTask(task, Completed(), kLater);
  Settle(task, Outcome::kAsSent, kNow);
  ASSERT_TRUE(task.edit);
  EXPECT_EQ(task.edit->base.value, 4);
}

TEST(Settling, ADeletionStoredAsSentLeavesADeadCopy) {
  TaskState task = Told();
  DeleteTask(task, kNow);
  Freeze(task, NumberedAs(1));
  Settle(task, Outcome::kAsSent, kNow);
  EXPECT_FALSE(task.pending());
  EXPECT_FALSE(task.row->alive());
  EXPECT_TRUE(FindDeleted(task));
}

TEST(Settling, OfWhatIsToldTheAnswerHolds) {
  TaskState task = Sent(Content("bread"));
  Settle(task, Outcome::kTold, kNow);
  ApplyUpdate(task, Whole(7, "eggs"));
  EXPECT_FALSE(task.pending());
  EXPECT_EQ(FindVisible(task)->content, "eggs");
}

TEST(Settling, ARejectedChangeIsForThePersonToSeeAndLeavesTheRow) {
  TaskState task = Sent(Content("bread"));
  EXPECT_FALSE(Settle(task, Outcome::kRejected, kNow));
  EXPECT_FALSE(task.pending());
  EXPECT_EQ(FindVisible(task)->content, "milk");
}

TEST(Settling, ATextOutlivesThePurgeOfItsTask) {
  TaskState task = Sent(Content("bread"));
  task.row->pinned = true;
  EXPECT_TRUE(Settle(task, Outcome::kUnknownTask, kNow));
  const Change& change = Freeze(task, NumberedAs(2));
  EXPECT_EQ(change.fields, LaidOver(Content("bread"), LaidOver(Completed(false), Pinned())));
  EXPECT_EQ(change.version.value, 1);
  EXPECT_EQ(change.updated_at, kNow);
}

TEST(Settling, AWishToHaveATaskBackOutlivesItsPurge) {
  TaskState task = Told();
  ApplyDeletion(task, kNow);
  RestoreTask(task, kNow);
  Freeze(task, NumberedAs(1));
  EXPECT_TRUE(Settle(task, Outcome::kUnknownTask, kNow));
  EXPECT_EQ(FindVisible(task)->content, "milk");
  EXPECT_EQ(Freeze(task, NumberedAs(2)).fields.content, "milk");
}

TEST(Settling, AFlagGoesWithItsPurgedTask) {
  TaskState task = Sent(Completed());
  EXPECT_FALSE(Settle(task, Outcome::kUnknownTask, kNow));
  EXPECT_FALSE(task.pending());
}

// ---- the guard

TEST(Vanishing, APersonsOwnDeletionIsNoLoss) {
  TaskState task = Told();
  EXPECT_TRUE(WouldVanish(task));
  DeleteTask(task, kNow);
  EXPECT_FALSE(WouldVanish(task));
}

TEST(Vanishing, AnEditedTextStays) {
  TaskState task = Told();
  EditTask(task, Content("bread"), kNow);
  EXPECT_FALSE(WouldVanish(task));
}

TEST(Vanishing, ARefusedDeletionSendsTheWholeTaskAgain) {
  TaskState task = Told();
  task.doomed = true;
  ReviveInstead(task, kNow);
  EXPECT_FALSE(task.doomed);
  EXPECT_TRUE(FindVisible(task));
  const Change& change = Freeze(task, NumberedAs(1));
  EXPECT_TRUE(change.fields.restores());
  EXPECT_EQ(change.fields.content, "milk");
  EXPECT_EQ(change.version.value, 1);
}

// ---- a restored server

Row Theirs(const std::string& content) {
  TaskState theirs;
  theirs.id = kTask;
  ApplyUpdate(theirs, Whole(2, content));
  return *theirs.row;
}

TEST(Restored, WhatTheServerLostIsOfferedWithTheTasksOwnTime) {
  TaskState task = Told(3, "bread");
  TakeRestoredRow(task, Theirs("milk"), kNow);
  EXPECT_EQ(FindVisible(task)->content, "bread");
  const Change& change = Freeze(task, NumberedAs(1));
  EXPECT_EQ(change.fields, Content("bread"));
  EXPECT_EQ(change.version.value, 1);
  EXPECT_EQ(change.updated_at.value, 500);
}

TEST(Restored, AMissingTaskIsOfferedWhole) {
  TaskState task = Told(3, "bread");
  TakeRestoredRow(task, std::nullopt, kNow);
  EXPECT_FALSE(task.row);
  const Change& change = Freeze(task, NumberedAs(1));
  EXPECT_EQ(change.fields, LaidOver(Content("bread"), LaidOver(Completed(false), Pinned(false))));
  EXPECT_EQ(change.created_at, UnixMillis{100});
}

TEST(Restored, APendingEditGoesAfterWhatIsOffered) {
  TaskState task = Told(3, "bread");
  EditTask(task, Completed(), kLater);
  TakeRestoredRow(task, Theirs("milk"), kNow);
  const Change offered = Freeze(task, NumberedAs(1));
  EXPECT_EQ(offered.fields, Content("bread"));
  EXPECT_TRUE(GoesAgainUnaltered(task)) << "the edit's later time must not pass for the text's";
  Settle(task, Outcome::kTold, kNow);
  const Change& edit = Freeze(task, NumberedAs(2));
  EXPECT_EQ(edit.fields, Completed());
  EXPECT_EQ(edit.updated_at, kLater);
}

TEST(Restored, AChangeThatWasNeverAnsweredIsNumberedAnew) {
  TaskState task = Sent(Content("bread"));
  TakeRestoredRow(task, Theirs("milk"), kNow);
  EXPECT_FALSE(task.sent);
  EXPECT_EQ(task.edit->fields, Content("bread"));
  EXPECT_EQ(task.edit->base.value, 0);
}

TEST(Restored, WhatTheLostStateHadStoredIsOfferedOnce) {
  TaskState task = Sent(Content("bread"));
  task.sent->verdict = Verdict{.outcome = Outcome::kAsSent};
  TakeRestoredRow(task, Theirs("milk"), kNow);
  EXPECT_EQ(task.restated->fields, Content("bread"));
  EXPECT_FALSE(task.edit);
}

TEST(Restored, WhatIsEqualIsNotOffered) {
  TaskState task = Told(3, "milk");
  TakeRestoredRow(task, Theirs("milk"), kNow);
  EXPECT_FALSE(task.pending());
  EXPECT_EQ(task.row->version.value, 2);
}

TEST(Restored, ATaskThatThePersonDeletedIsNotOffered) {
  TaskState task = Told(3, "bread");
  DeleteTask(task, kNow);
  TakeRestoredRow(task, std::nullopt, kNow);
  EXPECT_FALSE(task.restated);
  EXPECT_FALSE(FindVisible(task));
}

TEST(Restored, WhatAnEarlierRestoreLostIsOfferedToTheNextServerToo) {
  TaskState task = Told(3, "bread");
  TakeRestoredRow(task, Theirs("milk"), kNow);
  Freeze(task, NumberedAs(1));
  TakeRestoredRow(task, std::nullopt, kLater);
  EXPECT_EQ(FindVisible(task)->content, "bread");
  EXPECT_EQ(Freeze(task, NumberedAs(2)).fields,
            LaidOver(Content("bread"), LaidOver(Completed(false), Pinned(false))));
}

TEST(Restored, ThawingWhatWasOfferedKeepsItApartFromTheEdit) {
  TaskState task = Told(3, "bread");
  EditTask(task, Completed(), kLater);
  TakeRestoredRow(task, Theirs("milk"), kNow);
  Freeze(task, NumberedAs(1));
  Thaw(task);
  EXPECT_EQ(task.restated->fields, Content("bread"));
  EXPECT_EQ(task.edit->fields, Completed());
}

}  // namespace
}  // namespace tidemark::client
