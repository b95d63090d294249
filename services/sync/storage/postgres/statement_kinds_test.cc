// Which of our statements the day's quota counts as writes (SPEC 8).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/pg/statement_kind.h"
#include "services/sync/storage/postgres/statements.h"

namespace tidemark::sync {
namespace {

using testing::UnorderedElementsAre;

TEST(StatementKinds, WhatPutsRowsWritesAndAllElseReads) {
  std::vector<std::string> writing;
  for (const pg::Statement& statement : Statements()) {
    if (pg::Writes(statement.sql)) writing.push_back(statement.name);
  }
  EXPECT_THAT(writing, UnorderedElementsAre("suspend_cache", "make_head", "push", "push_with_history",
                                            "push_with_conflicts", "note_device", "note_v1", "purge",
                                            "empty_head", "erase"));
}

}  // namespace
}  // namespace tidemark::sync
