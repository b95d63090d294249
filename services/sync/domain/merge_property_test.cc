// The law of merge.h, over random tasks and changes. A failure prints the seed that repeats it.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "services/sync/domain/merge.h"
#include "services/sync/domain/test_edit.h"

namespace tidemark::sync {
namespace {

constexpr int kRounds = 5'000;
// Above all stamps of the random tasks.
constexpr Stamp kStamp{1000};

// Small ranges, so that equal values, ties and every order of versions are common.
class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}

  int64_t Between(int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(engine_);
  }
  bool OneIn(int64_t n) { return Between(1, n) == 1; }

  FieldValue Value(Field field) {
    if (field == Field::kContent) return std::string(1, static_cast<char>('a' + Between(0, 2)));
    if (field == Field::kDeletedAt) return UnixMillis{OneIn(2) ? 0 : Between(1, 3)};
    return OneIn(2);
  }

  DeviceId Device() {
    const DeviceId devices[] = {kLaptop, kPhone, kWeb};
    return devices[Between(0, 2)];
  }

  TaskRow Row() {
    TaskRow row;
    row.id = TaskId("t");
    row.version = {Between(1, 5)};
    row.stamp = {Between(1, 50)};
    row.created_at = {Between(0, 20)};
    row.updated_at = {Between(0, 20)};
    row.device = Device();
    row.alive_since = {Between(1, row.stamp.value)};
    for (Field field : kFields) {
      row.fields[field] = {.value = Value(field),
                           .version = {Between(1, row.version.value)},
                           .stamp = {Between(1, row.stamp.value)},
                           .device = Device(),
                           .updated_at = {Between(0, 20)},
                           .edited_at = {Between(0, 5)}};
    }
    return row;
  }

  Change AnyChange() {
    Change change = Edit().By(Device()).Version(Between(1, 8)).At(Between(0, 20)).CorrectedTo(Between(0, 5));
    for (Field field : kFields) {
      if (OneIn(2)) change.fields[field] = Value(field);
    }
    return change;
  }

  Basis AnyBasis() {
    Basis basis;
    if (OneIn(2)) return basis;
    basis.cursor = Stamp{Between(0, 50)};
    basis.full_object = OneIn(2);
    if (!basis.full_object) return basis;
    for (Field field : kFields) {
      if (OneIn(3)) basis.held[field] = Value(field);
    }
    return basis;
  }

 private:
  std::mt19937_64 engine_;
};

bool Same(Field field, const FieldValue& a, const FieldValue& b) {
  return field == Field::kDeletedAt ? SaysDeleted(a) == SaysDeleted(b) : a == b;
}

bool Deletes(const Change& change) {
  const auto& deleted_at = change.fields[Field::kDeletedAt];
  return deleted_at && SaysDeleted(*deleted_at);
}

// One random merge and what it made.
struct Trial {
  TaskRow row;
  Change change;
  Basis basis;
  Merged merged;

  bool HasConflictOn(Field field) const {
    return std::any_of(merged.conflicts.begin(), merged.conflicts.end(),
                       [&](const Conflict& conflict) { return conflict.field == field; });
  }
  bool HasInHistory(Field field, const FieldValue& value, bool was_stored) const {
    return std::any_of(merged.history.begin(), merged.history.end(), [&](const HistoryEntry& entry) {
      return entry.field == field && entry.value == value && entry.was_stored == was_stored;
    });
  }
  // Given, yet not an edit (SPEC 5.3, V1).
  bool Untouched(Field field) const {
    const bool null_of_v1 =
        basis.full_object && field == Field::kDeletedAt && !SaysDeleted(*change.fields[field]);
    return null_of_v1 || (basis.held[field] && Same(field, *change.fields[field], *basis.held[field]));
  }
  bool ConcurrentWithAnother(Field field) const {
    const StoredField& stored = row.fields[field];
    if (stored.device == change.device) return false;
    const bool beyond_cursor = basis.cursor && stored.stamp > *basis.cursor;
    return beyond_cursor || (!basis.full_object && stored.version >= change.version);
  }
};

Trial TryOne(uint64_t seed) {
  Dice dice(seed);
  Trial trial{.row = dice.Row(), .change = dice.AnyChange(), .basis = dice.AnyBasis(), .merged = {}};
  trial.merged = Merge(trial.row, trial.change, trial.basis, kStamp);
  return trial;
}

void NothingGivenIsLost(const Trial& t) {
  for (Field field : kFields) {
    const auto& given = t.change.fields[field];
    if (!given || t.Untouched(field)) continue;
    const bool stands = Same(field, *given, t.merged.task.fields[field].value);
    const bool recorded = t.HasInHistory(field, *given, false) &&
                          (t.HasConflictOn(field) || t.HasConflictOn(Field::kDeletedAt));
    EXPECT_TRUE(stands || recorded) << "field " << static_cast<int>(field);
  }
}

void NothingStoredIsLost(const Trial& t) {
  for (Field field : kFields) {
    const StoredField& before = t.row.fields[field];
    if (t.merged.task.fields[field] == before) continue;
    EXPECT_TRUE(t.HasInHistory(field, before.value, true)) << "field " << static_cast<int>(field);
  }
}

void OnlyWhatIsGivenChanges(const Trial& t) {
  for (Field field : kFields) {
    if (t.merged.task.fields[field] == t.row.fields[field]) continue;
    const bool a_text_revived_it = field == Field::kDeletedAt && t.row.deleted() &&
                                   !t.merged.task.deleted() && t.change.fields[Field::kContent] &&
                                   !Deletes(t.change);
    EXPECT_TRUE(t.change.fields[field] || a_text_revived_it) << "field " << static_cast<int>(field);
    EXPECT_EQ(t.merged.task.fields[field].device, t.change.device);
    EXPECT_EQ(t.merged.task.fields[field].stamp, kStamp);
    EXPECT_EQ(t.merged.task.fields[field].version, t.merged.task.version);
  }
  EXPECT_EQ(t.merged.task.created_at, t.row.created_at);
}

void ConflictsAreBetweenTwoDevicesOneAFieldAndOnlyOfConcurrentEdits(const Trial& t) {
  bool any_concurrent = false;
  for (Field field : kFields) any_concurrent |= t.ConcurrentWithAnother(field);
  EXPECT_TRUE(any_concurrent || t.merged.conflicts.empty());
  for (Field field : kFields) {
    EXPECT_LE(std::count_if(t.merged.conflicts.begin(), t.merged.conflicts.end(),
                            [&](const Conflict& conflict) { return conflict.field == field; }),
              1);
  }
  for (const Conflict& conflict : t.merged.conflicts) {
    EXPECT_NE(conflict.kept.device, conflict.discarded.device);
    const FieldEdit& clients = conflict.winner == Winner::kClient ? conflict.kept : conflict.discarded;
    EXPECT_EQ(clients.device, t.change.device);
    EXPECT_TRUE(Same(conflict.field, conflict.kept.value, t.merged.task.fields[conflict.field].value));
    EXPECT_FALSE(Same(conflict.field, conflict.kept.value, conflict.discarded.value));
  }
}

void VersionsRiseOnlyWithAChange(const Trial& t) {
  if (!t.merged.changed) {
    EXPECT_EQ(t.merged.task, t.row);
    return;
  }
  const bool fast_forward = !t.basis.cursor && t.change.version > t.row.version;
  EXPECT_EQ(t.merged.task.version.value, fast_forward ? t.change.version.value : t.row.version.value + 1);
  EXPECT_EQ(t.merged.task.stamp, kStamp);
  EXPECT_EQ(t.merged.task.device, t.change.device);
  EXPECT_TRUE(t.merged.conflicts.empty() || !fast_forward);
}

// A sender that is not told may rely on what it sent.
void AsSentIsAsSent(const Trial& t) {
  if (!t.merged.as_sent) return;
  EXPECT_EQ(t.merged.task.version, t.change.version);
  for (Field field : kFields) {
    if (t.change.fields[field]) {
      EXPECT_TRUE(Same(field, *t.change.fields[field], t.merged.task.fields[field].value));
    }
  }
}

void MergedAgainWithoutAConflictNothingMoreHappens(const Trial& t) {
  if (!t.merged.conflicts.empty()) return;
  const Merged again = Merge(t.merged.task, t.change, t.basis, Stamp{kStamp.value + 1});
  EXPECT_FALSE(again.changed);
  EXPECT_TRUE(again.conflicts.empty());
  EXPECT_TRUE(again.history.empty());
}

TEST(MergeProperty, TheLawHoldsForRandomTasksAndChanges) {
  for (uint64_t seed = 1; seed <= kRounds; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Trial trial = TryOne(seed);
    NothingGivenIsLost(trial);
    NothingStoredIsLost(trial);
    OnlyWhatIsGivenChanges(trial);
    ConflictsAreBetweenTwoDevicesOneAFieldAndOnlyOfConcurrentEdits(trial);
    VersionsRiseOnlyWithAChange(trial);
    AsSentIsAsSent(trial);
    MergedAgainWithoutAConflictNothingMoreHappens(trial);
    if (testing::Test::HasFailure()) return;
  }
}

// An edit that a person can make of what they see: it differs, a living task is deleted, a deleted one
// restored.
Change EditOfWhatIsSeen(Dice& dice, const TaskRow& seen, const DeviceId& device) {
  Change change = Edit().By(device).Version(seen.version.value + 1).At(dice.Between(0, 20));
  change.edited_at = {dice.Between(0, 5)};
  for (Field field : kFields) {
    const FieldValue value = dice.Value(field);
    if (dice.OneIn(2) && !Same(field, value, seen.fields[field].value)) change.fields[field] = value;
  }
  return change;
}

// What a person sees of a task.
std::string Seen(const TaskRow& task) {
  if (task.deleted()) return "deleted";
  return ContentOf(task) + (std::get<bool>(task.fields[Field::kCompleted].value) ? " completed" : "") +
         (std::get<bool>(task.fields[Field::kPinned].value) ? " pinned" : "");
}

TEST(MergeProperty, TwoDevicesEndAlikeWhicheverArrivesFirst) {
  for (uint64_t seed = 1; seed <= kRounds; ++seed) {
    Dice dice(seed);
    const TaskRow base = dice.Row();
    const Change a = EditOfWhatIsSeen(dice, base, kLaptop);
    const Change b = EditOfWhatIsSeen(dice, base, kWeb);
    const Stamp second{kStamp.value + 1};
    const TaskRow a_then_b = Merge(Merge(base, a, {}, kStamp).task, b, {}, second).task;
    const TaskRow b_then_a = Merge(Merge(base, b, {}, kStamp).task, a, {}, second).task;
    ASSERT_EQ(Seen(a_then_b), Seen(b_then_a)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace tidemark::sync
