// What every Store tells: histories and pulls. Goes with store_contract.h.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include "services/sync/storage/store_contract.h"

namespace tidemark::sync {

TEST_P(StoreContract, HeldIsTheValueReplacedFirstAfterTheCursor) {
  const auto replaced = [](std::string id, Field field, FieldValue value, int64_t at, bool was_stored) {
    return HistoryEntry{.id = TaskId(std::move(id)),
                        .field = field,
                        .value = std::move(value),
                        .version = {1},
                        .updated_at = {1},
                        .device = kPhone,
                        .at = {at},
                        .reason = Reason::kOverwritten,
                        .was_stored = was_stored};
  };
  PushResult result;
  result.history = {replaced("a", Field::kContent, std::string("before the cursor"), 10, true),
                    replaced("a", Field::kContent, std::string("refused"), 11, false),
                    replaced("a", Field::kContent, std::string("held"), 12, true),
                    replaced("a", Field::kContent, std::string("written after it"), 13, true),
                    replaced("a", Field::kPinned, true, 12, true),
                    replaced("a", Field::kDeletedAt, UnixMillis{99}, 13, true),
                    replaced("a", Field::kCompleted, true, 10, true),
                    replaced("b", Field::kContent, std::string("of another task"), 12, true)};
  Write(user_, result);
  PushQuery query = Naming({"a", "a"});
  EXPECT_THAT(Load(user_, query).state.held, testing::IsEmpty());
  query.held_at = Stamp{10};
  const auto held = Load(user_, query).state.held;
  ASSERT_THAT(held, testing::ElementsAre(testing::Key(TaskId("a"))));
  const auto& of_a = held.at(TaskId("a"));
  EXPECT_EQ(of_a[Field::kContent], FieldValue(std::string("held")));
  EXPECT_EQ(of_a[Field::kPinned], FieldValue(true));
  EXPECT_EQ(of_a[Field::kDeletedAt], FieldValue(UnixMillis{99}));
  EXPECT_EQ(of_a[Field::kCompleted], std::nullopt);
}

TEST_P(StoreContract, HeardAreTheEditsOfADeviceThatTheHistoryTellsOf) {
  PushResult result;
  result.history = {
      EntryAt("a", 10, "refused", Reason::kConflict), EntryAt("a", 11, "replaced", Reason::kOverwritten),
      EntryAt("a", 12, "replaced", Reason::kOverwritten), EntryAt("b", 13, "other", Reason::kConflict)};
  HistoryEntry by_another = EntryAt("a", 14, "another's", Reason::kConflict);
  by_another.device = kLaptop;
  result.history.push_back(by_another);
  Write(user_, result);
  PushQuery query = Naming({"a"});
  EXPECT_THAT(Load(user_, query).state.heard, testing::IsEmpty());
  query.heard_of = {kPhone, kPhone, kWeb};
  const auto heard = Load(user_, query).state.heard;
  ASSERT_THAT(heard, testing::ElementsAre(testing::Key(TaskId("a"))));
  EXPECT_THAT(heard.at(TaskId("a"))[Field::kContent],
              testing::UnorderedElementsAre(FieldEdit{std::string("refused"), {5}, kPhone},
                                            FieldEdit{std::string("replaced"), {5}, kPhone}));
}

TEST_P(StoreContract, HistoryIsToldNewestFirstAndOfOneTaskAlone) {
  const auto entry = [](std::string id, std::string value, int64_t at) {
    return EntryAt(std::move(id), at, std::move(value), Reason::kConflict);
  };
  PushResult result = ResultOf({TaskAt("a", 20)});
  result.history = {entry("a", "oldest", 10), entry("a", "first of two", 11), entry("a", "second of two", 11),
                    entry("b", "of another task", 12)};
  Write(user_, result);
  const auto read = [&](std::string id, Stamp after, int entries_max) {
    const HistoryQuery query{.task = TaskId(std::move(id)), .after = after, .entries_max = entries_max};
    return Wait<History>([&] { return store().ReadHistory(user_, query); });
  };
  EXPECT_THAT(read("a", {0}, 10).entries,
              testing::ElementsAre(entry("a", "second of two", 11), entry("a", "first of two", 11),
                                   entry("a", "oldest", 10)));
  EXPECT_THAT(read("a", {10}, 1).entries, testing::ElementsAre(entry("a", "second of two", 11)));
  EXPECT_TRUE(read("a", {0}, 10).task_stored);
  EXPECT_FALSE(read("b", {0}, 10).task_stored);
  EXPECT_EQ(read("b", {0}, 10).entries.size(), 1u);
}

TEST_P(StoreContract, AllTasksComeByRisingIdDeletedOnesToo) {
  const std::vector<TaskRow> tasks = {TaskAt("B", 50), TombstoneAt("a", 10, 10), TaskAt("a1", 30),
                                      TaskAt("b", 20), TaskAt("b-", 40)};
  Write(user_, tasks);
  Write(NewUser(), {TaskAt("a", 10), TaskAt("c", 20)});
  const auto read = [&](std::string after, int rows_max) {
    const TasksQuery query{.after = TaskId(std::move(after)), .rows_max = rows_max};
    return Wait<std::vector<TaskRow>>([&] { return store().ReadTasks(user_, query); });
  };
  EXPECT_EQ(read("", 100), tasks);
  EXPECT_THAT(Ids(read("", 2)), testing::ElementsAre("B", "a"));
  EXPECT_THAT(Ids(read("a", 2)), testing::ElementsAre("a1", "b"));
  EXPECT_THAT(Ids(read("b", 2)), testing::ElementsAre("b-"));
  EXPECT_THAT(read("b-", 2), testing::IsEmpty());
}

TEST_P(StoreContract, AllHistoriesComeByFallingIdNewestFirstAndEachPlaceWhole) {
  const auto entry = [](std::string id, int64_t at, std::string value) {
    return EntryAt(std::move(id), at, std::move(value), Reason::kOverwritten);
  };
  PushResult result = ResultOf({TaskAt("a", 20)});
  result.history = {entry("a", 10, "oldest"), entry("gone", 11, "of a task that is not stored"),
                    entry("a", 12, "first of two"), entry("a", 12, "second of two"), entry("B", 13, "other")};
  Write(user_, result);
  const auto read = [&](std::optional<HistoryPlace> before, Stamp after, int rows_max) {
    const HistoriesQuery query{.before = before, .after = after, .rows_max = rows_max};
    std::vector<std::string> values;
    for (const HistoryEntry& found :
         Wait<std::vector<HistoryEntry>>([&] { return store().ReadHistories(user_, query); })) {
      values.push_back(found.id.value() + ": " + std::get<std::string>(found.value));
    }
    return values;
  };
  using testing::ElementsAre;
  const std::string gone = "gone: of a task that is not stored";
  EXPECT_THAT(read(std::nullopt, {0}, 100),
              ElementsAre(gone, "a: second of two", "a: first of two", "a: oldest", "B: other"));
  EXPECT_THAT(read(std::nullopt, {0}, 2), ElementsAre(gone, "a: second of two", "a: first of two"));
  EXPECT_THAT(read(HistoryPlace{TaskId("a"), {12}}, {0}, 2), ElementsAre("a: oldest", "B: other"));
  EXPECT_THAT(read(HistoryPlace{TaskId("B"), {13}}, {0}, 2), testing::IsEmpty());
  EXPECT_THAT(read(std::nullopt, {11}, 100), ElementsAre("a: second of two", "a: first of two", "B: other"));
}

TEST_P(StoreContract, APullGoesByRisingStampFromTheCursorOn) {
  Write(user_, {TaskAt("a", 30), TaskAt("b", 10), TaskAt("c", 20)});
  EXPECT_THAT(Ids(PullDelta(user_, Everything()).tasks), testing::ElementsAre("b", "c", "a"));
  DeltaQuery query = Everything();
  query.after = {10};
  EXPECT_THAT(Ids(PullDelta(user_, query).tasks), testing::ElementsAre("c", "a"));
  query.after = {30};
  EXPECT_THAT(Ids(PullDelta(user_, query).tasks), testing::IsEmpty());
}

TEST_P(StoreContract, APullStopsAtItsRowsAndSaysSo) {
  PushResult result = ResultOf({TaskAt("a", 1), TaskAt("b", 2), TaskAt("c", 3)});
  result.conflicts = {ConflictAt(4), ConflictAt(5), ConflictAt(6)};
  Write(user_, result);
  DeltaQuery query = Everything();
  query.rows_max = 2;
  const Delta cut = PullDelta(user_, query);
  EXPECT_THAT(Ids(cut.tasks), testing::ElementsAre("a", "b"));
  EXPECT_THAT(Stamps(cut.conflicts), testing::ElementsAre(4, 5));
  EXPECT_TRUE(cut.tasks_cut);
  EXPECT_TRUE(cut.conflicts_cut);
  query.rows_max = 4;
  const Delta whole = PullDelta(user_, query);
  EXPECT_EQ(whole.tasks.size(), 3u);
  EXPECT_EQ(whole.conflicts.size(), 3u);
  EXPECT_FALSE(whole.tasks_cut);
  EXPECT_FALSE(whole.conflicts_cut);
}

TEST_P(StoreContract, ConflictsOfOneStampAreNeverCutApart) {
  PushResult result;
  for (int64_t stamp : {1, 2}) {
    for (Field field : kFields) result.conflicts.push_back(ConflictAt(stamp, field));
  }
  Write(user_, result);
  DeltaQuery query = Everything();
  for (int rows_max = 1; rows_max <= 4; ++rows_max) {
    query.rows_max = rows_max;
    const Delta delta = PullDelta(user_, query);
    EXPECT_THAT(Stamps(delta.conflicts), testing::ElementsAre(1, 1, 1, 1)) << rows_max;
    EXPECT_TRUE(delta.conflicts_cut);
  }
  query.rows_max = 5;
  EXPECT_EQ(PullDelta(user_, query).conflicts.size(), 8u);
}

TEST_P(StoreContract, APullOfNoRowsReadsTheHeadAlone) {
  PushResult result = ResultOf({TaskAt("a", 1)});
  result.conflicts = {ConflictAt(2)};
  Write(user_, result);
  DeltaQuery query = Everything();
  query.rows_max = 0;
  const Snapshot snapshot = Pull(user_, query);
  EXPECT_EQ(snapshot.head.high_water, Stamp{1});
  EXPECT_THAT(snapshot.delta.tasks, testing::IsEmpty());
  EXPECT_THAT(snapshot.delta.conflicts, testing::IsEmpty());
  EXPECT_FALSE(snapshot.delta.tasks_cut);
  EXPECT_FALSE(snapshot.delta.conflicts_cut);
}

TEST_P(StoreContract, TombstonesAndConflictsAreNewsOnlyAfterTheirOwnCursor) {
  PushResult result = ResultOf({TaskAt("alive", 10), TombstoneAt("old", 20, 20),
                                TombstoneAt("touched", 20, 40), TombstoneAt("new", 30, 30)});
  result.conflicts = {ConflictAt(20), ConflictAt(21)};
  Write(user_, result);
  DeltaQuery query = Everything();
  query.news_after = Stamp{20};
  const Delta delta = PullDelta(user_, query);
  EXPECT_THAT(Ids(delta.tasks), testing::ElementsAre("alive", "new"));
  EXPECT_THAT(Stamps(delta.conflicts), testing::ElementsAre(21));
  query.news_after.reset();
  const Delta without_news = PullDelta(user_, query);
  EXPECT_THAT(Ids(without_news.tasks), testing::ElementsAre("alive"));
  EXPECT_THAT(without_news.conflicts, testing::IsEmpty());
  query = Everything();
  query.after = {20};
  EXPECT_THAT(Stamps(PullDelta(user_, query).conflicts), testing::ElementsAre(21));
  EXPECT_THAT(Ids(PullDelta(user_, query).tasks), testing::ElementsAre("new", "touched"));
}

}  // namespace tidemark::sync
