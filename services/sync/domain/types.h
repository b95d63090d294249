// What the sync engine speaks of (SPEC 3.1, 5.1, 5.2). Plain values, no behaviour beyond their own sense.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/clock/clock.h"
#include "common/ids/ids.h"

namespace tidemark::sync {

// A place in the order in which one user's changes committed (SPEC 5.1). Looks like milliseconds, is never
// reused.
struct Stamp {
  int64_t value = 0;
  auto operator<=>(const Stamp&) const = default;
};

// Counts the stored edits of one task.
struct Version {
  int64_t value = 0;
  auto operator<=>(const Version&) const = default;
};

// Numbers the changes of one device from 1 (SPEC 5.6).
struct MutationId {
  int64_t value = 0;
  auto operator<=>(const MutationId&) const = default;
};

// Names the data set; a restore from a backup starts a new one.
using Epoch = Id<struct EpochTag>;

// The fields of a task that are merged, each on its own.
enum class Field : std::size_t { kContent, kCompleted, kPinned, kDeletedAt };
inline constexpr std::size_t kFieldCount = 4;
inline constexpr std::array<Field, kFieldCount> kFields = {Field::kContent, Field::kCompleted, Field::kPinned,
                                                           Field::kDeletedAt};

// content: string; completed, pinned: bool; deleted_at: a time, 0 when the task lives.
using FieldValue = std::variant<std::string, bool, UnixMillis>;
inline const FieldValue kLive = UnixMillis{0};

// True for a deleted_at that says deleted.
inline bool SaysDeleted(const FieldValue& deleted_at) { return std::get<UnixMillis>(deleted_at).value > 0; }

// One value per field, indexed by Field.
template <typename T>
class PerField {
 public:
  T& operator[](Field field) { return values_[static_cast<std::size_t>(field)]; }
  const T& operator[](Field field) const { return values_[static_cast<std::size_t>(field)]; }
  bool operator==(const PerField&) const = default;

 private:
  std::array<T, kFieldCount> values_{};
};

// A stored value and its last change.
struct StoredField {
  FieldValue value;
  Version version;
  Stamp stamp;
  DeviceId device;
  // The writer's clock, as given.
  UnixMillis updated_at;
  // The same, corrected (SPEC 5.4). What conflicts compare.
  UnixMillis edited_at;
  bool operator==(const StoredField&) const = default;
};

// A row of the store.
struct TaskRow {
  TaskId id;
  Version version;
  // Of its last change.
  Stamp stamp;
  UnixMillis created_at;
  UnixMillis updated_at;
  // Who wrote last.
  DeviceId device;
  // When it was made or last came back to life: a cursor before it has never seen this life of the task.
  Stamp alive_since;
  PerField<StoredField> fields;

  bool deleted() const { return SaysDeleted(fields[Field::kDeletedAt].value); }
  bool operator==(const TaskRow&) const = default;
};

// A user's place (SPEC 5.1): one row, locked by each push.
struct Head {
  // The newest stamp given.
  Stamp high_water;
  int64_t live_count = 0;
  int64_t version_sum = 0;
  // Tombstones up to here may be gone.
  Stamp purged_through;
  bool operator==(const Head&) const = default;
};

// One edit of one task, as a device sent it.
struct Change {
  TaskId id;
  std::optional<MutationId> mutation;
  // The version the device last saw, plus one.
  Version version;
  UnixMillis updated_at;
  // updated_at corrected by the device's clock error (SPEC 5.4).
  UnixMillis edited_at;
  DeviceId device;
  std::optional<UnixMillis> created_at;
  // Absent: untouched.
  PerField<std::optional<FieldValue>> fields;
};

enum class Winner { kServer, kClient };

// A value with its writer.
struct FieldEdit {
  FieldValue value;
  UnixMillis updated_at;
  DeviceId device;
  bool operator==(const FieldEdit&) const = default;
};

// Two devices edited without having seen each other's edit (SPEC 5.3).
struct Conflict {
  TaskId id;
  Field field = Field::kContent;
  Winner winner = Winner::kServer;
  FieldEdit kept;
  FieldEdit discarded;
  Stamp at;
  bool operator==(const Conflict&) const = default;
};

enum class Reason { kOverwritten, kConflict, kDeleted };

// A value that is not, or is no longer, the stored one (SPEC 5.5).
struct HistoryEntry {
  TaskId id;
  Field field = Field::kContent;
  FieldValue value;
  Version version;
  UnixMillis updated_at;
  DeviceId device;
  // When it was replaced, or refused.
  Stamp at;
  Reason reason = Reason::kOverwritten;
  // False: it lost on arrival and was never the stored value.
  bool was_stored = true;
  bool operator==(const HistoryEntry&) const = default;
};

inline constexpr int64_t kChangesBehindMax = 10'000;

// How far a device has got (SPEC 3.6).
struct DeviceStatus {
  DeviceId device;
  UnixMillis last_seen;
  // What it has confirmed.
  Stamp cursor;
  // Tasks changed after the cursor, deleted ones included; no more than kChangesBehindMax are counted.
  int64_t changes_behind = 0;
  // Nothing is left to tell it, not even a conflict that changed no task.
  bool up_to_date = false;
  bool operator==(const DeviceStatus&) const = default;
};

// A change that was not stored.
struct Rejection {
  TaskId id;
  std::optional<MutationId> mutation;
  // One of the SPEC's codes.
  std::string code;
  std::string detail;
  bool operator==(const Rejection&) const = default;
};

}  // namespace tidemark::sync
