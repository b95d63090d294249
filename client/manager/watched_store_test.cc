#include "client/manager/watched_store.h"

#include <gtest/gtest.h>

#include "client/store/memory/memory_store.h"

namespace tidemark::client {
namespace {

absl::Status Note(LocalStore& store, const char* value) {
  return store.Write([&](Transaction& tx) {
    tx.PutNote("test", value);
    return absl::OkStatus();
  });
}

TEST(WatchedStore, OwnWritesAreNotForeign) {
  MemoryStore shared;
  WatchedStore mine(shared);
  EXPECT_FALSE(mine.HasForeignWrites());
  ASSERT_TRUE(Note(mine, "a").ok());
  ASSERT_TRUE(Note(mine, "b").ok());
  EXPECT_FALSE(mine.HasForeignWrites());
}

TEST(WatchedStore, AnothersWritesAreToldOnce) {
  MemoryStore shared;
  WatchedStore mine(shared);
  WatchedStore theirs(shared);
  EXPECT_FALSE(mine.HasForeignWrites());
  ASSERT_TRUE(Note(theirs, "a").ok());
  ASSERT_TRUE(Note(mine, "b").ok());
  EXPECT_TRUE(mine.HasForeignWrites());
  EXPECT_FALSE(mine.HasForeignWrites());
}

TEST(WatchedStore, WhatAnotherWritesBeforeTheFirstLookIsTold) {
  MemoryStore shared;
  WatchedStore mine(shared);
  ASSERT_TRUE(Note(shared, "a").ok());
  EXPECT_TRUE(mine.HasForeignWrites());
}

TEST(WatchedStore, WhatWasThereBeforeIsNoNews) {
  MemoryStore shared;
  ASSERT_TRUE(Note(shared, "a").ok());
  WatchedStore mine(shared);
  EXPECT_FALSE(mine.HasForeignWrites());
}

TEST(WatchedStore, AWriteThatFailsIsNobodys) {
  MemoryStore shared;
  WatchedStore mine(shared);
  EXPECT_FALSE(mine.HasForeignWrites());
  EXPECT_FALSE(mine.Write([](Transaction&) { return absl::AbortedError("no"); }).ok());
  EXPECT_FALSE(mine.HasForeignWrites());
}

TEST(WatchedStore, WhileAWriteIsUnderWayNothingIsSaid) {
  MemoryStore shared;
  WatchedStore mine(shared);
  WatchedStore theirs(shared);
  EXPECT_FALSE(mine.HasForeignWrites());
  ASSERT_TRUE(Note(theirs, "a").ok());
  ASSERT_TRUE(mine.Write([&](Transaction&) {
                    EXPECT_FALSE(mine.HasForeignWrites());
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_TRUE(mine.HasForeignWrites());
}

}  // namespace
}  // namespace tidemark::client
