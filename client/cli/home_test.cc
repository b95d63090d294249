#include "client/cli/home.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace tidemark::cli {
namespace {

Environment Having(std::map<std::string, std::string> values) {
  return [values](const std::string& name) { return values.contains(name) ? values.at(name) : ""; };
}

std::string FolderWith(std::map<std::string, std::string> values) {
  const auto home = FindHome("", "", Having(values));
  return home.ok() ? home->folder.string() : home.status().ToString();
}

TEST(Home, IsWhereTheVariablesSay) {
  EXPECT_EQ(FolderWith({{"TIDEMARK_HOME", "/a"}, {"XDG_DATA_HOME", "/b"}, {"HOME", "/c"}}), "/a");
  EXPECT_EQ(FolderWith({{"XDG_DATA_HOME", "/b"}, {"HOME", "/c"}}), "/b/tidemark");
  EXPECT_EQ(FolderWith({{"XDG_DATA_HOME", "relative"}, {"HOME", "/c"}}), "/c/.local/share/tidemark");
  EXPECT_EQ(FindHome("", "", Having({})).status().code(), absl::StatusCode::kInvalidArgument);
}

class RememberedTest : public testing::Test {
 protected:
  RememberedTest() { std::filesystem::create_directories(folder_); }
  ~RememberedTest() override { std::filesystem::remove_all(folder_); }

  Home Found(const std::string& server, std::map<std::string, std::string> values) {
    values["TIDEMARK_HOME"] = folder_;
    return *FindHome(server, "", Having(values));
  }

  const std::filesystem::path folder_ =
      testing::TempDir() + "tidemark-home-" + testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(RememberedTest, TheServerIsTheOneTypedThenTheVariablesThenTheOneRemembered) {
  EXPECT_EQ(Found("", {}).server, kDefaultServer);
  ASSERT_TRUE(Remember(Found("remembered:1", {})).ok());
  EXPECT_EQ(Found("", {}).server, "remembered:1");
  EXPECT_EQ(Found("", {{"TIDEMARK_SERVER", "variable:1"}}).server, "variable:1");
  EXPECT_EQ(Found("typed:1", {{"TIDEMARK_SERVER", "variable:1"}}).server, "typed:1");
}

TEST_F(RememberedTest, OneAddressIsBothServices) {
  EXPECT_EQ(Found("https://tasks.example.org", {}).sync_address(), "https://tasks.example.org");
  EXPECT_EQ(Found("https://tasks.example.org", {}).auth_address(), "");
  EXPECT_EQ(Found("a:1,b:2", {}).sync_address(), "a:1");
  EXPECT_EQ(Found("a:1,b:2", {}).auth_address(), "b:2");
}

TEST_F(RememberedTest, IsForTheOwnerAloneAlsoWhereItWasNot) {
  std::ofstream(folder_ / "server") << "server=old:1\n";
  std::filesystem::permissions(folder_ / "server", std::filesystem::perms(0644));
  ASSERT_TRUE(Remember(Found("new:1", {})).ok());
  EXPECT_EQ(std::filesystem::status(folder_ / "server").permissions(), std::filesystem::perms(0600));
}

TEST_F(RememberedTest, WhatCannotBeReadIsSaidAndNoOtherServiceIsAsked) {
  std::filesystem::create_directory(folder_ / "server");
  const Environment environment = Having({{"TIDEMARK_HOME", folder_}});
  EXPECT_EQ(FindHome("", "", environment).status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(FindHome("typed:1", "", environment)->server, "typed:1");
}

TEST_F(RememberedTest, ThreeAddressesAreTooMany) {
  EXPECT_EQ(FindHome("a:1,b:2,c:3", "", Having({{"TIDEMARK_HOME", folder_}})).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(RememberedTest, WhereNothingCanBeWrittenIsSaid) {
  EXPECT_EQ(Remember({.folder = folder_ / "not there", .server = "a:1"}).code(),
            absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace tidemark::cli
