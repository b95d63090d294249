// What every Store holds. A test file of a store includes this, store_devices_contract.h and
// store_pull_contract.h, and instantiates StoreContract.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "common/async/event_loops.h"
#include "common/random/random.h"
#include "services/sync/domain/limits.h"
#include "services/sync/domain/test_edit.h"
#include "services/sync/storage/store.h"

namespace tidemark::sync {

// A store under test and the loops to ask it from.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  virtual EventLoops& loops() = 0;
  virtual Store& store() = 0;
};

using MakeStore = std::unique_ptr<StoreUnderTest> (*)();

class StoreContract : public testing::TestWithParam<MakeStore> {
 protected:
  static UserId NewUser() {
    static SystemRandom random;
    return UserId(NewUuid(random));
  }

  static DeltaQuery Everything() { return {.after = {0}, .news_after = Stamp{0}, .rows_max = 100'000}; }

  static PushQuery Naming(std::vector<std::string> tasks, std::vector<DeviceId> devices = {}) {
    PushQuery query;
    for (std::string& task : tasks) query.tasks.push_back(TaskId(std::move(task)));
    query.devices = std::move(devices);
    return query;
  }

  Store& store() { return under_test_->store(); }
  EventLoops& loops() { return under_test_->loops(); }

  template <typename T, typename Start>
  T Wait(Start start) {
    absl::StatusOr<T> result = RunBlocking<absl::StatusOr<T>>(loops().Next(), start);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *std::move(result) : T();
  }

  DataSetState ReadDataSet() {
    return Wait<DataSetState>([&] { return store().ReadDataSet(); });
  }
  Head ReadHead(const UserId& user) {
    return Wait<Head>([&] { return store().ReadHead(user); });
  }
  Snapshot Pull(const UserId& user, const DeltaQuery& query) {
    return Wait<Snapshot>([&] { return store().Pull(user, query); });
  }
  Delta PullDelta(const UserId& user, const DeltaQuery& query) { return Pull(user, query).delta; }
  DataSetState Suspend(absl::Duration duration, absl::Duration margin) {
    return Wait<DataSetState>([&] { return store().SuspendCache(duration, margin); });
  }
  Pushed Push(const UserId& user, const PushQuery& query, const Decide& decide) {
    return Wait<Pushed>([&] { return store().Push(user, query, decide); });
  }

  // Stores `result` as it is.
  void Write(const UserId& user, const PushResult& result) {
    Push(user, {}, [&](const PushLoad&) { return result; });
  }
  void Write(const UserId& user, const std::vector<TaskRow>& tasks) { Write(user, ResultOf(tasks)); }

  // What `query` finds under the lock.
  PushLoad Load(const UserId& user, const PushQuery& query) {
    return Push(user, query, [](const PushLoad&) { return std::nullopt; }).load;
  }

  static PushResult ResultOf(const std::vector<TaskRow>& tasks) {
    PushResult result;
    for (const TaskRow& task : tasks) {
      result.state.tasks[task.id] = task;
      result.written.insert(task.id);
      result.state.head.high_water = std::max(result.state.head.high_water, task.stamp);
    }
    return result;
  }

  // Applies `changes` as a push does.
  PushResult Apply(const UserId& user, std::vector<Change> changes) {
    PushQuery query;
    for (const Change& change : changes) {
      query.tasks.push_back(change.id);
      query.devices.push_back(change.device);
    }
    PushRequest request;
    request.changes = std::move(changes);
    request.now = kNow;
    Pushed pushed = Push(user, query, [&](const PushLoad& load) { return ApplyPush(request, load.state); });
    EXPECT_TRUE(pushed.result.has_value());
    return pushed.result.value_or(PushResult());
  }

  static Edit Milk(std::string id) { return Edit(std::move(id)).At(10).Content("milk"); }

  static TaskRow TaskAt(std::string id, int64_t stamp) { return Create(Milk(std::move(id)), {stamp}); }

  // Deleted at stamp `deleted`, touched last at `stamp`.
  static TaskRow TombstoneAt(std::string id, int64_t deleted, int64_t stamp) {
    TaskRow task = TaskAt(std::move(id), stamp);
    task.fields[Field::kDeletedAt].value = UnixMillis{5};
    task.fields[Field::kDeletedAt].stamp = {deleted};
    return task;
  }

  // A text of the phone's that was replaced, or lost a conflict on arrival.
  static HistoryEntry EntryAt(std::string id, int64_t at, std::string value, Reason reason) {
    return {.id = TaskId(std::move(id)),
            .field = Field::kContent,
            .value = std::move(value),
            .version = {4},
            .updated_at = {5},
            .device = kPhone,
            .at = {at},
            .reason = reason,
            .was_stored = reason != Reason::kConflict};
  }

  static Conflict ConflictAt(int64_t stamp, Field field = Field::kContent) {
    const FieldValue values[] = {std::string("milk"), true, true, UnixMillis{7}};
    Conflict conflict;
    conflict.id = TaskId("t");
    conflict.field = field;
    conflict.kept = {values[static_cast<int>(field)], {1}, kPhone};
    conflict.discarded = conflict.kept;
    conflict.at = {stamp};
    return conflict;
  }

  // No two numbers in it are equal.
  static TaskRow TaskWithDistinctMembers(std::string id, int64_t stamp) {
    int64_t number = stamp;
    TaskRow task{.id = TaskId(std::move(id)),
                 .version = {++number},
                 .stamp = {stamp},
                 .created_at = {++number},
                 .updated_at = {++number},
                 .device = DeviceId("writer"),
                 .alive_since = {++number},
                 .fields = {}};
    const FieldValue values[] = {std::string("text"), true, false, UnixMillis{++number}};
    for (Field field : kFields) {
      const auto index = static_cast<int>(field);
      task.fields[field] = {.value = values[index],
                            .version = {++number},
                            .stamp = {++number},
                            .device = DeviceId("writer-" + std::to_string(index)),
                            .updated_at = {++number},
                            .edited_at = {++number}};
    }
    return task;
  }

  static std::vector<std::string> HostileTexts() {
    return {"",
            "it's \"quoted\" \\ back\\\\slashed \\' \\n",
            "{a,\"b\",NULL} {} } {",
            "NULL",
            "$1 $$ %s :name ? ; drop table sync.tasks; --",
            "line one\nline two\r\n\ttabbed\x01\x1f\x7f",
            " leading and trailing ",
            "\xF0\x9F\x8C\x8A\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9 \xC3\xA9 e\xCC\x81 \xE2\x80\xAE",
            "\xF4\x8F\xBF\xBF",
            std::string(kContentBytesMax, '"'),
            std::string(kContentBytesMax, '\\')};
  }

  static std::vector<std::string> Ids(const std::vector<TaskRow>& tasks) {
    std::vector<std::string> ids;
    for (const TaskRow& task : tasks) ids.push_back(task.id.value());
    return ids;
  }
  static std::vector<int64_t> Stamps(const std::vector<Conflict>& conflicts) {
    std::vector<int64_t> stamps;
    for (const Conflict& conflict : conflicts) stamps.push_back(conflict.at.value);
    return stamps;
  }

  static constexpr UnixMillis kNow{1'735'689'600'000};
  const UserId user_ = NewUser();
  const std::unique_ptr<StoreUnderTest> under_test_ = GetParam()();
};

TEST_P(StoreContract, AUserNeverHeardOfHasAnEmptyHeadAndNoRows) {
  EXPECT_EQ(ReadHead(user_), Head{});
  const Snapshot snapshot = Pull(user_, Everything());
  EXPECT_EQ(snapshot.head, Head{});
  EXPECT_THAT(snapshot.delta.tasks, testing::IsEmpty());
  EXPECT_THAT(snapshot.delta.conflicts, testing::IsEmpty());
}

TEST_P(StoreContract, KeepsEveryMemberOfATaskWhenItIsMadeAndWhenItIsChanged) {
  TaskRow task = TaskWithDistinctMembers("AZaz09_.:-", 100);
  Write(user_, {task});
  EXPECT_EQ(Load(user_, Naming({"AZaz09_.:-"})).state.tasks.at(task.id), task);
  EXPECT_THAT(PullDelta(user_, Everything()).tasks, testing::ElementsAre(ToldOf(task)));
  const UnixMillis created_at = task.created_at;
  task = TaskWithDistinctMembers("AZaz09_.:-", 200);
  task.created_at = created_at;
  task.device = DeviceId("another");
  for (Field field : kFields) task.fields[field].device = task.device;
  task.fields[Field::kContent].value = std::string("another text");
  task.fields[Field::kCompleted].value = false;
  task.fields[Field::kPinned].value = true;
  Write(user_, {task});
  EXPECT_THAT(PullDelta(user_, Everything()).tasks, testing::ElementsAre(ToldOf(task)));
  EXPECT_EQ(Load(user_, Naming({"AZaz09_.:-"})).state.tasks.at(task.id), task);
}

TEST_P(StoreContract, KeepsAnyTextByteForByte) {
  std::vector<TaskRow> tasks;
  std::vector<std::string> names;
  for (const std::string& text : HostileTexts()) {
    names.push_back("t" + std::to_string(tasks.size()));
    tasks.push_back(TaskAt(names.back(), static_cast<int64_t>(tasks.size()) + 1));
    tasks.back().fields[Field::kContent].value = text;
  }
  Write(user_, tasks);
  const std::map<TaskId, TaskRow> loaded = Load(user_, Naming(names)).state.tasks;
  for (const TaskRow& task : tasks) EXPECT_EQ(loaded.at(task.id), task);
  for (TaskRow& task : tasks) task = ToldOf(std::move(task));
  EXPECT_EQ(PullDelta(user_, Everything()).tasks, tasks);
}

TEST_P(StoreContract, KeepsTheHead) {
  PushResult result;
  result.state.head = {.high_water = {kUnixMillisMax},
                       .live_count = 3,
                       .version_sum = 1'000'000'000'000,
                       .purged_through = {7}};
  Write(user_, result);
  EXPECT_EQ(ReadHead(user_), result.state.head);
  EXPECT_EQ(Pull(user_, Everything()).head, result.state.head);
  EXPECT_EQ(Load(user_, {}).state.head, result.state.head);
}

TEST_P(StoreContract, KeepsConflictsOfEveryFieldAndAnyText) {
  PushResult result;
  int64_t stamp = 0;
  for (Field field : kFields) {
    for (Winner winner : {Winner::kServer, Winner::kClient}) {
      Conflict conflict = ConflictAt(++stamp, field);
      conflict.winner = winner;
      conflict.discarded.updated_at = {kUnixMillisMax};
      conflict.discarded.device = kWeb;
      result.conflicts.push_back(conflict);
    }
  }
  for (const std::string& text : HostileTexts()) {
    Conflict conflict = ConflictAt(++stamp);
    conflict.kept.value = text;
    conflict.discarded.value = "not " + text;
    result.conflicts.push_back(conflict);
  }
  Write(user_, result);
  EXPECT_EQ(PullDelta(user_, Everything()).conflicts, result.conflicts);
}

TEST_P(StoreContract, KeepsLedgers) {
  PushResult result;
  DeviceLedger& phone = result.state.ledgers[kPhone];
  phone = {.device = kPhone, .highest = {kUnixMillisMax}, .applied = {}};
  for (std::size_t i = 0; i < kAppliedMax; ++i) {
    phone.applied.push_back({{static_cast<int64_t>(i) + 1}, ~uint64_t{0} - i, i % 2 ? "unknown_task" : ""});
  }
  result.state.ledgers[kLaptop] = {.device = kLaptop, .highest = {4}, .applied = {}};
  Write(user_, result);
  EXPECT_EQ(Load(user_, Naming({}, {kPhone, kLaptop, kWeb})).state.ledgers, result.state.ledgers);
  result.state.ledgers[kLaptop].applied.push_back({{5}, 0, "{\"odd\", NULL}"});
  Write(user_, result);
  EXPECT_EQ(Load(user_, Naming({}, {kPhone, kLaptop})).state.ledgers, result.state.ledgers);
}

TEST_P(StoreContract, UsersWithTheSameIdsDoNotMeet) {
  const UserId other = NewUser();
  TaskRow mine = TaskAt("t", 1);
  TaskRow theirs = TaskAt("t", 2);
  theirs.fields[Field::kContent].value = std::string("theirs");
  PushResult of_mine = ResultOf({mine});
  of_mine.state.ledgers[kPhone] = {.device = kPhone, .highest = {1}, .applied = {}};
  of_mine.conflicts = {ConflictAt(1)};
  of_mine.history = {{.id = mine.id,
                      .field = Field::kContent,
                      .value = std::string("old"),
                      .version = {1},
                      .updated_at = {1},
                      .device = kPhone,
                      .at = {1},
                      .reason = Reason::kOverwritten,
                      .was_stored = true}};
  Write(user_, of_mine);
  Write(other, {theirs});
  EXPECT_THAT(PullDelta(user_, Everything()).tasks, testing::ElementsAre(ToldOf(mine)));
  const Snapshot snapshot = Pull(other, Everything());
  EXPECT_THAT(snapshot.delta.tasks, testing::ElementsAre(ToldOf(theirs)));
  EXPECT_THAT(snapshot.delta.conflicts, testing::IsEmpty());
  EXPECT_EQ(snapshot.head.high_water, Stamp{2});
  PushQuery query = Naming({"t"}, {kPhone});
  query.held_at = Stamp{0};
  const PushLoad load = Load(other, query);
  EXPECT_EQ(load.state.tasks.at(theirs.id), theirs);
  EXPECT_THAT(load.state.ledgers, testing::IsEmpty());
  EXPECT_THAT(load.state.held, testing::IsEmpty());
}

TEST_P(StoreContract, APushLoadsWhatItNamesAndNothingElse) {
  Write(user_, {TaskAt("a", 1), TaskAt("b", 2), TaskAt("c", 3)});
  const PushLoad load = Load(user_, Naming({"a", "c", "a", "unknown"}));
  EXPECT_THAT(load.state.tasks, testing::ElementsAre(testing::Key(TaskId("a")), testing::Key(TaskId("c"))));
  EXPECT_THAT(load.delta.tasks, testing::IsEmpty());
}

TEST_P(StoreContract, APushFindsTheDeltaFromBeforeIt) {
  Write(user_, {TaskAt("a", 1)});
  PushQuery query;
  query.delta = Everything();
  const Pushed pushed = Push(user_, query, [](const PushLoad&) { return ResultOf({TaskAt("b", 2)}); });
  EXPECT_THAT(Ids(pushed.load.delta.tasks), testing::ElementsAre("a"));
  EXPECT_THAT(Ids(PullDelta(user_, Everything()).tasks), testing::ElementsAre("a", "b"));
}

TEST_P(StoreContract, NothingIsStoredWhenAPushDecidesSo) {
  Write(user_, {TaskAt("a", 1)});
  const Pushed pushed = Push(user_, Naming({"a"}), [](const PushLoad&) { return std::nullopt; });
  EXPECT_FALSE(pushed.result);
  EXPECT_THAT(pushed.load.state.tasks, testing::ElementsAre(testing::Key(TaskId("a"))));
  EXPECT_EQ(ReadHead(user_).high_water, Stamp{1});
  // The lock is free again.
  Write(user_, {TaskAt("b", 2)});
  EXPECT_EQ(ReadHead(user_).high_water, Stamp{2});
}

TEST_P(StoreContract, APushStoresAThousandChanges) {
  std::vector<Change> changes;
  for (int i = 0; i < 1000; ++i) {
    changes.push_back(Milk("t" + std::to_string(i)).Number(i + 1).Content("text " + std::to_string(i)));
  }
  Apply(user_, changes);
  const Snapshot made = Pull(user_, Everything());
  EXPECT_EQ(made.delta.tasks.size(), 1000u);
  EXPECT_EQ(made.head.live_count, 1000);
  for (Change& change : changes) {
    change.mutation->value += 1000;
    change.version = {2};
    change.fields[Field::kContent] = std::string("edited");
  }
  const PushResult edited = Apply(user_, changes);
  EXPECT_EQ(edited.history.size(), 1000u);
  EXPECT_EQ(ReadHead(user_).version_sum, 2000);
  EXPECT_EQ(Apply(user_, changes).told.size(), 1000u);
  EXPECT_EQ(ReadHead(user_).version_sum, 2000);
}

// The law of SPEC 5.1: the lock of the head orders the pushes of a user, first ones included.
TEST_P(StoreContract, ParallelPushesOfOneUserFollowEachOtherAndLoseNothing) {
  constexpr int kPushes = 120;
  std::atomic<int> left{kPushes};
  std::promise<void> done;
  for (int i = 0; i < kPushes; ++i) {
    Spawn(loops().Next(), [&, i]() -> Task<void> {
      PushRequest request;
      request.changes = {Milk("t" + std::to_string(i))};
      request.now = kNow;
      PushQuery query;
      const Decide decide = [request](const PushLoad& load) { return ApplyPush(request, load.state); };
      const absl::StatusOr<Pushed> pushed = co_await store().Push(user_, query, decide);
      EXPECT_TRUE(pushed.ok()) << pushed.status();
      if (--left == 0) done.set_value();
    });
  }
  done.get_future().get();
  const Snapshot snapshot = Pull(user_, Everything());
  EXPECT_EQ(snapshot.head.live_count, kPushes);
  EXPECT_EQ(snapshot.head.high_water.value, kNow.value + kPushes - 1);
  ASSERT_EQ(snapshot.delta.tasks.size(), static_cast<std::size_t>(kPushes));
  for (int i = 0; i < kPushes; ++i) {
    EXPECT_EQ(snapshot.delta.tasks[static_cast<std::size_t>(i)].stamp.value, kNow.value + i);
  }
}

TEST_P(StoreContract, APullBesidePushesSeesHeadAndRowsOfOneMoment) {
  constexpr int kPushes = 60;
  std::promise<void> done;
  Spawn(loops().at(0), [&]() -> Task<void> {
    for (int i = 0; i < kPushes; ++i) {
      PushRequest request;
      request.changes = {Milk("t" + std::to_string(i))};
      request.now = kNow;
      PushQuery query;
      const Decide decide = [request](const PushLoad& load) { return ApplyPush(request, load.state); };
      const absl::StatusOr<Pushed> pushed = co_await store().Push(user_, query, decide);
      EXPECT_TRUE(pushed.ok()) << pushed.status();
    }
    done.set_value();
  });
  int64_t seen = 0;
  while (seen < kPushes && !HasFailure()) {
    const Snapshot snapshot = Pull(user_, Everything());
    const auto rows = static_cast<int64_t>(snapshot.delta.tasks.size());
    ASSERT_EQ(snapshot.head.live_count, rows);
    const Stamp newest = rows == 0 ? Stamp{0} : snapshot.delta.tasks.back().stamp;
    ASSERT_EQ(snapshot.head.high_water, newest);
    ASSERT_GE(rows, seen);
    seen = rows;
  }
  done.get_future().get();
}

}  // namespace tidemark::sync
