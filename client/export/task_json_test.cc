#include "client/export/task_json.h"

#include <gtest/gtest.h>

#include "common/status/error.h"

namespace tidemark::client {
namespace {

const Task kMilk{.id = TaskId("milk"),
                 .content = "milk \"fresh\"\nand cold",
                 .completed = true,
                 .created_at = UnixMillis{1'000},
                 .updated_at = UnixMillis{2'000}};

TEST(TaskJson, ATaskIsALineAndComesBackTheSame) {
  const std::string text = ToJsonLines({kMilk, kMilk});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  const absl::StatusOr<std::vector<Task>> tasks = ParseTasks(text);
  ASSERT_TRUE(tasks.ok()) << tasks.status();
  EXPECT_EQ(*tasks, std::vector<Task>({kMilk, kMilk}));
}

TEST(TaskJson, WhatTheServiceExportsIsReadWithoutWhatIsDeleted) {
  const absl::StatusOr<std::vector<Task>> tasks = ParseTasks(R"({"tasks":[
      {"id":"a","content":"A","completed":false,"pinned":true,"created_at":1,"updated_at":2,"deleted_at":null,"version":3},
      {"id":"b","content":"B","completed":false,"pinned":false,"created_at":1,"updated_at":2,"deleted_at":5}],"history":[]})");
  ASSERT_TRUE(tasks.ok()) << tasks.status();
  ASSERT_EQ(tasks->size(), 1u);
  EXPECT_EQ(tasks->front().id.value(), "a");
  EXPECT_TRUE(tasks->front().pinned);
}

TEST(TaskJson, AnArrayOfTasksIsRead) {
  const absl::StatusOr<std::vector<Task>> tasks = ParseTasks(R"([{"id":"a","content":"A"},
      {"id":"b","content":"B","deleted_at":5}])");
  ASSERT_TRUE(tasks.ok()) << tasks.status();
  ASSERT_EQ(tasks->size(), 1u);
  EXPECT_EQ(tasks->front().content, "A");
  EXPECT_TRUE(ParseTasks("[]")->empty());
  EXPECT_NE(ParseTasks(R"([{"id":"a","content":"A"},{"id":"b"}])").status().message().find("task 2"),
            std::string::npos);
}

TEST(TaskJson, EmptyTextHoldsNoTasks) { EXPECT_TRUE(ParseTasks("\n  \n")->empty()); }

TEST(TaskJson, WhatNoServerWouldTakeIsRefusedWithItsLine) {
  for (const char* line :
       {"{", "5", R"({"content":"x"})", R"({"id":"a b","content":"x"})", R"({"id":"a"})",
        R"({"id":"a","content":"  "})", R"({"id":"a","content":5})", R"({"id":"a","content":"x","pinned":1})",
        R"({"id":"a","content":"x","created_at":-1})", R"({"id":"a","content":"x","updated_at":1.5})",
        R"({"id":"a","content":"x","updated_at":"noon"})"}) {
    const absl::Status status = ParseTasks(std::string("\n") + line).status();
    EXPECT_EQ(ErrorInfoOf(status).code, Code::kValidation) << line;
    EXPECT_NE(status.message().find("line 2"), std::string::npos) << status;
  }
}

TEST(TaskJson, AnImportedTaskWaitsSinceNow) {
  const TaskState state = Imported(kMilk, UnixMillis{9'000});
  EXPECT_EQ(state.since(), UnixMillis{9'000});
  EXPECT_EQ(state.edit->created_at, UnixMillis{1'000});
  EXPECT_EQ(state.edit->updated_at, UnixMillis{2'000});
  EXPECT_EQ(FindVisible(state)->completed, true);
}

}  // namespace
}  // namespace tidemark::client
