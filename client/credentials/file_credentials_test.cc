#include "client/credentials/file_credentials.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace tidemark::client {
namespace {

const SavedSession kAda{.user_id = "u1",
                        .email = "ada@example.org",
                        .access_token = "access",
                        .access_expires_at = UnixMillis{1'735'689'600'000},
                        .refresh_token = "refresh"};

class FileCredentialsTest : public testing::Test {
 protected:
  FileCredentialsTest() { std::filesystem::create_directories(folder_); }
  ~FileCredentialsTest() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& text) { std::ofstream(path_) << text; }
  mode_t ModeOf(const std::string& path) {
    struct stat found {};
    EXPECT_EQ(::stat(path.c_str(), &found), 0);
    return found.st_mode & 07777;
  }

  const std::string folder_ = testing::TempDir() + "file_credentials_test." +
                              testing::UnitTest::GetInstance()->current_test_info()->name();
  const std::string path_ = folder_ + "/session";
  FileCredentials credentials_{path_};
};

TEST_F(FileCredentialsTest, WhatIsSavedIsLoadedByAnother) {
  ASSERT_TRUE(credentials_.Save(kAda).ok());
  FileCredentials other(path_);
  absl::StatusOr<std::optional<SavedSession>> loaded = other.Load();
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(*loaded, kAda);
}

TEST_F(FileCredentialsTest, NobodyIsLoggedInWithoutAFile) {
  absl::StatusOr<std::optional<SavedSession>> loaded = credentials_.Load();
  ASSERT_TRUE(loaded.ok());
  EXPECT_FALSE(*loaded);
  EXPECT_TRUE(credentials_.Clear().ok());
}

TEST_F(FileCredentialsTest, OnlyTheOwnerMayRead) {
  const mode_t before = ::umask(0);
  Write("what anybody could read");
  ASSERT_TRUE(credentials_.Save(kAda).ok());
  ::umask(before);
  EXPECT_EQ(ModeOf(path_), 0600u);
}

TEST_F(FileCredentialsTest, ALinkThatLiesInWaitIsNotFollowed) {
  std::filesystem::create_symlink(folder_ + "/elsewhere", path_ + ".new");
  ASSERT_TRUE(credentials_.Save(kAda).ok());
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/elsewhere"));
}

TEST_F(FileCredentialsTest, NothingIsLeftAfterClear) {
  ASSERT_TRUE(credentials_.Save(kAda).ok());
  ASSERT_TRUE(credentials_.Clear().ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(FileCredentialsTest, AFileThatHoldsNoSessionIsToldAndNotShown) {
  for (const char* text : {"", "tidemark session 1\n", "tidemark session 1\nu\ne\nsecret\nnoon\nr\n",
                           "tidemark session 2\nu\ne\nsecret\n1\nr\n"}) {
    Write(text);
    const absl::Status status = credentials_.Load().status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << text;
    EXPECT_EQ(status.message().find("secret"), std::string::npos);
  }
}

TEST_F(FileCredentialsTest, AFolderThatIsNotThereIsTold) {
  FileCredentials lost(folder_ + "/none/session");
  EXPECT_EQ(lost.Save(kAda).code(), absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace tidemark::client
