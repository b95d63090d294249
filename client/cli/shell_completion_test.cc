#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "client/cli/completion.h"

namespace tidemark::cli {
namespace {

using testing::HasSubstr;

const std::vector<Completable> kCommands = {
    {.name = "ls", .summary = "List tasks", .options = {"--all"}},
    {.name = "done", .summary = "Mark as done", .what = Completable::What::kTasks},
    {.name = "edit", .summary = "Edit", .what = Completable::What::kTask},
    {.name = "conflicts",
     .summary = "Conflicts",
     .options = {"--restore"},
     .what = Completable::What::kConflicts},
    {.name = "import", .summary = "Import tasks", .what = Completable::What::kFiles},
};

// What bash offers for the last of `words`, in a folder with a file and a task whose names hold commands.
class BashCompletionTest : public testing::Test {
 protected:
  BashCompletionTest() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "files");
    Write("files/$(touch ran) `touch ran`", "");
    Write("script", *CompletionScript("bash", kCommands));
    Write("tidemark", "#!/bin/sh\nprintf '%s\\tmilk\\n' '3f2a' '$(touch ran)'\n");
    std::filesystem::permissions(folder_ / "tidemark", std::filesystem::perms::owner_all);
  }
  ~BashCompletionTest() override { std::filesystem::remove_all(folder_); }

  std::string Offered(const std::string& words) {
    const std::string run = absl::StrCat("cd '", folder_.string(),
                                         "/files' && bash -c '. ../script; COMP_WORDS=(../tidemark ", words,
                                         "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _tidemark; printf "
                                         "\"%s\\n\" \"${COMPREPLY[@]}\"' > ../said");
    EXPECT_EQ(std::system(run.c_str()), 0);
    std::ostringstream said;
    said << std::ifstream(folder_ / "said").rdbuf();
    return said.str();
  }
  bool ran() const { return std::filesystem::exists(folder_ / "files" / "ran"); }

 private:
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }

  const std::filesystem::path folder_ = testing::TempDir() + "tidemark-completion-" +
                                        testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(BashCompletionTest, AFileNameIsNotRun) {
  EXPECT_EQ(Offered("import \"\""), "$(touch ran) `touch ran`\n");
  EXPECT_FALSE(ran());
}

TEST_F(BashCompletionTest, AnIdIsNotRunAndNotWhenTheLineIsEntered) {
  EXPECT_EQ(Offered("done \"\""), "3f2a\n\\$\\(touch\\ ran\\)\n");
  EXPECT_EQ(Offered("done 3"), "3f2a\n");
  EXPECT_FALSE(ran());
}

TEST_F(BashCompletionTest, AnIdThatIsThereAlreadyIsNotOfferedAgain) {
  EXPECT_EQ(Offered("done 3f2a \"\""), "\\$\\(touch\\ ran\\)\n");
}

TEST_F(BashCompletionTest, OnlyTheFirstWordOfAnEditIsAnId) {
  EXPECT_EQ(Offered("edit 3"), "3f2a\n");
  EXPECT_EQ(Offered("edit 3f2a \"\""), "\n");
}

TEST_F(BashCompletionTest, AKeyIsOfferedAfterTheOptionThatTakesOne) {
  EXPECT_EQ(Offered("conflicts --restore 3"), "3f2a\n");
  EXPECT_EQ(Offered("conflicts 3"), "\n");
}

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
