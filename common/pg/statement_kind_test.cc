#include "common/pg/statement_kind.h"

#include <gtest/gtest.h>

namespace tidemark::pg {
namespace {

TEST(StatementKind, WhatInsertsUpdatesOrDeletesWrites) {
  for (const char* sql : {"insert into sync.heads (user_id) values ($1)", "DELETE FROM auth.sessions",
                          "update sync.heads set live = 1", "UPDATE t AS stored SET a = 1",
                          "with gone as (delete from t returning id) select count(*) from gone",
                          "select 1; insert\n  into t values (1)"}) {
    EXPECT_TRUE(Writes(sql)) << sql;
  }
}

TEST(StatementKind, WhatSelectsOrLocksReads) {
  for (const char* sql :
       {"select * from sync.tasks where id = $1", "SELECT * FROM auth.lock_session_of_token($1)",
        "select * from sync.heads for update", "select * from t for update skip locked",
        "select updated_at, inserted, deleted_from from t"}) {
    EXPECT_FALSE(Writes(sql)) << sql;
  }
}

}  // namespace
}  // namespace tidemark::pg
