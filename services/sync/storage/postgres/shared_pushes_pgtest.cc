// Pushes that wait for a connection at the same time: one transaction for all, and yet each for itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "common/async/event_loops.h"
#include "common/async/test_eventually.h"
#include "common/pg/connection.h"
#include "common/pg/migrate.h"
#include "common/pg/test_database.h"
#include "services/sync/domain/test_edit.h"
#include "services/sync/migrations/migrations.h"
#include "services/sync/storage/postgres/postgres_store.h"
#include "services/sync/storage/postgres/push_groups.h"
#include "services/sync/storage/postgres/statements.h"

namespace tidemark::sync {
namespace {

using Outcome = absl::StatusOr<Pushed>;

// The schema stands before the pool prepares its statements.
std::string Migrated(const pg::TestDatabase& database) {
  const absl::Status migrated = pg::Migrate(database.owner_url(), "sync", Migrations());
  EXPECT_TRUE(migrated.ok()) << migrated;
  return database.service_url();
}

UserId UserNumber(int number) {
  const std::string digits = std::to_string(number);
  return UserId("00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits);
}

class SharedPushes : public testing::Test {
 protected:
  static constexpr int kUsers = static_cast<int>(PushGroups::kPushesMax);

  explicit SharedPushes(int connections = 1, int queue_max = 1'000)
      : pool_({.url = Migrated(database_),
               .connections = connections,
               .queue_max = queue_max,
               .statements = Statements()}) {}

  // Users 0 to `count` - 1.
  void MakeHeads(int count) {
    for (int i = 0; i < count; ++i)
      owner_.Query("insert into sync.heads values ('" + UserNumber(i).value() + "')");
  }

  // Makes, or edits, a task of this id.
  static Decide Writing(std::string id, std::string content, int64_t version = 1) {
    PushRequest request;
    request.changes = {Edit(std::move(id)).At(10).Content(std::move(content)).Version(version)};
    request.now = {1'000};
    return [request](const PushLoad& load) { return ApplyPush(request, load.state); };
  }

  static PushQuery Query() {
    PushQuery query;
    query.tasks = {TaskId("t")};
    query.devices = {kPhone, kLaptop};
    query.delta = {.after = {1}, .news_after = Stamp{1}, .rows_max = 100};
    query.delta.seen = Sighting{.at = {5}, .device = kPhone, .cursor = {1}};
    return query;
  }

  std::future<Outcome> Start(const UserId& user, Decide decide, PushQuery query = Query(), int loop = 0) {
    auto promise = std::make_shared<std::promise<Outcome>>();
    std::future<Outcome> outcome = promise->get_future();
    Spawn(loops_.at(loop),
          [this, promise, user, decide = std::move(decide), query = std::move(query)]() -> Task<void> {
            promise->set_value(co_await store_.Push(user, query, decide));
          });
    return outcome;
  }

  // One push of each of users 0 to `users` - 1.
  std::vector<std::future<Outcome>> StartEach(int users, const std::function<Decide(int)>& decide) {
    std::vector<std::future<Outcome>> outcomes;
    outcomes.reserve(static_cast<std::size_t>(users));
    for (int i = 0; i < users; ++i) outcomes.push_back(Start(UserNumber(i), decide(i)));
    return outcomes;
  }

  // Keeps the only connection busy until Release, so that pushes started between the two wait together.
  void Hold() {
    std::promise<void> held;
    pool_.Submit(
        [&held, release = release_.get_future().share()](pg::Connection&) {
          held.set_value();
          release.wait();
          return absl::OkStatus();
        },
        [](const absl::Status&) {});
    held.get_future().wait();
  }
  void Release() {
    // Whatever was started before has come to the store.
    RunBlocking<void>(loops_.at(0), []() -> Task<void> { co_return; });
    release_.set_value();
  }

  std::string One(const std::string& sql) { return owner_.Query(sql)[0][0].as<std::string>(); }
  std::string Transactions() {
    return One(
        "select count(distinct xmin::text) from (select xmin from sync.tasks union all"
        " select xmin from sync.heads where high_water > 0) as rows");
  }

  pg::TestDatabase database_;
  EventLoops loops_{2};
  pg::Pool pool_;
  PostgresStore store_{pool_};
  pg::Connection owner_{{.url = database_.owner_url()}};
  std::promise<void> release_;
};

TEST_F(SharedPushes, ThatWaitTogetherAreOneTransaction) {
  MakeHeads(kUsers);
  Hold();
  std::vector<std::future<Outcome>> outcomes =
      StartEach(kUsers, [](int i) { return Writing("t", std::to_string(i)); });
  Release();
  for (int i = 0; i < kUsers; ++i) {
    const Outcome outcome = outcomes[static_cast<std::size_t>(i)].get();
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    ASSERT_TRUE(outcome->result);
    EXPECT_EQ(One("select content from sync.tasks where user_id = '" + UserNumber(i).value() + "'"),
              std::to_string(i));
  }
  EXPECT_EQ(Transactions(), "1");
  EXPECT_EQ(
      One("select count(*) from sync.heads where live_count = 1 and high_water = 1000 and version_sum = 1"),
      std::to_string(kUsers));
}

TEST_F(SharedPushes, FindAndWriteTheirOwnUsersRowsAlone) {
  MakeHeads(3);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(Start(UserNumber(i), Writing("t", "text of " + std::to_string(i))).get().ok());
  }
  Hold();
  std::vector<std::future<Outcome>> outcomes = StartEach(3, [](int) { return Writing("t", "new", 2); });
  Release();
  for (int i = 0; i < 3; ++i) {
    const Outcome outcome = outcomes[static_cast<std::size_t>(i)].get();
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    const TaskRow& stored = outcome->load.state.tasks.at(TaskId("t"));
    EXPECT_EQ(stored.fields[Field::kContent].value, FieldValue("text of " + std::to_string(i)));
    EXPECT_THAT(outcome->load.delta.tasks, testing::ElementsAre(ToldOf(stored)));
    EXPECT_THAT(outcome->load.state.ledgers, testing::ElementsAre(testing::Key(kPhone)));
    EXPECT_EQ(One("select value from sync.history where user_id = '" + UserNumber(i).value() + "'"),
              "text of " + std::to_string(i));
  }
  EXPECT_EQ(Transactions(), "1");
}

// Each device asks for one user and is another writer of the other one.
TEST_F(SharedPushes, NoteWhatEachUsersOwnDeviceConfirms) {
  MakeHeads(2);
  owner_.Query(
      "insert into sync.devices (user_id, device_id, mutation_highest, applied_ids, applied_hashes, "
      "applied_rejected,"
      " cursor) select user_id, device, 0, '{}', '{}', '{}', 3 from sync.heads, (values ('laptop'), "
      "('phone')) as d"
      " (device)");
  const Decide numbered = [](const PushLoad& load) {
    PushResult result;
    result.state.head = load.state.head;
    for (const DeviceId& device : {kPhone, kLaptop}) {
      result.state.ledgers[device] = {.device = device, .highest = {7}, .applied = {}};
    }
    return result;
  };
  Hold();
  std::vector<std::future<Outcome>> outcomes;
  for (int i = 0; i < 2; ++i) {
    PushQuery query = Query();
    query.delta.seen = Sighting{.at = {5}, .device = i == 0 ? kPhone : kLaptop, .cursor = {10 + i}};
    outcomes.push_back(Start(UserNumber(i), numbered, query));
  }
  Release();
  for (std::future<Outcome>& outcome : outcomes) EXPECT_TRUE(outcome.get().ok());
  EXPECT_EQ(
      One("select string_agg(device_id || ' ' || cursor, ', ' order by user_id, device_id) from sync.devices"
          " where mutation_highest = 7 and last_seen = 5"),
      "laptop 3, phone 10, laptop 11, phone 3");
  EXPECT_EQ(One("select count(distinct xmin::text) from sync.devices"), "1");
}

TEST_F(SharedPushes, OfOneUserFollowEachOtherInOrder) {
  MakeHeads(2);
  Hold();
  std::future<Outcome> others = Start(UserNumber(1), Writing("t", "other"));
  std::future<Outcome> first = Start(UserNumber(0), Writing("t", "first"));
  std::future<Outcome> second = Start(UserNumber(0), Writing("t", "second", 2));
  Release();
  EXPECT_TRUE(others.get().ok());
  EXPECT_TRUE(first.get().ok());
  const Outcome outcome = second.get();
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->load.state.tasks.at(TaskId("t")).fields[Field::kContent].value, FieldValue("first"));
  EXPECT_EQ(One("select content from sync.tasks where version = 2"), "second");
}

TEST_F(SharedPushes, AreWrittenThoughOneDecidesNothing) {
  MakeHeads(3);
  Hold();
  std::future<Outcome> before = Start(UserNumber(0), Writing("t", "a"));
  std::future<Outcome> nothing = Start(UserNumber(1), [](const PushLoad&) { return std::nullopt; });
  std::future<Outcome> after = Start(UserNumber(2), Writing("t", "c"));
  Release();
  EXPECT_TRUE(before.get()->result);
  EXPECT_FALSE(nothing.get()->result);
  EXPECT_TRUE(after.get()->result);
  EXPECT_EQ(Transactions(), "1");
  EXPECT_EQ(One("select count(*) from sync.heads where high_water > 0"), "2");
}

// A bad push among good ones.
class SharedWithABadPush : public SharedPushes {
 protected:
  void ExpectOthersAreStored(const Decide& bad) {
    MakeHeads(5);
    Hold();
    std::vector<std::future<Outcome>> outcomes =
        StartEach(5, [&](int i) { return i == 2 ? bad : Writing("t", "milk"); });
    Release();
    for (int i = 0; i < 5; ++i) EXPECT_EQ(outcomes[static_cast<std::size_t>(i)].get().ok(), i != 2) << i;
    EXPECT_EQ(One("select string_agg(live_count::text, ' ' order by user_id) from sync.heads"), "1 1 0 1 1");
    EXPECT_EQ(One("select count(*) from sync.tasks"), "4");
  }
};

TEST_F(SharedWithABadPush, WhichThrowsAreStoredWithoutIt) {
  ExpectOthersAreStored(
      [](const PushLoad&) -> std::optional<PushResult> { throw std::runtime_error("bad"); });
}

TEST_F(SharedWithABadPush, WhichPostgresqlRefusesAreStoredWithoutIt) {
  ExpectOthersAreStored([](const PushLoad&) {
    PushRequest request;
    request.changes = {Edit("a").At(10).Content("milk"), Edit("b").At(10).Content("milk")};
    request.now = {1'000};
    PushResult result = ApplyPush(request, {});
    result.state.tasks.at(TaskId("b")).stamp = result.state.tasks.at(TaskId("a")).stamp;
    return result;
  });
}

TEST_F(SharedPushes, DoNotWaitForOneWhoseHeadAnotherHolds) {
  MakeHeads(3);
  pg::Connection replica({.url = database_.owner_url()});
  replica.Query("BEGIN; UPDATE sync.heads SET high_water = 5 WHERE user_id = '" + UserNumber(0).value() +
                "'");
  Hold();
  std::future<Outcome> locked = Start(UserNumber(0), Writing("t", "late"));
  std::future<Outcome> free = Start(UserNumber(1), Writing("t", "milk"));
  std::future<Outcome> also_free = Start(UserNumber(2), Writing("t", "milk"));
  Release();
  EXPECT_TRUE(free.get().ok());
  EXPECT_TRUE(also_free.get().ok());
  replica.Query("COMMIT");
  const Outcome outcome = locked.get();
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->load.state.head.high_water, Stamp{5});
}

TEST_F(SharedPushes, AreStoredWithTheFirstOnesOfTheirUsers) {
  MakeHeads(2);
  Hold();
  std::vector<std::future<Outcome>> outcomes = StartEach(5, [](int) { return Writing("t", "milk"); });
  Release();
  for (std::future<Outcome>& outcome : outcomes) EXPECT_TRUE(outcome.get().ok());
  EXPECT_EQ(One("select count(*) from sync.heads where live_count = 1"), "5");
}

TEST_F(SharedPushes, AreAllUnknownWhenTheirConnectionIsLost) {
  MakeHeads(3);
  Hold();
  const Decide cut = [this](const PushLoad& load) {
    pg::Connection other({.url = database_.service_url()});
    other.Query(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = current_user"
        " and datname = current_database() and pid <> pg_backend_pid()");
    return Writing("t", "milk")(load);
  };
  std::vector<std::future<Outcome>> outcomes =
      StartEach(3, [&](int i) { return i == 1 ? cut : Writing("t", "milk"); });
  Release();
  for (std::future<Outcome>& outcome : outcomes) EXPECT_TRUE(absl::IsUnavailable(outcome.get().status()));
  EXPECT_EQ(One("select count(*) from sync.tasks"), "0");
}

class SharedPushesInAShortQueue : public SharedPushes {
 protected:
  static constexpr int kQueueMax = 4;
  SharedPushesInAShortQueue() : SharedPushes(1, kQueueMax) {}
};

TEST_F(SharedPushesInAShortQueue, AreAllRefusedWhereTheirJobIs) {
  MakeHeads(2);
  Hold();
  for (int i = 0; i < kQueueMax; ++i) {
    pool_.Submit([](pg::Connection&) { return absl::OkStatus(); }, [](const absl::Status&) {});
  }
  std::vector<std::future<Outcome>> outcomes = StartEach(2, [](int) { return Writing("t", "milk"); });
  for (std::future<Outcome>& outcome : outcomes) EXPECT_TRUE(absl::IsUnavailable(outcome.get().status()));
  Release();
  ASSERT_TRUE(Eventually([this] { return pool_.load() == 0; }));
  EXPECT_TRUE(Start(UserNumber(0), Writing("t", "milk")).get().ok());
}

TEST_F(SharedPushesInAShortQueue, AreRefusedBeyondItAndStoredUpToIt) {
  MakeHeads(10);
  Hold();
  std::vector<std::future<Outcome>> outcomes = StartEach(10, [](int) { return Writing("t", "milk"); });
  Release();
  for (int i = 0; i < 10; ++i) {
    const Outcome outcome = outcomes[static_cast<std::size_t>(i)].get();
    EXPECT_EQ(outcome.ok(), i < kQueueMax) << i;
    EXPECT_EQ(absl::IsUnavailable(outcome.status()), i >= kQueueMax) << i;
  }
  EXPECT_EQ(One("select count(*) from sync.tasks"), std::to_string(kQueueMax));
}

class ManySharedPushes : public SharedPushes {
 protected:
  ManySharedPushes() : SharedPushes(4) {}
};

TEST_F(ManySharedPushes, LoseNothing) {
  constexpr int kManyUsers = 200, kRounds = 4;
  std::vector<std::future<Outcome>> outcomes;
  for (int round = 0; round < kRounds; ++round) {
    for (int user = 0; user < kManyUsers; ++user) {
      PushQuery query = Query();
      query.delta.after = {1 + user % 2};
      query.delta.rows_max = user % 3 == 0 ? 0 : 100;
      outcomes.push_back(
          Start(UserNumber(user), Writing("t" + std::to_string(round), "milk"), query, round % 2));
    }
  }
  for (std::future<Outcome>& outcome : outcomes) {
    const Outcome pushed = outcome.get();
    EXPECT_TRUE(pushed.ok()) << pushed.status();
  }
  EXPECT_EQ(
      One("select count(*) from sync.heads where live_count = 4 and version_sum = 4 and high_water = 1003"),
      std::to_string(kManyUsers));
  EXPECT_EQ(One("select count(distinct (user_id, stamp)) from sync.tasks"),
            std::to_string(kManyUsers * kRounds));
}

}  // namespace
}  // namespace tidemark::sync
