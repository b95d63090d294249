#include "client/cli/command_line.h"

#include <gtest/gtest.h>

#include "client/cli/commands.h"

namespace tidemark::cli {
namespace {

using Words = std::vector<std::string>;

CommandLine Parsed(std::vector<const char*> words) {
  words.insert(words.begin(), "tidemark");
  return Parse(static_cast<int>(words.size()), words.data());
}

TEST(CommandLine, ATextIsTakenAsItIsTyped) {
  EXPECT_EQ(Parsed({"add", "Buy", "milk"}).args.words, Words({"Buy", "milk"}));
  EXPECT_EQ(Parsed({"add", "[urgent,now]", "call"}).args.words, Words({"[urgent,now]", "call"}));
  EXPECT_EQ(Parsed({"add", "done", "ls"}).args.words, Words({"done", "ls"}));
  EXPECT_EQ(Parsed({"add", "--", "--json", "-5"}).args.words, Words({"--json", "-5"}));
  EXPECT_EQ(Parsed({"edit", "3f2a", "new", "text"}).args.words, Words({"new", "text"}));
  EXPECT_EQ(Parsed({"edit", "3f2a", "new", "text"}).args.id, "3f2a");
}

TEST(CommandLine, WhatHoldsEverywhereMayStandAnywhere) {
  EXPECT_TRUE(Parsed({"--json", "ls"}).args.json);
  EXPECT_TRUE(Parsed({"ls", "--json"}).args.json);
  EXPECT_TRUE(Parsed({"add", "milk", "--no-sync"}).args.offline);
  EXPECT_EQ(Parsed({"ls", "--server", "a:1,b:2"}).args.server, "a:1,b:2");
}

TEST(CommandLine, WrongUseIsSaidAndEndsWithTwo) {
  for (const std::vector<const char*>& words :
       std::vector<std::vector<const char*>>{{},
                                             {"nonsense"},
                                             {"add"},
                                             {"done"},
                                             {"edit", "3f2a"},
                                             {"ls", "--all", "--done"},
                                             {"sync", "word"},
                                             {"ls", "--nonsense"},
                                             {"completion", "tcsh"},
                                             {"add", "", "--nonsense"}}) {
    EXPECT_EQ(Parsed(words).over, Exit::kUsage) << (words.empty() ? "" : words.front());
  }
}

std::string SaidOf(const std::vector<const char*>& words) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(Parsed(words).over, Exit::kUsage);
  return testing::internal::GetCapturedStderr();
}

TEST(CommandLine, WrongUseIsJsonWhereJsonIsAskedFor) {
  for (const std::vector<const char*>& words :
       std::vector<std::vector<const char*>>{{"dnoe", "--json"}, {"--json", "done"}, {"--json"}}) {
    EXPECT_EQ(SaidOf(words).substr(0, 16), R"({"error":"usage")") << words.front();
  }
  EXPECT_EQ(SaidOf({"done", "--nonsense", "--", "--json"}).substr(0, 10), "tidemark: ");
}

TEST(CommandLine, WhatWasProbablyMeantIsSaid) {
  EXPECT_NE(SaidOf({"dnoe"}).find("Did you mean: tidemark done"), std::string::npos);
  EXPECT_NE(SaidOf({"delete", "2"}).find("tidemark rm"), std::string::npos);
  EXPECT_NE(SaidOf({"add", "-dash"}).find("add -- "), std::string::npos);
  EXPECT_NE(SaidOf({"register", "--password", "x", "a@b.org"}).find("--password-stdin"), std::string::npos);
}

TEST(CommandLine, EveryCommandOfTheGrammarExists) {
  for (const char* name : {"register", "login", "logout", "ls", "sync", "watch", "status", "agree", "refuse",
                           "devices", "conflicts", "export", "complete-ids"}) {
    EXPECT_FALSE(Parsed({name}).over) << name;
    EXPECT_NE(FindCommand(name), nullptr) << name;
  }
  for (const char* name : {"add", "done", "undone", "pin", "unpin", "rm", "restore", "history", "import"}) {
    EXPECT_FALSE(Parsed({name, "x"}).over) << name;
    EXPECT_NE(FindCommand(name), nullptr) << name;
  }
}

}  // namespace
}  // namespace tidemark::cli
