#include "client/cli/text/task_changes.h"

#include <gtest/gtest.h>

namespace tidemark::cli {
namespace {

using client::Task;

TEST(TaskChanges, WhatCameWentAndLooksOtherwiseIsTold) {
  const std::vector<Task> before = {{.id = TaskId("a"), .content = "A"}, {.id = TaskId("b"), .content = "B"}};
  const std::vector<Task> after = {{.id = TaskId("c"), .content = "C"},
                                   {.id = TaskId("b"), .content = "B", .completed = true}};
  const std::vector<TaskChange> changes = ChangesBetween(before, after);
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0].event, TaskEvent::kRemoved);
  EXPECT_EQ(changes[0].task.id.value(), "a");
  EXPECT_EQ(changes[1].event, TaskEvent::kAdded);
  EXPECT_EQ(changes[2].event, TaskEvent::kChanged);
  EXPECT_TRUE(changes[2].task.completed);
}

TEST(TaskChanges, ThatAnEditHasBeenSentIsNone) {
  EXPECT_TRUE(ChangesBetween({{.id = TaskId("a"), .pending = true}}, {{.id = TaskId("a")}}).empty());
}

}  // namespace
}  // namespace tidemark::cli
