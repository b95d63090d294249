// What every LocalStore keeps. Each adapter instantiates it:
//
//   INSTANTIATE_TEST_SUITE_P(Memory, LocalStoreContract, testing::Values(MakeMemory));
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/domain/test_state.h"
#include "client/store/local_store.h"

namespace tidemark::client {

// A store, and what it stands on.
class StoreFixture {
 public:
  virtual ~StoreFixture() = default;
  virtual LocalStore& store() = 0;
  // The process has died, and another opens the store.
  virtual void Reopen() = 0;
};
using MakeStore = std::function<std::unique_ptr<StoreFixture>()>;

class LocalStoreContract : public testing::TestWithParam<MakeStore> {
 protected:
  template <typename F>
  void Write(const F& body) {
    const absl::Status stored = fixture_->store().Write([&](Transaction& tx) {
      body(tx);
      return absl::OkStatus();
    });
    ASSERT_TRUE(stored.ok()) << stored;
  }
  template <typename F>
  auto Read(const F& body) {
    decltype(body(std::declval<Transaction&>())) result{};
    const absl::Status read = fixture_->store().Read([&](Transaction& tx) {
      result = body(tx);
      return absl::OkStatus();
    });
    EXPECT_TRUE(read.ok()) << read;
    return result;
  }
  TaskState Get(const std::string& id) {
    return Read([&](Transaction& tx) { return tx.Get(TaskId(id)); });
  }
  void Put(const TaskState& task) {
    Write([&](Transaction& tx) { tx.Put(task); });
  }

  static TaskState Named(const std::string& id, TaskState task) {
    task.id = TaskId(id);
    if (task.row) task.row->id = task.id;
    if (task.sent) task.sent->change.id = task.id;
    return task;
  }
  static TaskState Pending(const std::string& id, int64_t since) {
    return CreateTask(TaskId(id), "milk", {since});
  }
  static TaskState SentAs(const std::string& id, int64_t number) {
    TaskState task = Pending(id, 1);
    Freeze(task, NumberedAs(number));
    return task;
  }
  static std::vector<std::string> Texts(const std::vector<TaskId>& ids) {
    std::vector<std::string> texts;
    for (const TaskId& id : ids) texts.push_back(id.value());
    return texts;
  }
  static std::vector<std::string> Texts(const std::vector<TaskState>& tasks) {
    std::vector<std::string> texts;
    for (const TaskState& task : tasks) texts.push_back(task.id.value());
    return texts;
  }

  std::unique_ptr<StoreFixture> fixture_ = GetParam()();
};

// Every member unlike its default.
inline Replica FullReplica() {
  Replica replica;
  replica.device = kPhone;
  replica.last_number = {12};
  replica.acked = {11};
  replica.epoch = Epoch("e1");
  replica.cursor = {100};
  replica.etag = "\"1-100-3\"";
  replica.synced_at = {5};
  replica.series = Series{
      .page = "p2", .last_sync = {90}, .resync = Resync::kRewound, .tasks_before = 7, .whole_state = 4};
  replica.held = HeldAnswer{
      .removes = 30, .of = 40, .since = {6}, .cursor = Stamp{110}, .etag = "\"2-110-4\"", .whole_state = 2};
  replica.whole_state = 3;
  replica.live_count = 1;
  replica.version_sum = 3;
  replica.healed_at = {8};
  replica.edited_at = {9};
  return replica;
}

inline TaskState FullTask(const std::string& id) {
  TaskState task = Told(3);
  task.row->pinned = true;
  EditTask(task, {.content = "bread", .completed = true, .pinned = false, .deleted_at = kLive}, kNow);
  Freeze(task, NumberedAs(12));
  task.sent->overlapped = true;
  task.sent->restated = true;
  task.sent->verdict = Verdict{.outcome = Outcome::kRejected, .code = "validation", .detail = "no"};
  task.sent->change.created_at = UnixMillis{50};
  EditTask(task, {.deleted_at = kLater}, kLater);
  task.restated = Edit{.base = {1},
                       .created_at = UnixMillis{60},
                       .updated_at = {70},
                       .since = {80},
                       .fields = Content(""),
                       .overlapped = false,
                       .was_sent = true};
  task.doomed = true;
  task.named_in = 4;
  task.id = task.row->id = task.sent->change.id = TaskId(id);
  return task;
}

inline Conflict ConflictAt(int64_t at, Field field = Field::kContent) {
  FieldValue value = std::string("milk");
  if (field == Field::kPinned) value = true;
  if (field == Field::kDeletedAt) value = UnixMillis{77};
  return {.id = kTask,
          .field = field,
          .winner = Winner::kClient,
          .kept = {.value = value, .updated_at = {1}, .device = kPhone},
          .discarded = {.value = value, .updated_at = {2}, .device = kWeb},
          .at = {at}};
}

TEST_P(LocalStoreContract, ANewStoreIsEmpty) {
  EXPECT_EQ(Read([](Transaction& tx) { return tx.GetReplica(); }), Replica());
  EXPECT_TRUE(Get("t").empty());
  EXPECT_EQ(Get("t").id, kTask);
}

TEST_P(LocalStoreContract, KeepsTheWholeReplica) {
  Write([](Transaction& tx) { tx.PutReplica(FullReplica()); });
  fixture_->Reopen();
  EXPECT_EQ(Read([](Transaction& tx) { return tx.GetReplica(); }), FullReplica());
}

TEST_P(LocalStoreContract, KeepsAReplicaWithoutSeriesOrHeldAnswer) {
  Replica replica = FullReplica();
  Write([&](Transaction& tx) { tx.PutReplica(replica); });
  replica.series.reset();
  replica.held->cursor.reset();
  replica.epoch.reset();
  Write([&](Transaction& tx) { tx.PutReplica(replica); });
  EXPECT_EQ(Read([](Transaction& tx) { return tx.GetReplica(); }), replica);
  replica.held.reset();
  Write([&](Transaction& tx) { tx.PutReplica(replica); });
  EXPECT_EQ(Read([](Transaction& tx) { return tx.GetReplica(); }), replica);
}

TEST_P(LocalStoreContract, KeepsNotesByName) {
  Write([](Transaction& tx) { tx.PutNote("schedule", "{}"); });
  Write([](Transaction& tx) { tx.PutNote("schedule", std::string("a\0b", 3)); });
  fixture_->Reopen();
  EXPECT_EQ(Read([](Transaction& tx) { return tx.GetNote("schedule"); }), std::string("a\0b", 3));
  EXPECT_EQ(Read([](Transaction& tx) { return tx.GetNote("session"); }), "");
}

TEST_P(LocalStoreContract, KeepsEveryPartOfATask) {
  Put(FullTask("t"));
  fixture_->Reopen();
  EXPECT_EQ(Get("t"), FullTask("t"));
}

TEST_P(LocalStoreContract, PutReplacesAllOfATask) {
  Put(FullTask("t"));
  const TaskState told = Told();
  Put(told);
  EXPECT_EQ(Get("t"), told);
  EXPECT_EQ(Read([](Transaction& tx) { return tx.CountPending(); }), 0);
  EXPECT_THAT(Read([](Transaction& tx) { return tx.ListDoomed(); }), testing::IsEmpty());
}

TEST_P(LocalStoreContract, AnEmptyTaskIsRemoved) {
  Put(FullTask("t"));
  Put(TaskState{.id = kTask});
  EXPECT_THAT(Read([](Transaction& tx) { return tx.List(TaskId(), 10); }), testing::IsEmpty());
}

TEST_P(LocalStoreContract, AFailedTransactionLeavesNoTrace) {
  Put(Told());
  Write([](Transaction& tx) {
    tx.PutReplica(FullReplica());
    tx.PutNote("n", "1");
    tx.AddConflict(ConflictAt(1));
  });
  const absl::Status failed = fixture_->store().Write([](Transaction& tx) {
    tx.Put(FullTask("t"));
    tx.Put(Pending("new", 1));
    tx.PutReplica(Replica());
    tx.PutNote("n", "2");
    tx.PutAside(*Told().row);
    tx.AddConflict(ConflictAt(2));
    tx.DismissConflict({1}, Field::kContent);
    tx.AddRejection({.change = {}, .code = "x", .detail = "", .at = {}});
    return absl::AbortedError("changed my mind");
  });
  EXPECT_EQ(failed, absl::AbortedError("changed my mind"));
  EXPECT_EQ(Get("t"), Told());
  EXPECT_TRUE(Get("new").empty());
  EXPECT_EQ(Read([](Transaction& tx) { return tx.GetReplica(); }), FullReplica());
  EXPECT_EQ(Read([](Transaction& tx) { return tx.GetNote("n"); }), "1");
  EXPECT_THAT(Read([](Transaction& tx) { return tx.ListAside(); }), testing::IsEmpty());
  EXPECT_THAT(Read([](Transaction& tx) { return tx.ListConflicts(); }), testing::ElementsAre(ConflictAt(1)));
  EXPECT_THAT(Read([](Transaction& tx) { return tx.ListRejections(); }), testing::IsEmpty());
  EXPECT_THAT(Read([](Transaction& tx) { return tx.ListPending(); }), testing::IsEmpty());
}

TEST_P(LocalStoreContract, ATransactionSeesWhatItHasWritten) {
  Write([](Transaction& tx) {
    tx.Put(Pending("a", 1));
    EXPECT_EQ(tx.CountPending(), 1);
    EXPECT_THAT(Texts(tx.ListEdited(10)), testing::ElementsAre("a"));
  });
}

TEST_P(LocalStoreContract, WhatAReadWritesIsNotKept) {
  (void)fixture_->store().Read([](Transaction& tx) {
    tx.Put(Told());
    return absl::OkStatus();
  });
  EXPECT_TRUE(Get("t").empty());
}

TEST_P(LocalStoreContract, ListsTasksByIdInParts) {
  for (const char* id : {"c", "a", "b"}) Put(Named(id, Told()));
  EXPECT_THAT(Texts(Read([](Transaction& tx) { return tx.List(TaskId(), 2); })),
              testing::ElementsAre("a", "b"));
  EXPECT_THAT(Texts(Read([](Transaction& tx) { return tx.List(TaskId("b"), 2); })),
              testing::ElementsAre("c"));
}

TEST_P(LocalStoreContract, FindsByTheBeginningOfAnId) {
  for (const char* id : {"ab", "abc", "ac", "b", "a~"}) Put(Named(id, Told()));
  const auto find = [&](const char* prefix, int limit) {
    return Texts(Read([&](Transaction& tx) { return tx.FindByPrefix(prefix, limit); }));
  };
  EXPECT_THAT(find("ab", 10), testing::ElementsAre("ab", "abc"));
  EXPECT_THAT(find("a", 2), testing::ElementsAre("ab", "abc"));
  EXPECT_THAT(find("x", 10), testing::IsEmpty());
}

TEST_P(LocalStoreContract, ListsLivingTasksThatAWholeStateDidNotName) {
  const auto named = [](const char* id, int64_t in) {
    TaskState task = Named(id, Told());
    task.named_in = in;
    return task;
  };
  Put(named("old", 1));
  Put(named("now", 2));
  TaskState dead = named("dead", 1);
  ApplyDeletion(dead, kNow);
  Put(dead);
  Put(Pending("mine", 1));
  EXPECT_THAT(Texts(Read([](Transaction& tx) { return tx.ListUnnamed(2); })), testing::ElementsAre("old"));
}

TEST_P(LocalStoreContract, ListsDoomedTasks) {
  TaskState doomed = Named("doomed", Told());
  doomed.doomed = true;
  Put(doomed);
  Put(Named("fine", Told()));
  EXPECT_THAT(Texts(Read([](Transaction& tx) { return tx.ListDoomed(); })), testing::ElementsAre("doomed"));
}

TEST_P(LocalStoreContract, ListsWhatIsLongDeadAndHasNothingPending) {
  const auto dead = [](const char* id, int64_t at) {
    TaskState task = Named(id, Told());
    ApplyDeletion(task, {at});
    return task;
  };
  Put(dead("long", 10));
  Put(dead("lately", 20));
  TaskState edited = dead("edited", 10);
  RestoreTask(edited, kNow);
  Put(edited);
  Put(Named("alive", Told()));
  EXPECT_THAT(Texts(Read([](Transaction& tx) { return tx.ListDeadBefore({20}, 10); })),
              testing::ElementsAre("long"));
}

TEST_P(LocalStoreContract, QueuesTheOldestFirstAndWhatWasSentByNumber) {
  Put(Pending("young", 30));
  Put(Pending("b", 20));
  Put(Pending("a", 20));
  Put(SentAs("s10", 10));
  Put(SentAs("s9", 9));
  Put(Named("told", Told()));
  EXPECT_THAT(Texts(Read([](Transaction& tx) { return tx.ListSent(); })), testing::ElementsAre("s9", "s10"));
  EXPECT_THAT(Texts(Read([](Transaction& tx) { return tx.ListEdited(10); })),
              testing::ElementsAre("a", "b", "young"));
  EXPECT_THAT(Texts(Read([](Transaction& tx) { return tx.ListEdited(1); })), testing::ElementsAre("a"));
  EXPECT_THAT(Texts(Read([](Transaction& tx) { return tx.ListPending(); })),
              testing::UnorderedElementsAre("a", "b", "young", "s9", "s10"));
  EXPECT_EQ(Read([](Transaction& tx) { return tx.CountPending(); }), 5);
  EXPECT_EQ(Read([](Transaction& tx) { return tx.OldestPending(); }), UnixMillis{1});
}

TEST_P(LocalStoreContract, ListsWhatWaitsWithAllOfIt) {
  Put(FullTask("t"));
  EXPECT_THAT(Read([](Transaction& tx) { return tx.ListSent(); }), testing::ElementsAre(FullTask("t")));
}

TEST_P(LocalStoreContract, KeepsRowsOfARestoredServerApart) {
  Row row = *Told().row;
  Write([&](Transaction& tx) { tx.PutAside(row); });
  row.content = "bread";
  Write([&](Transaction& tx) { tx.PutAside(row); });
  EXPECT_EQ(Read([](Transaction& tx) { return tx.GetAside(kTask); }), row);
  EXPECT_TRUE(Get("t").empty());
  EXPECT_THAT(Texts(Read([](Transaction& tx) { return tx.ListAside(); })), testing::ElementsAre("t"));
  Write([](Transaction& tx) { tx.RemoveAside(kTask); });
  EXPECT_FALSE(Read([](Transaction& tx) { return tx.GetAside(kTask); }));
  Write([&](Transaction& tx) {
    tx.PutAside(row);
    tx.ClearAside();
  });
  EXPECT_THAT(Read([](Transaction& tx) { return tx.ListAside(); }), testing::IsEmpty());
}

TEST_P(LocalStoreContract, KnowsAConflictByItsStampAndField) {
  Write([](Transaction& tx) {
    EXPECT_TRUE(tx.AddConflict(ConflictAt(2)));
    EXPECT_TRUE(tx.AddConflict(ConflictAt(1, Field::kDeletedAt)));
    EXPECT_TRUE(tx.AddConflict(ConflictAt(2, Field::kPinned)));
    EXPECT_FALSE(tx.AddConflict(ConflictAt(2)));
  });
  fixture_->Reopen();
  EXPECT_THAT(
      Read([](Transaction& tx) { return tx.ListConflicts(); }),
      testing::ElementsAre(ConflictAt(1, Field::kDeletedAt), ConflictAt(2), ConflictAt(2, Field::kPinned)));
}

TEST_P(LocalStoreContract, ADismissedConflictDoesNotComeBack) {
  Write([](Transaction& tx) {
    tx.AddConflict(ConflictAt(1));
    tx.DismissConflict({1}, Field::kContent);
    EXPECT_FALSE(tx.AddConflict(ConflictAt(1)));
  });
  EXPECT_THAT(Read([](Transaction& tx) { return tx.ListConflicts(); }), testing::IsEmpty());
}

TEST_P(LocalStoreContract, KeepsTheNewestConflicts) {
  Write([](Transaction& tx) {
    for (int at = 1; at <= kConflictsKeptMax + 2; ++at) tx.AddConflict(ConflictAt(at));
  });
  const auto kept = Read([](Transaction& tx) { return tx.ListConflicts(); });
  ASSERT_EQ(kept.size(), static_cast<std::size_t>(kConflictsKeptMax));
  EXPECT_EQ(kept.front().at.value, 3);
}

TEST_P(LocalStoreContract, KeepsRejectionsUntilTheyAreDismissed) {
  TaskState task = FullTask("t");
  const Rejection first{.change = task.sent->change, .code = "validation", .detail = "no", .at = kNow};
  Rejection second = first;
  second.change.number = {13};
  second.change.fields = Completed();
  second.change.created_at.reset();
  Write([&](Transaction& tx) {
    tx.AddRejection(first);
    tx.AddRejection(second);
  });
  fixture_->Reopen();
  EXPECT_THAT(Read([](Transaction& tx) { return tx.ListRejections(); }), testing::ElementsAre(first, second));
  Write([](Transaction& tx) { tx.DismissRejection(kPhone, {12}); });
  EXPECT_THAT(Read([](Transaction& tx) { return tx.ListRejections(); }), testing::ElementsAre(second));
}

TEST_P(LocalStoreContract, EachWriteHasARevisionOfItsOwn) {
  const int64_t before = *fixture_->store().Revision();
  EXPECT_EQ(*fixture_->store().Revision(), before);
  Put(Told());
  EXPECT_NE(*fixture_->store().Revision(), before);
}

}  // namespace tidemark::client
