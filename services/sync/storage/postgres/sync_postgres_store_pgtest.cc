#include <map>
#include <optional>

#include "common/pg/connection.h"
#include "common/pg/migrate.h"
#include "common/pg/test_database.h"
#include "services/sync/migrations/migrations.h"
#include "services/sync/storage/postgres/new_epoch.h"
#include "services/sync/storage/postgres/postgres_store.h"
#include "services/sync/storage/postgres/statements.h"
#include "services/sync/storage/store_contract.h"
#include "services/sync/storage/store_data_set_contract.h"
#include "services/sync/storage/store_devices_contract.h"
#include "services/sync/storage/store_erase_contract.h"
#include "services/sync/storage/store_pull_contract.h"

namespace tidemark::sync {
namespace {

// The schema stands before the pool prepares its statements.
std::string Migrated(const pg::TestDatabase& database) {
  const absl::Status migrated = pg::Migrate(database.owner_url(), "sync", Migrations());
  EXPECT_TRUE(migrated.ok()) << migrated;
  return database.service_url();
}

class PostgresStoreUnderTest : public StoreUnderTest {
 public:
  EventLoops& loops() override { return loops_; }
  Store& store() override { return store_; }
  pg::TestDatabase& database() { return database_; }

 private:
  pg::TestDatabase database_;
  EventLoops loops_{2};
  pg::Pool pool_{{.url = Migrated(database_), .connections = 6, .statements = Statements()}};
  PostgresStore store_{pool_};
};

std::unique_ptr<StoreUnderTest> Make() { return std::make_unique<PostgresStoreUnderTest>(); }

INSTANTIATE_TEST_SUITE_P(Postgres, StoreContract, testing::Values(Make));
INSTANTIATE_TEST_SUITE_P(Postgres, StoreDevicesContract, testing::Values(Make));
INSTANTIATE_TEST_SUITE_P(Postgres, StoreEraseContract, testing::Values(Make));

UserId UserNumber(int number) {
  const std::string digits = std::to_string(number);
  return UserId("00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits);
}

PushResult OneTask(std::string id) {
  PushRequest request;
  request.changes = {Edit(std::move(id)).At(10).Content("milk").Number(1)};
  request.now = {1000};
  return ApplyPush(request, {});
}

class PostgresStoreTest : public testing::Test {
 protected:
  absl::StatusOr<Pushed> Push(const UserId& user, const PushQuery& query, const Decide& decide) {
    return RunBlocking<absl::StatusOr<Pushed>>(store_.loops().Next(),
                                               [&] { return store_.store().Push(user, query, decide); });
  }

  PostgresStoreUnderTest store_;
  const UserId ada_ = UserNumber(1);
  const UserId bob_ = UserNumber(2);
};

TEST_F(PostgresStoreTest, PushesOfTwoUsersDoNotWaitForEachOther) {
  const absl::StatusOr<Pushed> adas = Push(ada_, {}, [&](const PushLoad&) {
    const absl::StatusOr<Pushed> bobs = Push(bob_, {}, [](const PushLoad&) { return OneTask("b"); });
    EXPECT_TRUE(bobs.ok()) << bobs.status();
    return OneTask("a");
  });
  EXPECT_TRUE(adas.ok()) << adas.status();
}

TEST_F(PostgresStoreTest, AFailedWriteStoresNothing) {
  ASSERT_TRUE(Push(ada_, {}, [](const PushLoad&) { return OneTask("a"); }).ok());
  // Another task of the same stamp, which no push makes, after one that could be stored.
  PushRequest request;
  request.changes = {Edit("c").At(10).Content("milk").Number(2), Edit("b").At(10).Content("milk").Number(3)};
  request.now = {1001};
  PushResult clashing = ApplyPush(request, {});
  clashing.state.tasks.at(TaskId("b")).stamp = {1000};
  EXPECT_FALSE(Push(ada_, {}, [&](const PushLoad&) { return clashing; }).ok());
  PushQuery everything;
  everything.tasks = {TaskId("a"), TaskId("b"), TaskId("c")};
  everything.devices = {kPhone};
  const absl::StatusOr<Pushed> after = Push(ada_, everything, [](const PushLoad&) { return std::nullopt; });
  ASSERT_TRUE(after.ok());
  const PushState& stored = after->load.state;
  EXPECT_EQ(stored.head.live_count, 1);
  EXPECT_THAT(stored.tasks, testing::ElementsAre(testing::Key(TaskId("a"))));
  EXPECT_EQ(stored.ledgers.at(kPhone).highest, MutationId{1});
}

// The second wall: what a statement asks for does not matter, only whom the transaction is bound to.
class RowLevelSecurity : public PostgresStoreTest {
 protected:
  RowLevelSecurity() {
    for (const UserId& user : {ada_, bob_, cyd_}) {
      const auto everything = [](const PushLoad&) {
        PushResult result = OneTask("t");
        result.conflicts.push_back({.id = TaskId("t"),
                                    .field = Field::kContent,
                                    .winner = Winner::kServer,
                                    .kept = {std::string(), {1}, kPhone},
                                    .discarded = {std::string(), {1}, kWeb},
                                    .at = {1}});
        result.history.push_back({.id = TaskId("t"),
                                  .field = Field::kContent,
                                  .value = std::string(),
                                  .version = {1},
                                  .updated_at = {1},
                                  .device = kPhone,
                                  .at = {1},
                                  .reason = Reason::kOverwritten,
                                  .was_stored = true});
        return result;
      };
      EXPECT_TRUE(Push(user, {}, everything).ok());
    }
  }

  // How many rows `sql` returns or changes in a transaction bound to `users`; if there are none, to nobody.
  std::size_t Rows(const std::string& sql, const std::vector<UserId>& users) {
    pg::Connection db({.url = store_.database().service_url()});
    pg::Script script;
    script.Begin();
    if (!users.empty()) script.Bind(users);
    db.Query(script);
    const pqxx::result result = db.Query(sql);
    return result.columns() > 0 ? result.size() : result.affected_rows();
  }

  const UserId cyd_ = UserNumber(3);
  static constexpr const char* kTables[] = {"heads", "tasks", "history", "conflicts", "devices"};
};

TEST_F(RowLevelSecurity, ShowsABoundTransactionItsUsersRowsAlone) {
  for (const std::string table : kTables) {
    EXPECT_EQ(Rows("SELECT * FROM sync." + table, {ada_}), 1u) << table;
    EXPECT_EQ(Rows("SELECT * FROM sync." + table + " WHERE user_id = '" + bob_.value() + "'", {ada_}), 0u)
        << table;
  }
}

TEST_F(RowLevelSecurity, ShowsAGroupsTransactionItsUsersRowsAlone) {
  for (const std::string table : kTables) {
    EXPECT_EQ(Rows("SELECT * FROM sync." + table, {ada_, bob_}), 2u) << table;
    EXPECT_EQ(Rows("DELETE FROM sync." + table + " WHERE user_id = '" + cyd_.value() + "'", {ada_, bob_}), 0u)
        << table;
  }
}

TEST_F(RowLevelSecurity, ShowsAnUnboundTransactionNothing) {
  for (const std::string table : kTables) EXPECT_EQ(Rows("SELECT * FROM sync." + table, {}), 0u) << table;
}

TEST_F(RowLevelSecurity, LetsNobodyChangeOrRemoveAnothersRows) {
  const std::string of_bob = " WHERE user_id = '" + bob_.value() + "'";
  EXPECT_EQ(Rows("UPDATE sync.tasks SET content = 'x'" + of_bob, {ada_}), 0u);
  for (const std::string table : kTables)
    EXPECT_EQ(Rows("DELETE FROM sync." + table + of_bob, {ada_}), 0u) << table;
}

TEST_F(RowLevelSecurity, LetsNobodyMakeOrHandOverRowsToAnother) {
  EXPECT_THROW(Rows("UPDATE sync.tasks SET user_id = '" + bob_.value() + "'", {ada_}),
               pqxx::insufficient_privilege);
  EXPECT_THROW(Rows("INSERT INTO sync.heads (user_id) VALUES ('" + UserNumber(4).value() + "')", {ada_}),
               pqxx::insufficient_privilege);
}

TEST_F(RowLevelSecurity, TellsAnUnboundTransactionWhoHasSomethingToPurge) {
  const std::string nobody = "('00000000-0000-0000-0000-000000000000', 5, 0, 10)";
  EXPECT_EQ(Rows("SELECT * FROM sync.users_to_purge " + nobody, {}), 3u);
}

TEST_F(RowLevelSecurity, KeepsTheServingRoleFromRenamingTheDataSet) {
  EXPECT_THROW(Rows("UPDATE sync.data_set SET epoch = 'x'", {ada_}), pqxx::insufficient_privilege);
  EXPECT_THROW(Rows("DELETE FROM sync.data_set", {ada_}), pqxx::insufficient_privilege);
}

// A confirmation that cannot be written fails nothing.
TEST_F(PostgresStoreTest, APullAnswersThoughNobodyCanBeNoted) {
  ASSERT_TRUE(Push(ada_, {}, [](const PushLoad&) { return OneTask("a"); }).ok());
  pg::Connection owner({.url = store_.database().owner_url()});
  owner.Query("revoke insert, update on sync.devices from tidemark_service");
  DeltaQuery query{.after = {}, .news_after = Stamp{0}, .rows_max = 10};
  query.seen = Sighting{.at = {1}, .device = kPhone, .cursor = {}};
  const absl::StatusOr<Snapshot> snapshot = RunBlocking<absl::StatusOr<Snapshot>>(
      store_.loops().Next(), [&] { return store_.store().Pull(ada_, query); });
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->delta.tasks.size(), 1u);
}

TEST_F(PostgresStoreTest, ANewEpochIsAnotherNameUnderAnotherGeneration) {
  const auto read = [&] {
    return *RunBlocking<absl::StatusOr<DataSetState>>(store_.loops().Next(),
                                                      [&] { return store_.store().ReadDataSet(); });
  };
  const DataSetState before = read();
  const absl::StatusOr<EpochChange> change = StartNewEpoch(store_.database().owner_url());
  ASSERT_TRUE(change.ok()) << change.status();
  const DataSetState after = read();
  EXPECT_EQ(change->before, before.epoch);
  EXPECT_EQ(change->after, after.epoch);
  EXPECT_NE(after.epoch, before.epoch);
  EXPECT_EQ(after.generation, before.generation + 1);
  EXPECT_LT(after.generation_age, absl::Minutes(1));
}

TEST_F(PostgresStoreTest, TheServingRoleStartsNoEpoch) {
  EXPECT_FALSE(StartNewEpoch(store_.database().service_url()).ok());
}

// A push of `users` that writes nothing.
std::string OfRows(const std::string& users) {
  constexpr int kColumns = 66;
  std::string arguments = "(" + users;
  for (int i = 0; i < kColumns; ++i) arguments += ", '{}'";
  return arguments + ")";
}

// Every statement that reads a user's rows, with values to plan it for.
const std::map<std::string, std::string>& ReadStatements() {
  static const auto* const statements = new std::map<std::string, std::string>{
      {"read_head", "(%u)"},
      {"read_unlocked_head", "(%u)"},
      {"lock_head", "(%u)"},
      {"lock_free_heads", "(array[%u]::uuid[])"},
      {"named_tasks", "(array[%u]::uuid[], '{1,1,1}', '{t1,t2,t3}')"},
      {"each_changed_tasks", "(array[%u]::uuid[], '{190}', '{190}', '{1001}')"},
      {"each_changed_conflicts", "(array[%u]::uuid[], '{190}', '{190}', '{1001}')"},
      {"changed_tasks", "(%u, 190, 190, 1001)"},
      {"changed_conflicts", "(%u, 190, 190, 1001)"},
      {"ledgers", "(array[%u]::uuid[], '{1,1}', '{d1,d2}')"},
      {"held_values", "(%u, '{t1,t2,t3}', 190)"},
      {"heard_edits", "(%u, '{t1,t2,t3}', '{d1}')"},
      {"history", "(%u, 't1', 0, 400)"},
      {"task_stored", "(%u, 't1')"},
      {"devices", "(%u, 0, 100)"},
      {"v1_seen", "(%u)"},
      {"progress", "(%u)"},
      {"purge", "(%u, 190, 190, 0, 500)"},
      {"all_tasks", "(%u, 't1', 20)"},
      {"all_histories", "(%u, 't2', 190, 0, 20)"},
      {"push", OfRows("array[%u]::uuid[]")},
      {"push_with_history", OfRows("array[%u]::uuid[]")},
      {"push_with_conflicts", OfRows("array[%u]::uuid[]")},
  };
  return *statements;
}

// Its commit may take long, and show the old head until it ends.
TEST_F(PostgresStoreTest, AHeadMayBeKeptUnlessAPushHoldsItsLock) {
  const auto to_keep = [this] {
    return *RunBlocking<absl::StatusOr<HeadToKeep>>(store_.loops().at(1),
                                                    [this] { return store_.store().ReadHeadToKeep(ada_); });
  };
  EXPECT_TRUE(to_keep().may_be_kept) << "nobody locks what is not there";
  const Decide decide = [&](const PushLoad& load) {
    EXPECT_FALSE(to_keep().may_be_kept);
    PushRequest request;
    request.changes = {Edit("a").At(10).Content("milk")};
    request.now = {1000};
    return ApplyPush(request, load.state);
  };
  const absl::StatusOr<Pushed> pushed = RunBlocking<absl::StatusOr<Pushed>>(
      store_.loops().at(0), [&] { return store_.store().Push(ada_, {}, decide); });
  ASSERT_TRUE(pushed.ok()) << pushed.status();
  EXPECT_TRUE(to_keep().may_be_kept);
  EXPECT_EQ(to_keep().head, pushed->result->state.head);
}

class PlansBeforeTheFirstUser : public PostgresStoreTest {
 protected:
  std::string PlanOf(pg::Connection& db, const std::string& name) {
    std::string arguments = ReadStatements().at(name);
    arguments.replace(arguments.find("%u"), 2, db.Quote(ada_.value()));
    std::string plan;
    for (const pqxx::row& row : db.Query("EXPLAIN (COSTS OFF) EXECUTE " + name + arguments)) {
      plan += row[0].as<std::string>() + "\n";
    }
    return plan;
  }

  void ExpectIndexes(pg::Connection& db, const std::string& mode) {
    db.Query("SET plan_cache_mode = " + mode);
    db.Query("BEGIN; SELECT set_config('tidemark.user_id', " + db.Quote(ada_.value()) + ", true)");
    for (const auto& [name, arguments] : ReadStatements()) {
      const std::string plan = PlanOf(db, name);
      EXPECT_THAT(plan, testing::HasSubstr("Index")) << name << ", " << mode;
      EXPECT_THAT(plan, testing::Not(testing::HasSubstr("Seq Scan"))) << name << ", " << mode;
    }
    db.Query("COMMIT");
  }
};

// They are made once for a connection, and it may be there before the users are.
TEST_F(PlansBeforeTheFirstUser, GoByAnIndexToo) {
  pg::Connection db({.url = store_.database().service_url(), .statements = Statements()});
  ExpectIndexes(db, "force_generic_plan");
}

class Plans : public PlansBeforeTheFirstUser {
 protected:
  // 5,000 users, 200 of them with 200 tasks: reading them all costs more than an index.
  Plans() {
    // So many rows take as long as they take.
    pg::Connection owner(
        {.url = store_.database().owner_url(), .statement_timeout = absl::InfiniteDuration()});
    const std::string each =
        " from (select ('00000000-0000-4000-8000-' || lpad(u::text, 12, '0'))::uuid as u, n"
        " from generate_series(1, 200) u, generate_series(1, 200) n) s";
    owner.Query(
        "insert into sync.heads select ('00000000-0000-4000-8000-' || lpad(u::text, 12, '0'))::uuid, 0, 0, "
        "0, 0"
        " from generate_series(1, 5000) u");
    owner.Query(
        "insert into sync.tasks select u, 't' || n, 1, n, 1, 1, 'd', n, 'text', 1, n, 'd', 1, 1,"
        " false, 1, n, 'd', 1, 1, false, 1, n, 'd', 1, 1, 0, 1, n, 'd', 1, 1" +
        each);
    owner.Query("insert into sync.history select u, 't' || n, n, 0, 'text', 1, 1, 'd', 0, true" + each);
    owner.Query("insert into sync.conflicts select u, n, 0, 't' || n, true, '', 1, 'd', '', 1, 'd'" + each);
    owner.Query("insert into sync.devices select u, 'd' || n, 1, '{}', '{}', '{}'" + each);
    owner.Query("analyze sync.heads, sync.tasks, sync.history, sync.conflicts, sync.devices");
  }
};

// All of what a row is sought by: a filter would read on over the user's other rows.
TEST_F(Plans, WhatAGroupAsksForIsSoughtInTheIndexToTheLastColumn) {
  pg::Connection db({.url = store_.database().service_url(), .statements = Statements()});
  db.Query("SET plan_cache_mode = force_generic_plan");
  EXPECT_THAT(PlanOf(db, "named_tasks"), testing::ContainsRegex("Index Cond: [^\n]*id = each.id"));
  EXPECT_THAT(PlanOf(db, "ledgers"), testing::ContainsRegex("Index Cond: [^\n]*device_id = each.device_id"));
  EXPECT_THAT(PlanOf(db, "each_changed_tasks"),
              testing::ContainsRegex("Index Cond: [^\n]*stamp > each.after"));
  EXPECT_THAT(PlanOf(db, "each_changed_conflicts"),
              testing::ContainsRegex("Index Cond: [^\n]*at > GREATEST"));
}

TEST_F(Plans, EveryReadOfAUsersRowsGoesByAnIndex) {
  pg::Connection db({.url = store_.database().service_url(), .statements = Statements()});
  for (const char* mode : {"force_custom_plan", "force_generic_plan"}) ExpectIndexes(db, mode);
}

// The function hides its plan; its text does not.
TEST_F(Plans, UsersToPurgeAreFoundByIndexes) {
  pg::Connection owner({.url = store_.database().owner_url()});
  const std::string text =
      owner.Query("select prosrc from pg_proc where proname = 'users_to_purge'")[0][0].as<std::string>();
  owner.Query("prepare users_to_purge (uuid, bigint, bigint, int) as " + text);
  for (const char* mode : {"force_custom_plan", "force_generic_plan"}) {
    owner.Query(std::string("set plan_cache_mode = ") + mode);
    std::string plan;
    for (const pqxx::row& row :
         owner.Query("explain (costs off) execute users_to_purge ('" + ada_.value() + "', 100, 100, 1000)")) {
      plan += row[0].as<std::string>() + "\n";
    }
    EXPECT_THAT(plan, testing::HasSubstr("Index")) << mode;
    EXPECT_THAT(plan, testing::Not(testing::HasSubstr("Seq Scan"))) << mode << "\n" << plan;
  }
}

TEST_F(Plans, NoReadIsForgottenHere) {
  for (const pg::Statement& statement : Statements()) {
    const bool of_one_user = statement.name != "read_data_set" && statement.name != "users_to_purge";
    if (statement.sql.starts_with("select") && of_one_user) {
      EXPECT_TRUE(ReadStatements().contains(statement.name)) << statement.name;
    }
  }
}

// The push holds the head and waits for the device's row; a note that waited for the head would be a
// deadlock.
TEST_F(PostgresStoreTest, ANoteOfADeviceWaitsForNoPush) {
  const auto note = [this](const char* device) {
    return RunBlocking<absl::Status>(store_.loops().at(1), [&] {
      return store_.store().NoteDevice(ada_, {.at = {1000}, .device = DeviceId(device), .cursor = {}});
    });
  };
  ASSERT_TRUE(note("phone").ok());
  pg::Connection push({.url = store_.database().owner_url()});
  push.Query("BEGIN; UPDATE sync.heads SET high_water = 1");
  EXPECT_TRUE(note("phone").ok());
  push.Query("ROLLBACK");
}

// So that the tables can be distributed by user.
class Keys : public PostgresStoreTest {
 protected:
  std::vector<std::string> Names(const std::string& sql) {
    pg::Connection owner({.url = store_.database().owner_url()});
    std::vector<std::string> names;
    for (const pqxx::row& row : owner.Query(sql)) names.push_back(row[0].as<std::string>());
    return names;
  }
};

TEST_F(Keys, OfEveryIndexBeginWithTheUserButThoseOfDataSetAndMigrations) {
  EXPECT_THAT(Names("select indexrelid::regclass::text from pg_index"
                    " join pg_class on pg_class.oid = indrelid and relnamespace = 'sync'::regnamespace"
                    " join pg_attribute on attrelid = indrelid and attnum = indkey[0]"
                    " where attname <> 'user_id'"),
              testing::UnorderedElementsAre("sync.data_set_pkey", "sync.schema_migrations_pkey"));
}

TEST_F(Keys, OfATaskAreItsUserAndItsId) {
  EXPECT_THAT(Names("select attname from pg_index join pg_attribute on attrelid = indexrelid"
                    " where indrelid = 'sync.tasks'::regclass and indisprimary order by attnum"),
              testing::ElementsAre("user_id", "id"));
}

TEST_F(Keys, NameTheUserInEveryStatementButThoseOfTheDataSet) {
  for (const pg::Statement& statement : Statements()) {
    // The purge looks for users through a function of the owner's.
    if (statement.sql.find("sync.data_set") != std::string::npos || statement.name == "users_to_purge")
      continue;
    EXPECT_TRUE(statement.parameters.starts_with("uuid")) << statement.name;
    EXPECT_THAT(statement.sql,
                testing::AnyOf(testing::HasSubstr("user_id = $1"), testing::HasSubstr("user_id = any ($1)"),
                               testing::HasSubstr("user_id = each.user_id"),
                               testing::HasSubstr("(user_id) values ($1)"),
                               testing::HasSubstr("(user_id, v1_seen) values ($1, $2)")))
        << statement.name;
  }
}

TEST(SyncMigrations, RunTwiceChangeNothing) {
  pg::TestDatabase database;
  EXPECT_TRUE(pg::Migrate(database.owner_url(), "sync", Migrations()).ok());
  EXPECT_TRUE(pg::Migrate(database.owner_url(), "sync", Migrations()).ok());
}

}  // namespace
}  // namespace tidemark::sync
