// What the client speaks of (SPEC 3.1): tasks, their fields, and edits of them. Plain values.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "common/clock/clock.h"
#include "common/ids/ids.h"

namespace tidemark::client {

// A place in the order in which one user's changes were stored (SPEC 5.1). The cursor is one.
struct Stamp {
  int64_t value = 0;
  auto operator<=>(const Stamp&) const = default;
};

// Counts the stored edits of one task. 0: a task that no server has stored.
struct Version {
  int64_t value = 0;
  auto operator<=>(const Version&) const = default;
};

// Numbers the changes of one device from 1 (SPEC 5.6).
struct MutationId {
  int64_t value = 0;
  auto operator<=>(const MutationId&) const = default;
};

// Names the server's data set; a restore from a backup starts a new one.
using Epoch = Id<struct ClientEpochTag>;

// The server's bounds (SPEC 3.1, 3.3).
inline constexpr std::size_t kContentBytesMax = 16'384;
inline constexpr std::size_t kTaskIdBytesMax = 128;

// A deleted_at that says that the task lives.
inline constexpr UnixMillis kLive{0};

enum class Field { kContent, kCompleted, kPinned, kDeletedAt };

// content: string; completed, pinned: bool; deleted_at: a time, kLive when the task lives.
using FieldValue = std::variant<std::string, bool, UnixMillis>;

// Some of the fields that are edited and merged each on its own. Absent: untouched.
struct Fields {
  std::optional<std::string> content = std::nullopt;
  std::optional<bool> completed = std::nullopt;
  std::optional<bool> pinned = std::nullopt;
  // kLive: brought back.
  std::optional<UnixMillis> deleted_at = std::nullopt;

  bool empty() const { return !content && !completed && !pinned && !deleted_at; }
  bool deletes() const { return deleted_at && *deleted_at != kLive; }
  bool restores() const { return deleted_at && *deleted_at == kLive; }
  bool operator==(const Fields&) const = default;
};

// `over` where it gives something, `under` elsewhere.
Fields LaidOver(const Fields& under, const Fields& over);
// True: they have a field in common.
bool Meet(const Fields& a, const Fields& b);

// A task as the server last told it, or as it was when it was deleted.
struct Row {
  TaskId id = {};
  Version version = {};
  UnixMillis created_at = {};
  UnixMillis updated_at = {};
  // Set: dead. Kept for a while, so that it can be restored.
  UnixMillis deleted_at = {};
  std::string content = {};
  bool completed = false;
  bool pinned = false;
  DeviceId device = {};

  bool alive() const { return deleted_at == kLive; }
  bool operator==(const Row&) const = default;
};

// What an answer tells of a task: the fields that changed after the cursor, or all of them.
struct Update {
  TaskId id = {};
  Version version = {};
  UnixMillis updated_at = {};
  DeviceId device = {};
  // Set when the task is whole.
  std::optional<UnixMillis> created_at = std::nullopt;
  Fields fields = {};
  bool operator==(const Update&) const = default;
};

// One numbered edit of one task, as it is sent.
struct Change {
  TaskId id = {};
  MutationId number = {};
  // The version that the edit was made on, plus one.
  Version version = {};
  std::optional<UnixMillis> created_at = std::nullopt;
  UnixMillis updated_at = {};
  DeviceId device = {};
  Fields fields = {};
  bool operator==(const Change&) const = default;
};

}  // namespace tidemark::client
