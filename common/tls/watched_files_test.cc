#include "common/tls/watched_files.h"

#include <gtest/gtest.h>

#include "common/tls/test_authority.h"

namespace tidemark::tls {
namespace {

class WatchedFilesTest : public testing::Test {
 protected:
  // How often they were read, when they had `outcome`.
  int ReadsOfARefresh(const absl::Status& outcome) {
    int reads = 0;
    watched_.Refresh([&] {
      ++reads;
      return outcome;
    });
    return reads;
  }

  TestAuthority authority_;
  WatchedFiles watched_{{authority_.file()}};
};

TEST_F(WatchedFilesTest, WhatHasNotChangedIsNotRead) { EXPECT_EQ(ReadsOfARefresh(absl::OkStatus()), 0); }

TEST_F(WatchedFilesTest, WhatHasChangedIsReadOnce) {
  PutFile(authority_.file(), "another");
  EXPECT_EQ(ReadsOfARefresh(absl::OkStatus()), 1);
  EXPECT_EQ(ReadsOfARefresh(absl::OkStatus()), 0);
}

TEST_F(WatchedFilesTest, WhatCouldNotBeReadIsReadAgainThoughItHasNotChangedSince) {
  PutFile(authority_.file(), "another");
  const absl::Status denied = absl::PermissionDeniedError("not yet ours");
  EXPECT_EQ(ReadsOfARefresh(denied), 1);
  EXPECT_EQ(ReadsOfARefresh(denied), 1);
  EXPECT_EQ(ReadsOfARefresh(absl::OkStatus()), 1);
  EXPECT_EQ(ReadsOfARefresh(absl::OkStatus()), 0);
}

}  // namespace
}  // namespace tidemark::tls
