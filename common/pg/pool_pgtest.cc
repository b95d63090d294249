#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "common/async/event_loops.h"
#include "common/async/test_eventually.h"
#include "common/pg/connection.h"
#include "common/pg/pool.h"
#include "common/pg/test_database.h"
#include "common/status/error.h"

namespace tidemark::pg {
namespace {

const UserId kAda("00000000-0000-4000-8000-00000000ada0");
const UserId kBob("00000000-0000-4000-8000-00000000b0b0");

class PoolTest : public testing::Test {
 protected:
  PoolTest() {
    Connection owner(PoolOptions{.url = database_.owner_url()});
    owner.Query(R"sql(
      CREATE TABLE notes (user_id uuid NOT NULL, note text UNIQUE);
      ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON notes USING (user_id = nullif(current_setting('tidemark.user_id', true), '')::uuid);
      GRANT ALL ON notes TO tidemark_service)sql");
  }

  PoolOptions Options() const {
    return {.url = database_.service_url(),
            .connections = 1,
            .statements = {{"add_note", "uuid, text", "INSERT INTO notes VALUES ($1, $2)"},
                           {"count_notes", "", "SELECT count(*) FROM notes"}}};
  }

  template <typename T>
  absl::StatusOr<T> Run(Pool& pool, std::function<absl::StatusOr<T>(Connection&)> work) {
    return RunBlocking<absl::StatusOr<T>>(
        loops_.Next(), [&]() -> Task<absl::StatusOr<T>> { co_return co_await pool.Run<T>(work); });
  }
  absl::StatusOr<int> Query(Pool& pool, std::string sql) {
    return Run<int>(pool, [sql](Connection& db) -> absl::StatusOr<int> {
      const pqxx::result rows = db.Query(sql);
      return rows.empty() || rows.columns() == 0 ? 0 : rows[0][0].as<int>(0);
    });
  }
  absl::Status AddNote(Pool& pool, UserId user, std::string note) {
    return Run<int>(
               pool,
               [=](Connection& db) -> absl::StatusOr<int> {
                 db.Query(pg::Script().Begin().Bind(user).Execute("add_note", user.value(), note).Commit());
                 return 0;
               })
        .status();
  }
  absl::StatusOr<int> CountNotes(Pool& pool, UserId user) {
    return Run<int>(pool, [=](Connection& db) -> absl::StatusOr<int> {
      return db.Query(pg::Script().Bind(user).Execute("count_notes"))[0][0].as<int>();
    });
  }

  TestDatabase database_;
  EventLoops loops_{1};
};

TEST_F(PoolTest, ReturnsWhatTheWorkReturns) {
  Pool pool(Options());
  EXPECT_EQ(*Query(pool, "SELECT 42"), 42);
  const absl::StatusOr<std::string> refused = Run<std::string>(
      pool, [](Connection&) -> absl::StatusOr<std::string> { return absl::NotFoundError("no such task"); });
  EXPECT_EQ(refused.status(), absl::NotFoundError("no such task"));
}

TEST_F(PoolTest, EachUserSeesTheirOwnRowsAlone) {
  Pool pool(Options());
  ASSERT_EQ(AddNote(pool, kAda, "ada's"), absl::OkStatus());
  EXPECT_EQ(*CountNotes(pool, kAda), 1);
  EXPECT_EQ(*CountNotes(pool, kBob), 0);
}

TEST_F(PoolTest, NobodySeesRowsOnTheSameConnectionAfterwards) {
  Pool pool(Options());
  ASSERT_EQ(AddNote(pool, kAda, "ada's"), absl::OkStatus());
  ASSERT_EQ(*CountNotes(pool, kAda), 1);
  EXPECT_EQ(*Query(pool, "SELECT count(*) FROM notes"), 0);
}

TEST_F(PoolTest, ABoundUserCannotWriteForAnother) {
  Pool pool(Options());
  const absl::StatusOr<int> written = Run<int>(pool, [](Connection& db) -> absl::StatusOr<int> {
    db.Query(pg::Script().Bind(kBob).Execute("add_note", kAda.value(), "not bob's to write"));
    return 1;
  });
  EXPECT_EQ(written.status().code(), absl::StatusCode::kInternal);
  EXPECT_EQ(*CountNotes(pool, kAda), 0);
}

TEST_F(PoolTest, AUniqueViolationIsAlreadyExistsAndNamesTheConstraint) {
  Pool pool(Options());
  ASSERT_EQ(AddNote(pool, kAda, "twice"), absl::OkStatus());
  const absl::Status again = AddNote(pool, kAda, "twice");
  EXPECT_EQ(again.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_NE(std::string(again.message()).find("notes_note_key"), std::string::npos) << again;
  EXPECT_EQ(AddNote(pool, kAda, "once"), absl::OkStatus()) << "the connection must be usable again";
}

TEST_F(PoolTest, AStatementThatTakesTooLongIsUnavailable) {
  PoolOptions options = Options();
  options.statement_timeout = absl::Milliseconds(50);
  Pool pool(options);
  EXPECT_EQ(Query(pool, "SELECT pg_sleep(60)").status().code(), absl::StatusCode::kUnavailable);
  // On a busy machine anything may take too long.
  EXPECT_TRUE(Eventually([&] { return Query(pool, "SELECT 1").value_or(0) == 1; }));
}

TEST_F(PoolTest, ATransactionLeftOpenIsRolledBack) {
  Pool pool(Options());
  const absl::StatusOr<int> forgot = Run<int>(pool, [](Connection& db) -> absl::StatusOr<int> {
    db.Query(pg::Script().Begin().Bind(kAda).Execute("add_note", kAda.value(), "never committed"));
    return 1;
  });
  EXPECT_EQ(*forgot, 1);
  EXPECT_EQ(*CountNotes(pool, kAda), 0);
}

TEST_F(PoolTest, AConnectionBrokenInMidCallFailsThatCallAlone) {
  Pool pool(Options());
  ASSERT_EQ(*Query(pool, "SELECT 1"), 1);
  const absl::Status broken = Query(pool, "SELECT pg_terminate_backend(pg_backend_pid())").status();
  EXPECT_EQ(broken.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ErrorInfoOf(broken).details.retry_after, absl::Seconds(5));
  EXPECT_EQ(AddNote(pool, kAda, "prepared anew"), absl::OkStatus());
}

TEST_F(PoolTest, ConnectionsEndedWhileIdleFailNoCall) {
  PoolOptions options = Options();
  options.connections = 4;
  Pool pool(options);
  // All four connect, since each of the four calls waits for the others.
  std::atomic<int> inside = 0;
  std::vector<std::future<bool>> calls;
  for (int i = 0; i < 4; ++i) {
    calls.push_back(std::async(std::launch::async, [&] {
      return Run<int>(pool, [&](Connection&) -> absl::StatusOr<int> {
               ++inside;
               return Eventually([&] { return inside == 4; }) ? 1 : 0;
             }).value() == 1;
    }));
  }
  for (std::future<bool>& call : calls) ASSERT_TRUE(call.get());

  Connection owner(PoolOptions{.url = database_.service_url()});
  owner.Query(
      "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
      " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()");
  for (int i = 0; i < 8; ++i) EXPECT_EQ(Query(pool, "SELECT 1").value_or(0), 1);
}

TEST_F(PoolTest, AStatementPreparedBeforeAMigrationFailsAtMostOnce) {
  PoolOptions options = Options();
  options.statements.push_back({"all_notes", "", "SELECT * FROM notes"});
  Pool pool(options);
  auto read_all = [&] {
    return Run<int>(pool,
                    [](Connection& db) -> absl::StatusOr<int> {
                      db.Query(pg::Script().Execute("all_notes"));
                      return 1;
                    })
        .status();
  };
  ASSERT_EQ(read_all(), absl::OkStatus());
  Connection(PoolOptions{.url = database_.owner_url()}).Query("ALTER TABLE notes ADD COLUMN colour text");
  EXPECT_EQ(read_all().code(), absl::StatusCode::kInternal);
  EXPECT_EQ(read_all(), absl::OkStatus());
}

TEST_F(PoolTest, AStatementThatCannotBePreparedMakesThePoolUnavailable) {
  PoolOptions options = Options();
  options.statements.push_back({"too_early", "", "SELECT * FROM not_migrated_yet"});
  Pool pool(options);
  EXPECT_EQ(Query(pool, "SELECT 1").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(pool.healthy());
}

TEST_F(PoolTest, OneMoreThanTheQueueHoldsIsUnavailableAtOnce) {
  PoolOptions options = Options();
  options.queue_max = 1;
  Pool pool(options);
  std::promise<void> started;
  std::promise<void> release;
  std::atomic<int> finished = 0;
  Spawn(loops_.at(0), [&]() -> Task<void> {
    absl::StatusOr<int> done = co_await pool.Run<int>([&](Connection&) -> absl::StatusOr<int> {
      started.set_value();
      release.get_future().wait();
      return 1;
    });
    finished += done.value_or(0);
  });
  started.get_future().wait();
  Spawn(loops_.at(0), [&]() -> Task<void> {
    absl::StatusOr<int> done = co_await pool.Run<int>([](Connection&) -> absl::StatusOr<int> { return 1; });
    finished += done.value_or(0);
  });
  // Runs on the loop after the second call was queued.
  const absl::Status third = Query(pool, "SELECT 1").status();
  EXPECT_EQ(ErrorInfoOf(third).code, Code::kUnavailable);
  release.set_value();
  EXPECT_TRUE(Eventually([&] { return finished == 2; }));
}

TEST_F(PoolTest, WorksOnAllConnectionsAtOnce) {
  PoolOptions options = Options();
  options.connections = 3;
  Pool pool(options);
  std::atomic<int> inside = 0;
  std::atomic<int> finished = 0;
  for (int i = 0; i < 3; ++i) {
    Spawn(loops_.at(0), [&]() -> Task<void> {
      absl::StatusOr<int> met = co_await pool.Run<int>([&](Connection&) -> absl::StatusOr<int> {
        ++inside;
        return Eventually([&] { return inside == 3; }) ? 1 : 0;
      });
      finished += met.value_or(0);
    });
  }
  EXPECT_TRUE(Eventually([&] { return finished == 3; }));
}

TEST_F(PoolTest, ItsLoadIsTheShareOfConnectionsWithWorkAtMostAll) {
  PoolOptions options = Options();
  options.connections = 2;
  Pool pool(options);
  EXPECT_EQ(pool.load(), 0);
  std::promise<void> go;
  const std::shared_future<void> gone = go.get_future().share();
  const auto add_work = [&] {
    Spawn(loops_.Next(), [&pool, gone]() -> Task<void> {
      Work<int> waits = [gone](Connection&) -> absl::StatusOr<int> {
        gone.wait();
        return 0;
      };
      co_await pool.Run<int>(std::move(waits));
    });
  };
  for (const double load : {0.5, 1.0, 1.0}) {
    add_work();
    RunBlocking<void>(loops_.Next(), []() -> Task<void> { co_return; });
    EXPECT_EQ(pool.load(), load);
  }
  go.set_value();
  EXPECT_TRUE(Eventually([&pool] { return pool.load() == 0; }));
}

TEST_F(PoolTest, WorkGoesToThoseConnectedWhenTheServerTakesNoMore) {
  Connection(PoolOptions{.url = database_.owner_url()})
      .Query("DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' CONNECTION LIMIT 2'; END $$");
  PoolOptions options = Options();
  options.connections = 3;
  Pool pool(options);
  ASSERT_TRUE(Eventually([&] { return Query(pool, "SELECT 1").ok(); }));
  std::atomic<int> failed = 0;
  std::atomic<int> finished = 0;
  for (int i = 0; i < 60; ++i) {
    Spawn(loops_.at(0), [&]() -> Task<void> {
      absl::StatusOr<int> one = co_await pool.Run<int>(
          [](Connection& db) -> absl::StatusOr<int> { return db.Query("SELECT 1")[0][0].as<int>(); });
      failed += one.ok() ? 0 : 1;
      ++finished;
    });
  }
  EXPECT_TRUE(Eventually([&] { return finished == 60; }));
  EXPECT_EQ(failed, 0);
}

TEST_F(PoolTest, FinishesTheQueuedWorkBeforeItEnds) {
  std::atomic<int> finished = 0;
  {
    Pool pool(Options());
    for (int i = 0; i < 50; ++i) {
      Spawn(loops_.at(0), [&]() -> Task<void> {
        absl::StatusOr<int> one =
            co_await pool.Run<int>([](Connection&) -> absl::StatusOr<int> { return 1; });
        finished += one.value_or(0);
      });
    }
    RunBlocking<void>(loops_.at(0), []() -> Task<void> { co_return; });
  }
  EXPECT_TRUE(Eventually([&] { return finished == 50; }));
}

TEST_F(PoolTest, AReadThatHasWaitedForTooLongIsNotBegunAndAWriteIs) {
  PoolOptions options = Options();
  options.read_wait_max = absl::Milliseconds(1);
  Pool pool(options);
  std::promise<void> started;
  std::promise<void> release;
  pool.Submit(
      [&](Connection&) {
        started.set_value();
        release.get_future().wait();
        return absl::OkStatus();
      },
      [](const absl::Status&) {});
  started.get_future().wait();
  std::promise<absl::Status> read;
  std::promise<absl::Status> written;
  const auto nothing = [](Connection&) { return absl::OkStatus(); };
  pool.Submit(
      nothing, [&](absl::Status status) { read.set_value(std::move(status)); }, Rank::kRead);
  pool.Submit(
      nothing, [&](absl::Status status) { written.set_value(std::move(status)); }, Rank::kWrite);
  const absl::Time queued = absl::Now();
  ASSERT_TRUE(Eventually([&] { return absl::Now() > queued + absl::Milliseconds(1); }));
  release.set_value();
  const absl::Status refused = read.get_future().get();
  EXPECT_EQ(ErrorInfoOf(refused).code, Code::kUnavailable);
  EXPECT_EQ(ErrorInfoOf(refused).details.retry_after, absl::Seconds(1));
  EXPECT_EQ(written.get_future().get(), absl::OkStatus());
}

TEST_F(PoolTest, MetricsTellWhatRunsWhatWaitsAndWhatWasRefused) {
  metrics::Registry registry;
  const auto shows = [&registry](const std::string& line) {
    return registry.Text().find("\ntidemark_postgres_" + line + "\n") != std::string::npos;
  };
  PoolOptions options = Options();
  options.queue_max = 2;
  options.queue_reads_max = 1;
  options.metrics = &registry;
  Pool pool(options);
  EXPECT_TRUE(shows("connections_max 1"));
  EXPECT_TRUE(shows("connections_busy 0"));
  std::promise<void> started;
  std::promise<void> release;
  const auto ignore = [](const absl::Status&) {};
  pool.Submit(
      [&](Connection&) {
        started.set_value();
        release.get_future().wait();
        return absl::OkStatus();
      },
      ignore);
  started.get_future().wait();
  const auto nothing = [](Connection&) { return absl::OkStatus(); };
  for (const Rank rank : {Rank::kRead, Rank::kRead, Rank::kWrite, Rank::kWrite}) {
    pool.Submit(nothing, ignore, rank);
  }
  EXPECT_TRUE(shows("connections_busy 1"));
  EXPECT_TRUE(shows("jobs_waiting{rank=\"read\"} 1"));
  EXPECT_TRUE(shows("jobs_waiting{rank=\"write\"} 1"));
  EXPECT_TRUE(shows("jobs_refused_total{rank=\"read\",reason=\"full\"} 1"));
  EXPECT_TRUE(shows("jobs_refused_total{rank=\"write\",reason=\"full\"} 1"));
  EXPECT_TRUE(shows("jobs_refused_total{rank=\"read\",reason=\"late\"} 0"));
  release.set_value();
}

TEST_F(PoolTest, MetricsMeasureRoundTripsByTheirFirstStatementAndCountStatements) {
  metrics::Registry registry;
  PoolOptions options = Options();
  options.metrics = &registry;
  Pool pool(options);
  ASSERT_TRUE(AddNote(pool, kAda, "milk").ok());
  EXPECT_FALSE(AddNote(pool, kBob, "milk").ok()) << "it is there, which takes time too";
  ASSERT_TRUE(CountNotes(pool, kAda).ok());
  const std::string text = registry.Text();
  const auto shows = [&text](const std::string& line) {
    return text.find("\ntidemark_postgres_" + line + "\n") != std::string::npos;
  };
  EXPECT_TRUE(shows("query_seconds_count{statement=\"add_note\"} 2")) << text;
  EXPECT_TRUE(shows("query_seconds_count{statement=\"count_notes\"} 1"));
  EXPECT_TRUE(shows("statements_total{kind=\"write\"} 2"));
  EXPECT_TRUE(shows("statements_total{kind=\"read\"} 1"));
}

TEST_F(PoolTest, AnIdlePoolFindsOutByItselfThatTheServerIsThere) {
  Pool pool(Options());
  EXPECT_TRUE(Eventually([&] { return pool.healthy(); }));
}

TEST(PoolWithoutServerTest, FailsFastWithARetryAfter) {
  EventLoops loops(1);
  Pool pool({.url = "postgresql://nobody@127.0.0.1:1/nothing", .connections = 2});
  const absl::Time before = absl::Now();
  for (int i = 0; i < 200; ++i) {
    absl::StatusOr<int> answer =
        RunBlocking<absl::StatusOr<int>>(loops.at(0), [&]() -> Task<absl::StatusOr<int>> {
          co_return co_await pool.Run<int>([](Connection&) -> absl::StatusOr<int> { return 1; });
        });
    ASSERT_EQ(ErrorInfoOf(answer.status()).code, Code::kUnavailable);
    ASSERT_EQ(ErrorInfoOf(answer.status()).details.retry_after, absl::Seconds(5));
  }
  EXPECT_LT(absl::Now() - before, absl::Seconds(10));
  EXPECT_FALSE(pool.healthy());
}

}  // namespace
}  // namespace tidemark::pg
