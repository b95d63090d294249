#include <gtest/gtest.h>

#include <optional>
#include <thread>

#include "common/async/test_eventually.h"
#include "common/pg/connection.h"
#include "common/pg/migrate.h"
#include "common/pg/test_database.h"

namespace tidemark::pg {
namespace {

// The second would fail, or leave a mark, if it ran twice.
const std::vector<Migration> kMigrations = {
    {1, "pond",
     "CREATE TABLE zoo.pond (id int PRIMARY KEY, name text); GRANT USAGE ON SCHEMA zoo TO tidemark_service"},
    {2, "first duck", "INSERT INTO zoo.pond SELECT count(*), 'duck' FROM zoo.pond"},
    {3, "depth", "ALTER TABLE zoo.pond ADD COLUMN depth int"},
};

class MigrateTest : public testing::Test {
 protected:
  absl::Status MigrateTo(size_t version, const LockPatience& patience = {}) {
    return Migrate(database_.owner_url(), "zoo", {kMigrations.begin(), kMigrations.begin() + version},
                   patience);
  }
  int Count(const std::string& table) {
    Connection db(PoolOptions{.url = database_.owner_url()});
    return db.Query("SELECT count(*) FROM " + table)[0][0].as<int>();
  }

  TestDatabase database_;
};

TEST_F(MigrateTest, AnEmptyDatabaseGetsAllOfThemOnce) {
  EXPECT_EQ(MigrateTo(3), absl::OkStatus());
  EXPECT_EQ(MigrateTo(3), absl::OkStatus());
  EXPECT_EQ(Count("zoo.schema_migrations"), 3);
  EXPECT_EQ(Count("zoo.pond"), 1);
}

TEST_F(MigrateTest, AnOlderSchemaGetsTheRest) {
  EXPECT_EQ(MigrateTo(1), absl::OkStatus());
  EXPECT_EQ(Count("zoo.pond"), 0);
  EXPECT_EQ(MigrateTo(3), absl::OkStatus());
  EXPECT_EQ(Count("zoo.pond"), 1);
}

TEST_F(MigrateTest, ManyReplicasAtOnceApplyEachOnce) {
  std::vector<std::thread> replicas;
  std::vector<absl::Status> outcomes(8);
  for (absl::Status& outcome : outcomes) replicas.emplace_back([&] { outcome = MigrateTo(3); });
  for (std::thread& replica : replicas) replica.join();
  for (const absl::Status& outcome : outcomes) EXPECT_EQ(outcome, absl::OkStatus());
  EXPECT_EQ(Count("zoo.pond"), 1);
}

TEST_F(MigrateTest, ANewerSchemaIsLeftAlone) {
  EXPECT_EQ(MigrateTo(3), absl::OkStatus());
  const absl::Status status = MigrateTo(2);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Count("zoo.schema_migrations"), 3);
}

TEST_F(MigrateTest, AFailedMigrationLeavesNothingOfItself) {
  const std::vector<Migration> broken = {
      kMigrations[0],
      {2, "half good", "INSERT INTO zoo.pond VALUES (7, 'goose'); INSERT INTO zoo.nowhere VALUES (1)"}};
  EXPECT_EQ(Migrate(database_.owner_url(), "zoo", broken).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(Count("zoo.pond"), 0);
  EXPECT_EQ(Count("zoo.schema_migrations"), 1);
  EXPECT_EQ(MigrateTo(3), absl::OkStatus());
}

// The pond is read, for as long as it takes.
class MigrateMeetsAReaderTest : public MigrateTest {
 protected:
  MigrateMeetsAReaderTest() {
    EXPECT_EQ(MigrateTo(2), absl::OkStatus());
    reader_.emplace(PoolOptions{.url = database_.owner_url(), .statement_timeout = absl::InfiniteDuration()});
    reader_->Query("BEGIN; SELECT name FROM zoo.pond");
  }

  // After it has seen somebody wait for as long as PostgreSQL's deadlock_timeout is by default.
  void GiveWayOnceWaitedFor() {
    Connection db(PoolOptions{.url = database_.owner_url()});
    const std::string waits_for_long =
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND waitstart < clock_timestamp() - interval '1 s'"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    EXPECT_TRUE(Eventually([&] { return db.Query(waits_for_long)[0][0].as<int>() > 0; }));
    reader_->Query("COMMIT");
  }

  std::optional<Connection> reader_;
  int pauses_ = 0;
};

TEST_F(MigrateMeetsAReaderTest, LetsOthersThroughWhileItCannotGoOnAndTriesAgain) {
  const LockPatience patience{.wait = absl::Milliseconds(1), .sleep = [this](absl::Duration) {
                                EXPECT_EQ(Count("zoo.pond"), 1) << "who comes now waits for nobody";
                                if (++pauses_ == 3) reader_->Query("COMMIT");
                              }};
  EXPECT_EQ(MigrateTo(3, patience), absl::OkStatus());
  EXPECT_EQ(pauses_, 3);
  EXPECT_EQ(Count("zoo.schema_migrations"), 3);
}

// As an autovacuum, which PostgreSQL ends for whoever has waited for longer than deadlock_timeout.
TEST_F(MigrateMeetsAReaderTest, TheTenthTimeItWaitsLongEnoughForWhoGivesWayOnlyThen) {
  std::thread gives_way;
  const LockPatience patience{.wait = absl::Milliseconds(1),
                              .long_wait = absl::Minutes(1),
                              .attempts_max = 10,
                              .sleep = [&](absl::Duration) {
                                if (++pauses_ == 9) gives_way = std::thread([&] { GiveWayOnceWaitedFor(); });
                              }};
  EXPECT_EQ(MigrateTo(3, patience), absl::OkStatus());
  if (gives_way.joinable()) gives_way.join();
  EXPECT_EQ(Count("zoo.schema_migrations"), 3);
}

TEST_F(MigrateMeetsAReaderTest, GivesUpInTheEndAndLeavesNothingOfItself) {
  const LockPatience patience{.wait = absl::Milliseconds(1),
                              .pause = absl::Seconds(7),
                              .attempts_max = 3,
                              .sleep = [this](absl::Duration pause) {
                                EXPECT_EQ(pause, absl::Seconds(7));
                                ++pauses_;
                              }};
  EXPECT_EQ(MigrateTo(3, patience).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(pauses_, 2);
  EXPECT_EQ(Count("zoo.schema_migrations"), 2);
}

TEST_F(MigrateTest, AGapInTheNumbersIsRefused) {
  EXPECT_EQ(Migrate(database_.owner_url(), "zoo", {kMigrations[0], kMigrations[2]}).code(),
            absl::StatusCode::kInternal);
}

TEST(MigrateWithoutServerTest, IsUnavailable) {
  EXPECT_EQ(Migrate("postgresql://nobody@127.0.0.1:1/nothing", "zoo", kMigrations).code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace tidemark::pg
