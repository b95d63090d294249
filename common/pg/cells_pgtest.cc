#include <gtest/gtest.h>

#include "common/pg/cells.h"
#include "common/pg/connection.h"
#include "common/pg/test_database.h"

namespace tidemark::pg {
namespace {

TEST(Cells, ReadWhatPostgresqlWrote) {
  TestDatabase database;
  Connection db({.url = database.service_url()});
  const pqxx::result result = db.Query(
      "select * from (values ('milk', 9223372036854775807, true), ('', -1, false), (null, null, null))"
      " as rows (text, integer, flag)");
  const Cells cells(result);
  ASSERT_EQ(cells.rows(), 3);
  EXPECT_EQ(cells.Text(0, 0), "milk");
  EXPECT_EQ(cells.Integer(0, 1), 9223372036854775807);
  EXPECT_TRUE(cells.Flag(0, 2));
  EXPECT_EQ(cells.Text(1, 0), "");
  EXPECT_EQ(cells.Integer(1, 1), -1);
  EXPECT_FALSE(cells.Flag(1, 2));
  EXPECT_EQ(cells.Text(2, 0), "");
  EXPECT_EQ(cells.Integer(2, 1), 0);
  EXPECT_FALSE(cells.Flag(2, 2));
}

TEST(Cells, OfNoResultAreNoRows) { EXPECT_EQ(Cells(pqxx::result()).rows(), 0); }

}  // namespace
}  // namespace tidemark::pg
