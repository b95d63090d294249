#include "bench/users/users_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "bench/users/failed.h"

namespace tidemark::bench {
namespace {

constexpr char kAda[] = "00000000-0000-4000-8000-000000000001";
constexpr char kBob[] = "00000000-0000-4000-8000-000000000002";

class UsersFileTest : public testing::Test {
 protected:
  ~UsersFileTest() override { std::filesystem::remove(path_); }

  void Seed() {
    UsersFileWriter writer(path_, {.epoch = "e1", .tasks = 3});
    writer.Add(kAda, {.live_count = 3, .cursor = 1735689800000, .version_sum = 4, .edits = 1},
               "token-of-ada");
    writer.Add(kBob, {.live_count = 3, .cursor = 5, .version_sum = 3}, "token-of-bob");
    writer.Close();
  }
  void Write(const std::string& text) { std::ofstream(path_) << text; }

  const std::string path_ =
      testing::TempDir() + "users-" + testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(UsersFileTest, IsReadAsItWasWritten) {
  Seed();
  const UsersFile users(path_);
  EXPECT_EQ(users.seeding(), (Seeding{.epoch = "e1", .tasks = 3}));
  ASSERT_EQ(users.size(), 2u);
  EXPECT_EQ(users.IdOf(0), kAda);
  EXPECT_EQ(users.TokenOf(0), "token-of-ada");
  EXPECT_EQ(users.StateOf(0),
            (DeviceState{.live_count = 3, .cursor = 1735689800000, .version_sum = 4, .edits = 1}));
  EXPECT_EQ(users.IdOf(1), kBob);
  EXPECT_EQ(users.TokenOf(1), "token-of-bob");
}

TEST_F(UsersFileTest, KeepsWhereADeviceHasGot) {
  Seed();
  const DeviceState later{.live_count = 3, .cursor = 9, .version_sum = 5, .edits = 2};
  UsersFile(path_).SetState(1, later);
  const UsersFile users(path_);
  EXPECT_EQ(users.StateOf(1), later);
  EXPECT_EQ(users.StateOf(0).edits, 1);
  EXPECT_EQ(users.TokenOf(1), "token-of-bob");
}

TEST_F(UsersFileTest, AFileThatIsNotOursIsRefused) {
  for (const char* text : {"tidemark-users 1 e1 3\n", "no users\n", "no line",
                           "tidemark-users 1 e1 3\nshort\n", "tidemark-users 2 e1 3\nof another format\n"}) {
    Write(text);
    EXPECT_THROW(UsersFile users(path_), Failed) << text;
  }
  EXPECT_THROW(UsersFile users(path_ + "-of-nobody"), Failed);
}

TEST_F(UsersFileTest, AFileThatWasCutIsRefused) {
  Seed();
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) - 3);
  EXPECT_THROW(UsersFile users(path_), Failed);
}

TEST_F(UsersFileTest, NothingStandsThereBeforeItIsWhole) {
  {
    UsersFileWriter writer(path_, {.epoch = "e1", .tasks = 3});
    writer.Add(kAda, {}, "token");
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

}  // namespace
}  // namespace tidemark::bench
