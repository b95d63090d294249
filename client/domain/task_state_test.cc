// What a person's edits do, and how they are frozen (SPEC 6.3).
#include "client/domain/task_state.h"

#include <gtest/gtest.h>

#include "client/domain/test_state.h"
#include "client/domain/view.h"

namespace tidemark::client {
namespace {

TEST(Edits, ANewTaskIsSentWithItsTextAndVersionOne) {
  TaskState task = CreateTask(kTask, "milk", kNow);
  const Change& change = Freeze(task, NumberedAs(1));
  EXPECT_EQ(change.version.value, 1);
  EXPECT_EQ(change.fields, Content("milk"));
  EXPECT_EQ(change.created_at, kNow);
}

TEST(Edits, OnlyWhatWasEditedIsSentOnTheVersionThatWasSeen) {
  TaskState task = Told(3);
  EditTask(task, Completed(), kNow);
  const Change& change = Freeze(task, NumberedAs(7));
  EXPECT_EQ(change.version.value, 4);
  EXPECT_EQ(change.fields, Completed());
  EXPECT_EQ(change.number.value, 7);
  EXPECT_EQ(change.device, kPhone);
}

TEST(Edits, TheNewestValueOfAFieldCountsAndTheOldestEditsAge) {
  TaskState task = Told();
  EditTask(task, Content("bread"), kNow);
  EditTask(task, Content("eggs"), kLater);
  EXPECT_EQ(task.since(), kNow);
  const Change& change = Freeze(task, NumberedAs(1));
  EXPECT_EQ(change.fields, Content("eggs"));
  EXPECT_EQ(change.updated_at, kLater);
}

TEST(Edits, AnEditDuringARequestWaitsBesideTheFrozenChange) {
  TaskState task = Told(3);
  EditTask(task, Content("bread"), kNow);
  const Change frozen = Freeze(task, NumberedAs(1));
  EditTask(task, Content("eggs"), kLater);
  EXPECT_EQ(task.sent->change, frozen);
  ASSERT_TRUE(task.edit);
  EXPECT_EQ(task.edit->fields, Content("eggs"));
}

TEST(Edits, AnEditOnTopOfAnUnansweredChangeHasSeenNoMoreThanThat) {
  TaskState task = Told(3);
  EditTask(task, Content("bread"), kNow);
  Freeze(task, NumberedAs(1));
  task.row->version = {9};
  EditTask(task, Completed(), kLater);
  EXPECT_EQ(task.edit->base.value, 3);
}

TEST(Edits, AnUnansweredChangeGoesAgainUnalteredUnlessItWasEditedSince) {
  TaskState task = Told(3);
  EditTask(task, Content("bread"), kNow);
  Freeze(task, NumberedAs(1));
  EXPECT_TRUE(GoesAgainUnaltered(task));
  EditTask(task, Completed(), kLater);
  EXPECT_FALSE(GoesAgainUnaltered(task));
}

TEST(Edits, ALaterEditReplacesAnUnansweredChangeUnderANewNumberWithAllOfIt) {
  TaskState task = Told(3);
  EditTask(task, Content("bread"), kNow);
  Freeze(task, NumberedAs(1));
  EditTask(task, Completed(), kLater);
  const Change& change = Freeze(task, NumberedAs(2));
  EXPECT_EQ(change.number.value, 2);
  EXPECT_EQ(change.version.value, 4);
  EXPECT_EQ(change.fields, LaidOver(Content("bread"), Completed()));
  EXPECT_EQ(change.updated_at, kLater);
  EXPECT_FALSE(task.edit);
  EXPECT_EQ(task.since(), kNow);
}

TEST(Edits, BeforeTheFirstCompletePullNoBaseIsTrusted) {
  TaskState task = Told(3);
  EditTask(task, Completed(), kNow);
  Sender sender = NumberedAs(1);
  sender.may_trust_base = false;
  EXPECT_EQ(Freeze(task, sender).version.value, 1);
}

TEST(Edits, ThawedEditsAreOneEditWithoutANumber) {
  TaskState task = Told(3);
  EditTask(task, Content("bread"), kNow);
  Freeze(task, NumberedAs(1));
  EditTask(task, Completed(), kLater);
  Thaw(task);
  EXPECT_FALSE(task.sent);
  EXPECT_EQ(task.edit->fields, LaidOver(Content("bread"), Completed()));
  EXPECT_EQ(task.edit->base.value, 3);
}

// ---- deleting and restoring

TEST(Deleting, ATaskThatNoServerKnowsIsNotSentAtAll) {
  TaskState task = CreateTask(kTask, "milk", kNow);
  DeleteTask(task, kLater);
  EXPECT_FALSE(task.pending());
  EXPECT_FALSE(FindVisible(task));
}

TEST(Deleting, ATaskThatNoServerKnowsCanBeRestoredAllTheSame) {
  TaskState task = CreateTask(kTask, "milk", kNow);
  EditTask(task, Pinned(), kNow);
  DeleteTask(task, kLater);
  RestoreTask(task, kLater);
  ASSERT_TRUE(FindVisible(task));
  EXPECT_TRUE(FindVisible(task)->pinned);
  const Change& change = Freeze(task, NumberedAs(1));
  EXPECT_EQ(change.fields.content, "milk");
  EXPECT_EQ(change.created_at, kNow);
  EXPECT_EQ(change.version.value, 1);
}

TEST(Deleting, ATaskWhoseMakingIsUnansweredIsDeletedByAChange) {
  TaskState task = CreateTask(kTask, "milk", kNow);
  Freeze(task, NumberedAs(1));
  DeleteTask(task, kLater);
  EXPECT_TRUE(task.edit->fields.deletes());
}

TEST(Deleting, ATaskThatOnceWasSentIsDeletedByAChange) {
  TaskState task = CreateTask(kTask, "milk", kNow);
  Freeze(task, NumberedAs(1));
  Thaw(task);
  DeleteTask(task, kLater);
  EXPECT_TRUE(task.edit->fields.deletes()) << "a server may have it, under the old number";
}

TEST(Deleting, RestoringWhatWasNotSentYetCostsNothing) {
  TaskState task = Told();
  DeleteTask(task, kNow);
  RestoreTask(task, kLater);
  EXPECT_FALSE(task.pending());
  EXPECT_TRUE(FindVisible(task));
}

TEST(Deleting, RestoringKeepsTheOtherEdits) {
  TaskState task = Told();
  EditTask(task, Content("bread"), kNow);
  DeleteTask(task, kNow);
  RestoreTask(task, kLater);
  EXPECT_EQ(task.edit->fields, Content("bread"));
}

TEST(Deleting, ADeletedTaskIsRestoredByAnExplicitChange) {
  TaskState task = Told();
  ApplyDeletion(task, kNow);
  RestoreTask(task, kLater);
  EXPECT_TRUE(FindVisible(task));
  const Change& change = Freeze(task, NumberedAs(1));
  EXPECT_TRUE(change.fields.restores());
  EXPECT_EQ(change.version.value, 1) << "the version of a dead task is no base";
}

TEST(Deleting, ANewTextOfADeadTaskIsSentWithAllTheRestOfIt) {
  TaskState task = Told();
  ApplyUpdate(task, News(4, Pinned()));
  EditTask(task, Content("bread"), kNow);
  ApplyDeletion(task, kNow);
  const Change& change = Freeze(task, NumberedAs(1));
  EXPECT_EQ(change.fields, LaidOver(Content("bread"), LaidOver(Completed(false), Pinned())));
}

}  // namespace
}  // namespace tidemark::client
