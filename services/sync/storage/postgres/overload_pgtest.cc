// What is refused first when too much waits for the database (SPEC 8).
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>
#include <utility>

#include "common/async/event_loops.h"
#include "common/async/test_eventually.h"
#include "common/pg/connection.h"
#include "common/pg/migrate.h"
#include "common/pg/test_database.h"
#include "common/status/error.h"
#include "services/sync/domain/test_edit.h"
#include "services/sync/migrations/migrations.h"
#include "services/sync/storage/postgres/postgres_store.h"
#include "services/sync/storage/postgres/statements.h"

namespace tidemark::sync {
namespace {

// The schema stands before the pool prepares its statements.
std::string Migrated(const pg::TestDatabase& database) {
  const absl::Status migrated = pg::Migrate(database.owner_url(), "sync", Migrations());
  EXPECT_TRUE(migrated.ok()) << migrated;
  return database.service_url();
}

// One connection, which is taken until the test lets it go, and one job that waits: the queue is full for
// reads.
class Overload : public testing::Test {
 protected:
  Overload() {
    std::promise<void> taken;
    pool_.Submit(
        [this, &taken](pg::Connection&) {
          taken.set_value();
          let_go_.get_future().wait();
          return absl::OkStatus();
        },
        [](const absl::Status&) {});
    taken.get_future().wait();
    pool_.Submit([](pg::Connection&) { return absl::OkStatus(); }, [](const absl::Status&) {});
  }

  template <typename T>
  T Run(std::function<Task<T>()> body) {
    return RunBlocking<T>(loops_.Next(), std::move(body));
  }

  static void ExpectRefused(const absl::Status& status) {
    EXPECT_EQ(ErrorInfoOf(status).code, Code::kUnavailable);
    EXPECT_TRUE(ErrorInfoOf(status).details.retry_after.has_value());
  }

  pg::TestDatabase database_;
  EventLoops loops_{1};
  pg::Pool pool_{
      {.url = Migrated(database_), .connections = 1, .queue_reads_max = 1, .statements = Statements()}};
  PostgresStore store_{pool_};
  std::promise<void> let_go_;
  const UserId user_{"00000000-0000-4000-8000-00000000ada0"};
};

TEST_F(Overload, ReadsAreRefusedAtOnceWhileAPushIsStillTaken) {
  ExpectRefused(Run<absl::StatusOr<Snapshot>>([&] { return store_.Pull(user_, {}); }).status());
  ExpectRefused(Run<absl::StatusOr<Head>>([&] { return store_.ReadHead(user_); }).status());
  ExpectRefused(Run<absl::StatusOr<History>>([&] { return store_.ReadHistory(user_, {}); }).status());
  ExpectRefused(
      Run<absl::StatusOr<std::vector<TaskRow>>>([&] { return store_.ReadTasks(user_, {}); }).status());
  ExpectRefused(
      Run<absl::StatusOr<std::vector<DeviceStatus>>>([&] { return store_.ReadDevices(user_, {}); }).status());

  std::atomic<bool> stored = false;
  Spawn(loops_.at(0), [&]() -> Task<void> {
    const Decide decide = [](const PushLoad&) {
      PushRequest request;
      request.changes = {Edit("a").At(10).Content("milk").Number(1)};
      request.now = {1'000};
      return ApplyPush(request, {});
    };
    const absl::StatusOr<Pushed> pushed = co_await store_.Push(user_, {}, decide);
    stored = pushed.ok();
  });
  // In the order of the loop: the push waits by now.
  RunBlocking<void>(loops_.at(0), []() -> Task<void> { co_return; });
  let_go_.set_value();
  EXPECT_TRUE(Eventually([&] { return stored.load(); }));
}

TEST_F(Overload, WhatAPushNeedsToKnowIsReadAllTheSame) {
  std::atomic<bool> read = false;
  Spawn(loops_.at(0), [&]() -> Task<void> {
    const absl::StatusOr<DataSetState> data_set = co_await store_.ReadDataSet();
    read = data_set.ok();
  });
  let_go_.set_value();
  EXPECT_TRUE(Eventually([&] { return read.load(); }));
}

}  // namespace
}  // namespace tidemark::sync
