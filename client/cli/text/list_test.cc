#include "client/cli/text/list.h"

#include <gtest/gtest.h>

namespace tidemark::cli {
namespace {

using client::Task;

const std::vector<Task> kTasks = {
    {.id = TaskId("3f2a0000"), .content = "牛乳", .pinned = true, .pending = true},
    {.id = TaskId("77770000"), .content = "two\nlines", .completed = true},
};

TEST(List, ALineTellsIdMarksAndText) {
  const auto lines = ListLines(kTasks, kTasks, 0, Palette(false));
  EXPECT_EQ(lines, std::vector<std::string>({"3f2a ^ [ ] * 牛乳", "7777   [x]   two⏎lines"}));
}

TEST(List, IdsAreShortAmongAllTasksNotOnlyThoseShown) {
  std::vector<Task> all = kTasks;
  all.push_back({.id = TaskId("3f2a1111"), .content = "x"});
  const auto lines = ListLines(kTasks, all, 0, Palette(false));
  EXPECT_EQ(lines, std::vector<std::string>({"3f2a0 ^ [ ] * 牛乳", "7777    [x]   two⏎lines"}));
}

TEST(List, LinesFitTheTerminal) {
  EXPECT_EQ(ListLines({kTasks[1]}, kTasks, 17, Palette(false)).front(), "7777   [x]   two…");
}

TEST(List, ColoursComeOnlyWhereTheyAreWanted) {
  EXPECT_NE(ListLines(kTasks, kTasks, 0, Palette(true)).front().find('\x1b'), std::string::npos);
  const std::vector<Task> evil = {{.id = TaskId("evil"), .content = "\x1b[31m"}};
  EXPECT_EQ(ListLines(evil, evil, 0, Palette(false)).front().find('\x1b'), std::string::npos);
}

TEST(List, ATaskIsFoundByAllItsWordsInAnyCase) {
  EXPECT_TRUE(Holds("Käse kaufen", {"KÄSE", "kauf"}));
  EXPECT_FALSE(Holds("Käse kaufen", {"Käse", "Milch"}));
  EXPECT_TRUE(Holds("anything", {}));
}

}  // namespace
}  // namespace tidemark::cli
