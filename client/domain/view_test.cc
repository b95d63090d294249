#include "client/domain/view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/domain/test_state.h"

namespace tidemark::client {
namespace {

TEST(View, ShowsWhatWaitsOverWhatWasTold) {
  TaskState task = Told();
  EditTask(task, Content("bread"), kNow);
  Freeze(task, NumberedAs(1));
  EditTask(task, Completed(), kLater);
  const Task seen = *FindVisible(task);
  EXPECT_EQ(seen.content, "bread");
  EXPECT_TRUE(seen.completed);
  EXPECT_TRUE(seen.pending);
  EXPECT_EQ(seen.updated_at, kLater);
  EXPECT_EQ(seen.created_at.value, 100);
}

TEST(View, ADoomedTaskIsSeenUntilTheAnswerIsComplete) {
  TaskState task = Told();
  task.doomed = true;
  EXPECT_TRUE(FindVisible(task));
}

TEST(View, NothingIsSeenOfATaskWithoutAText) {
  TaskState task;
  task.id = kTask;
  EXPECT_FALSE(FindVisible(task));
  EXPECT_FALSE(FindDeleted(task));
}

TEST(View, ListsOpenBeforeCompletedPinnedFirstTheNewestFirst) {
  const auto make = [](const char* id, bool completed, bool pinned, int64_t created_at) {
    Task task;
    task.id = TaskId(id);
    task.completed = completed;
    task.pinned = pinned;
    task.created_at = {created_at};
    return task;
  };
  std::vector<Task> tasks = {make("done", true, true, 9), make("old", false, false, 1),
                             make("new", false, false, 2), make("pinned", false, true, 0),
                             make("new-too", false, false, 2)};
  SortForList(tasks);
  std::vector<std::string> ids;
  for (const Task& task : tasks) ids.push_back(task.id.value());
  EXPECT_THAT(ids, testing::ElementsAre("pinned", "new", "new-too", "old", "done"));
}

}  // namespace
}  // namespace tidemark::client
