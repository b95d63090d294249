#include "client/store/sync_lock.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

namespace tidemark::client {
namespace {

class SyncLockTest : public testing::Test {
 protected:
  ~SyncLockTest() override { std::filesystem::remove(path_); }
  bool Try(std::optional<SyncLock>& lock) {
    auto tried = SyncLock::Try(path_);
    EXPECT_TRUE(tried.ok()) << tried.status();
    lock = *std::move(tried);
    return lock.has_value();
  }

  // Of this process alone.
  const std::string path_ =
      (std::filesystem::temp_directory_path() / ("tidemark-lock-" + std::to_string(::getpid()))).string();
};

TEST_F(SyncLockTest, OneHoldsItAtATime) {
  std::optional<SyncLock> first;
  std::optional<SyncLock> second;
  ASSERT_TRUE(Try(first));
  EXPECT_FALSE(Try(second));
  first.reset();
  EXPECT_TRUE(Try(second));
}

TEST_F(SyncLockTest, ItMovesWithItsHolder) {
  std::optional<SyncLock> first;
  ASSERT_TRUE(Try(first));
  std::optional<SyncLock> moved(std::move(*first));
  first.reset();
  std::optional<SyncLock> second;
  EXPECT_FALSE(Try(second));
  moved.reset();
  EXPECT_TRUE(Try(second));
}

TEST_F(SyncLockTest, AFileThatCannotBeMadeIsAnError) {
  EXPECT_EQ(SyncLock::Try("/proc/tidemark.sync").status().code(), absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace tidemark::client
