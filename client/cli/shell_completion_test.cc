#include <gmock/gmock.h>

#include "client/cli/completion.h"

namespace tidemark::cli {
namespace {

using testing::HasSubstr;

const std::vector<Completable> kCommands = {
    {.name = "ls", .summary = "List tasks", .options = {"--all"}},
    {.name = "done", .summary = "Mark as done", .what = Completable::What::kTasks},
};

TEST(Completion, EachShellHasAScriptOfAllCommands) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const auto script = CompletionScript(shell, kCommands);
    ASSERT_TRUE(script.ok()) << shell;
    EXPECT_THAT(*script, HasSubstr("ls"));
    EXPECT_THAT(*script, HasSubstr("complete-ids"));
    EXPECT_THAT(*script, HasSubstr("all"));
    EXPECT_THAT(*script, testing::Not(HasSubstr("@"))) << shell;
  }
}

TEST(Completion, AnotherShellIsRefused) { EXPECT_FALSE(CompletionScript("tcsh", kCommands).ok()); }

}  // namespace
}  // namespace tidemark::cli
