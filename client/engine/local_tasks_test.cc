#include "client/engine/local_tasks.h"

#include "client/engine/test_server.h"

namespace tidemark::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LocalTasksTest : public ExchangeTest {
 protected:
  Task Added(std::string_view content) {
    const auto task = AddTask(store_, random_, content, now_);
    EXPECT_TRUE(task.ok()) << task.status();
    return *task;
  }
  static Code CodeOf(const absl::Status& status) { return ErrorInfoOf(status).code; }
};

TEST_F(LocalTasksTest, AnAddedTaskIsThereAtOnceAndPending) {
  const Task task = Added(" milk ");
  EXPECT_EQ(task.content, "milk");
  EXPECT_TRUE(task.pending);
  EXPECT_THAT(Contents(), ElementsAre("milk"));
  EXPECT_EQ(replica().edited_at, now_);
}

TEST_F(LocalTasksTest, AnEditChangesWhatItNames) {
  const Task task = Added("milk");
  const auto edited = ChangeTask(store_, task.id, {.content = "bread", .pinned = true}, now_);
  ASSERT_TRUE(edited.ok());
  EXPECT_EQ(edited->content, "bread");
  EXPECT_TRUE(edited->pinned);
  EXPECT_FALSE(edited->completed);
}

TEST_F(LocalTasksTest, AnUnfitTextChangesNothing) {
  const Task task = Added("milk");
  EXPECT_EQ(CodeOf(ChangeTask(store_, task.id, {.content = " "}, now_).status()), Code::kValidation);
  EXPECT_EQ(CodeOf(AddTask(store_, random_, "", now_).status()), Code::kValidation);
  EXPECT_THAT(Contents(), ElementsAre("milk"));
}

TEST_F(LocalTasksTest, AnEditOfNothingIsRefused) {
  const Task task = Added("milk");
  EXPECT_EQ(CodeOf(ChangeTask(store_, task.id, {}, now_).status()), Code::kValidation);
}

TEST_F(LocalTasksTest, ATaskThatIsNotThereCannotBeEditedOrRemoved) {
  EXPECT_EQ(CodeOf(ChangeTask(store_, kTask, {.pinned = true}, now_).status()), Code::kNotFound);
  EXPECT_EQ(CodeOf(RemoveTask(store_, kTask, now_)), Code::kNotFound);
  EXPECT_EQ(CodeOf(BringBack(store_, kTask, now_).status()), Code::kNotFound);
  EXPECT_TRUE(state("t").empty());
}

TEST_F(LocalTasksTest, ARemovedTaskIsListedAsDeletedAndCanBeBroughtBack) {
  const Task task = Added("milk");
  ASSERT_TRUE(RemoveTask(store_, task.id, now_).ok());
  EXPECT_THAT(Contents(), IsEmpty());
  EXPECT_THAT(*ListTasks(store_, Which::kDeleted), testing::SizeIs(1));
  EXPECT_EQ(BringBack(store_, task.id, now_)->content, "milk");
  EXPECT_THAT(Contents(), ElementsAre("milk"));
}

TEST_F(LocalTasksTest, ATaskIsFoundByABeginningThatNoOtherHas) {
  Add("abc", "milk");
  Add("abd", "bread");
  Add("ab", "eggs");
  EXPECT_EQ(FindTask(store_, "abc", Which::kVisible)->content, "milk");
  EXPECT_EQ(FindTask(store_, "ab", Which::kVisible)->content, "eggs") << "a whole id is no beginning";
  EXPECT_EQ(CodeOf(FindTask(store_, "a", Which::kVisible).status()), Code::kValidation);
  EXPECT_EQ(CodeOf(FindTask(store_, "x", Which::kVisible).status()), Code::kNotFound);
  EXPECT_EQ(CodeOf(FindTask(store_, "", Which::kVisible).status()), Code::kValidation);
}

TEST_F(LocalTasksTest, WhatIsDeletedDoesNotMakeABeginningAmbiguous) {
  Add("abc", "milk");
  Add("abd", "bread");
  Delete("abd");
  EXPECT_EQ(FindTask(store_, "ab", Which::kVisible)->content, "milk");
}

Conflict Discarding(Field field, FieldValue value) {
  Conflict conflict;
  conflict.id = kTask;
  conflict.field = field;
  conflict.discarded.value = std::move(value);
  return conflict;
}

TEST_F(LocalTasksTest, ADiscardedValueIsTakenUpByAnEdit) {
  Pulled({Whole(1, "milk")}, 90);
  EXPECT_EQ(TakeDiscarded(store_, Discarding(Field::kContent, std::string("bread")), now_)->content, "bread");
  EXPECT_TRUE(TakeDiscarded(store_, Discarding(Field::kPinned, true), now_)->pinned);
  EXPECT_TRUE(TakeDiscarded(store_, Discarding(Field::kCompleted, true), now_)->completed);
  EXPECT_THAT(BeginSync().changes, testing::SizeIs(1));
}

TEST_F(LocalTasksTest, ADiscardedDeletionIsTakenUpByDeleting) {
  Pulled({Whole(1, "milk")}, 90);
  ASSERT_TRUE(TakeDiscarded(store_, Discarding(Field::kDeletedAt, UnixMillis{5}), now_).ok());
  EXPECT_THAT(Contents(), IsEmpty());
}

TEST_F(LocalTasksTest, TasksBeyondOneReadAreListed) {
  Write([&](Transaction& tx) {
    for (int i = 0; i < 2'500; ++i) tx.Put(CreateTask(TaskId("t" + std::to_string(i)), "milk", now_));
  });
  EXPECT_THAT(Contents(), testing::SizeIs(2'500));
}

}  // namespace
}  // namespace tidemark::client
