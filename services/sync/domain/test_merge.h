// SPEC 5.3 as a table: what was stored, what a device sends, what becomes of it. Each file of cases
// instantiates MergeTable.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <variant>
#include <vector>

#include "services/sync/domain/merge.h"
#include "services/sync/domain/test_edit.h"

namespace tidemark::sync {

constexpr Stamp kStamp{100};

// The task as edits left it that each saw all before: version 1, 2, 3 … and stamp 10, 20, 30 …
inline TaskRow Stored(const std::vector<Change>& edits) {
  Stamp stamp{10};
  TaskRow task = Create(edits.front(), stamp);
  for (std::size_t i = 1; i < edits.size(); ++i) {
    stamp.value += 10;
    task = Merge(task, edits[i], {}, stamp).task;
  }
  return task;
}

inline std::string NameOf(Field field) {
  switch (field) {
    case Field::kContent:
      return "content";
    case Field::kCompleted:
      return "completed";
    case Field::kPinned:
      return "pinned";
    case Field::kDeletedAt:
      return "deleted_at";
  }
  return "";
}

inline std::string Say(const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return SaysDeleted(value) ? "deleted" : "alive";
}

// "v2 milk completed"
inline std::string Say(const TaskRow& task) {
  std::string text = "v" + std::to_string(task.version.value) + " " + ContentOf(task);
  if (std::get<bool>(task.fields[Field::kCompleted].value)) text += " completed";
  if (std::get<bool>(task.fields[Field::kPinned].value)) text += " pinned";
  if (task.deleted()) text += " deleted";
  return text;
}

// "content: client's bread of laptop over eggs of web"
inline std::string Say(const Conflict& conflict) {
  return NameOf(conflict.field) + ": " + (conflict.winner == Winner::kClient ? "client's " : "server's ") +
         Say(conflict.kept.value) + " of " + conflict.kept.device.value() + " over " +
         Say(conflict.discarded.value) + " of " + conflict.discarded.device.value();
}

// "content milk of phone v1 overwritten"; one that lost on arrival is "refused".
inline std::string Say(const HistoryEntry& entry) {
  std::string text = NameOf(entry.field) + " " + Say(entry.value) + " of " + entry.device.value() + " v" +
                     std::to_string(entry.version.value) + " ";
  if (!entry.was_stored) return text + (entry.reason == Reason::kConflict ? "refused" : "?");
  switch (entry.reason) {
    case Reason::kOverwritten:
      return text + "overwritten";
    case Reason::kConflict:
      return text + "conflict";
    case Reason::kDeleted:
      return text + "deleted";
  }
  return text;
}

template <typename T>
std::vector<std::string> SayEach(const std::vector<T>& things) {
  std::vector<std::string> texts;
  for (const T& thing : things) texts.push_back(Say(thing));
  return texts;
}

// Whether the sender is told the task, or may rely on what it sent.
enum class Sender { kNeedNotBeTold, kIsTold };

struct Case {
  const char* name;
  std::vector<Change> stored;
  Change change;
  std::string task;
  std::vector<std::string> conflicts = {};
  std::vector<std::string> history = {};
  Sender sender = Sender::kIsTold;
  Basis basis = {};
};

inline void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class MergeTable : public testing::TestWithParam<Case> {};

TEST_P(MergeTable, Rule) {
  const Case& c = GetParam();
  const TaskRow row = Stored(c.stored);
  const Merged merged = Merge(row, c.change, c.basis, kStamp);
  EXPECT_EQ(Say(merged.task), c.task);
  EXPECT_THAT(SayEach(merged.conflicts), testing::ElementsAreArray(c.conflicts));
  EXPECT_THAT(SayEach(merged.history), testing::ElementsAreArray(c.history));
  EXPECT_EQ(merged.as_sent, c.sender == Sender::kNeedNotBeTold);
  EXPECT_EQ(merged.changed, merged.task != row);
  for (const Conflict& conflict : merged.conflicts) EXPECT_EQ(conflict.at, kStamp);
  for (const HistoryEntry& entry : merged.history) EXPECT_EQ(entry.at, kStamp);
}

inline std::string NameOfCase(const testing::TestParamInfo<Case>& info) { return info.param.name; }

// The phone makes the task: version 1, stamp 10.
inline Edit Made() { return Edit().By(kPhone).Version(1).At(10).Content("milk"); }
// The web edits it having seen version 1: version 2, stamp 20, edited at 20.
inline Edit WebEdit() { return Edit().By(kWeb).Version(2).At(20); }
// The laptop has seen version 1 alone.
inline Edit LaptopEdit() { return Edit().By(kLaptop).Version(2).At(15); }

}  // namespace tidemark::sync
