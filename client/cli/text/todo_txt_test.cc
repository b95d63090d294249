#include "client/cli/text/todo_txt.h"

#include <gtest/gtest.h>

#include <set>

#include "common/ids/uuid.h"

namespace tidemark::cli {
namespace {

constexpr UnixMillis kMarch1{1'772'323'200'000};
constexpr UnixMillis kMarch2{1'772'409'600'000};

client::Task One(std::string_view line) {
  const std::vector<client::Task> tasks = FromTodoTxt(line);
  EXPECT_EQ(tasks.size(), 1u) << line;
  return tasks.empty() ? client::Task{} : tasks.front();
}

TEST(TodoTxt, PriorityAPinsAndTheDayIsWhenItWasWritten) {
  const client::Task task = One("(A) 2026-03-01 Call mum +family @phone due:2026-03-05");
  EXPECT_TRUE(task.pinned);
  EXPECT_FALSE(task.completed);
  EXPECT_EQ(task.created_at, kMarch1);
  EXPECT_EQ(task.content, "Call mum +family @phone due:2026-03-05");
}

TEST(TodoTxt, ADoneTaskHasTheDayItWasDoneFirst) {
  const client::Task task = One("x 2026-03-02 2026-03-01 Buy milk pri:A");
  EXPECT_TRUE(task.completed);
  EXPECT_TRUE(task.pinned);
  EXPECT_EQ(task.updated_at, kMarch2);
  EXPECT_EQ(task.created_at, kMarch1);
  EXPECT_EQ(task.content, "Buy milk");
}

TEST(TodoTxt, WhatOnlyLooksLikeAMarkStaysInTheText) {
  for (const char* line : {"(B) later", "(a) lower case", "(A)no space", "xylophone lesson",
                           "X 2026-03-01 done", "2026-13-41 no day", "call (A) team", "2026-03-01"}) {
    const client::Task task = One(line);
    EXPECT_EQ(task.content, line);
    EXPECT_FALSE(task.completed || task.pinned) << line;
  }
  EXPECT_EQ(One("x done pri:Above").content, "done pri:Above");
}

TEST(TodoTxt, LinesOfAnySystemAndEmptyOnesAreRead) {
  EXPECT_EQ(FromTodoTxt("one\r\n\r\n  \ntwo").size(), 2u);
  EXPECT_TRUE(FromTodoTxt("").empty());
  EXPECT_TRUE(FromTodoTxt("x \n(A) \n").size() <= 2);
}

TEST(TodoTxt, TheSameFileMakesTheSameTasksAndNoTwoLinesTheSame) {
  const char* text = "milk\nmilk\n(A) milk\nbread\n";
  const std::vector<client::Task> once = FromTodoTxt(text);
  EXPECT_EQ(once, FromTodoTxt(text));
  std::set<TaskId> ids;
  for (const client::Task& task : once) {
    ids.insert(task.id);
    EXPECT_TRUE(IsUuid(task.id.value())) << task.id.value();
  }
  EXPECT_EQ(ids.size(), 4u);
}

TEST(TodoTxt, WhatIsWrittenIsReadAsTheSameTasks) {
  const std::vector<client::Task> tasks = FromTodoTxt(
      "(A) 2026-03-01 pinned\n2026-03-01 plain +p\nx 2026-03-02 2026-03-01 done\n"
      "x 2026-03-02 2026-03-01 both pri:A\n2026-03-01 (B) second\n");
  EXPECT_EQ(FromTodoTxt(ToTodoTxt(tasks)), tasks);
}

TEST(TodoTxt, ALineNamesItsTaskAlsoWhenItWasEditedAndACopyOfItIsAnotherTask) {
  EXPECT_EQ(One("2026-03-01 milk, or cream tidemark:a.b-1 due:2026-04-01").content,
            "milk, or cream due:2026-04-01");
  EXPECT_EQ(One("milk tidemark:a.b-1").id, TaskId("a.b-1"));
  const std::vector<client::Task> copied = FromTodoTxt("milk tidemark:a\nmilk tidemark:a\n");
  EXPECT_EQ(copied[0].id, TaskId("a"));
  EXPECT_TRUE(IsUuid(copied[1].id.value()));
}

TEST(TodoTxt, WhatIsNoIdStaysInTheText) {
  for (const char* line : {"read tidemark:", "see tidemark:a/b", "tidemark:a"})
    EXPECT_EQ(One(line).content, line);
}

TEST(TodoTxt, ATaskOfSeveralLinesIsWrittenOnOne) {
  EXPECT_EQ(ToTodoTxt({{.content = "a\nb", .created_at = kMarch1}}), "2026-03-01 a b\n");
}

}  // namespace
}  // namespace tidemark::cli
