// What a device asks and what it is answered (SPEC 3, 4), in the client's own types. The transport turns them
// into messages and back. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/domain/task.h"

namespace tidemark::client {

// ---- Asked

// Has anything changed? (SPEC 3.2)
struct CheckAsk {
  DeviceId device = {};
  // With its quotes.
  std::string etag = {};
  bool operator==(const CheckAsk&) const = default;
};

// Push and pull (SPEC 3.3).
struct SyncAsk {
  Stamp last_sync = {};
  std::optional<Epoch> epoch = std::nullopt;
  DeviceId device = {};
  MutationId acked = {};
  // Nothing: the server takes edit times as they are.
  std::optional<UnixMillis> client_time = std::nullopt;
  // With its quotes.
  std::optional<std::string> if_none_match = std::nullopt;
  std::optional<std::string> page = std::nullopt;
  int limit = 1'000;
  std::vector<Change> changes = {};
  bool operator==(const SyncAsk&) const = default;
};

// V1 (SPEC 4). The changes give every field and have no number.
struct V1Ask {
  Stamp last_sync = {};
  std::vector<Change> changes = {};
  bool operator==(const V1Ask&) const = default;
};

using Ask = std::variant<CheckAsk, SyncAsk, V1Ask>;

// ---- Answered

// A value with its writer.
struct FieldEdit {
  FieldValue value = {};
  UnixMillis updated_at = {};
  DeviceId device = {};
  bool operator==(const FieldEdit&) const = default;
};

enum class Winner { kServer, kClient };

// Two devices edited a field without having seen each other's edit.
struct Conflict {
  TaskId id = {};
  Field field = Field::kContent;
  Winner winner = Winner::kServer;
  FieldEdit kept = {};
  FieldEdit discarded = {};
  // (at, field) is unique.
  Stamp at = {};
  bool operator==(const Conflict&) const = default;
};

// A change that was not stored; the rest of its request was.
struct Rejected {
  TaskId id = {};
  MutationId number = {};
  // One of the SPEC's, e.g. "unknown_task".
  std::string code = {};
  std::string detail = {};
  bool operator==(const Rejected&) const = default;
};

struct CheckAnswer {
  bool not_modified = false;
  // With its quotes.
  std::string etag = {};
  // Nothing: the server suggests nothing.
  std::optional<absl::Duration> next_sync_in = std::nullopt;
};

// Why an answer is page one of the whole state.
enum class Resync {
  // The cursor is older than the oldest kept tombstone.
  kPurged,
  // A backup was restored. Nothing of the request was stored.
  kRewound,
};

// One page of what a sync answers; most answers are one page.
struct Page {
  std::vector<Update> updates = {};
  std::vector<TaskId> deleted = {};
  std::vector<Conflict> conflicts = {};
  std::vector<Rejected> rejected = {};
  Stamp server_time = {};
  Epoch epoch = {};
  // With its quotes. Nothing until the last page, and when the pull was deferred.
  std::optional<std::string> etag = std::nullopt;
  // Names the next page. Nothing: this is the last.
  std::optional<std::string> page = std::nullopt;
  std::optional<Resync> full_resync = std::nullopt;
  // Set: the push was stored, the pull was put off for this long.
  std::optional<absl::Duration> pull_deferred = std::nullopt;
  std::optional<absl::Duration> next_sync_in = std::nullopt;
};

// A V1 answer, whole.
struct V1Page {
  // Deleted ones included, with deleted_at.
  std::vector<Update> updates = {};
  std::vector<Conflict> conflicts = {};
  Stamp server_time = {};
  bool full_resync = false;
};

// A Status: what is known after it is that the request may or may not have been stored. Made by Error()
// (common/status), so that its code and retry_after can be read.
using Answer = std::variant<absl::Status, CheckAnswer, Page, V1Page>;

// ---- Of no sync

enum class Reason { kOverwritten, kConflict, kDeleted };

// An earlier value of one task (SPEC 5.5).
struct HistoryEntry {
  Field field = Field::kContent;
  FieldValue value = {};
  Version version = {};
  UnixMillis updated_at = {};
  DeviceId device = {};
  Stamp at = {};
  Reason reason = Reason::kOverwritten;
};

// How far one of the user's devices has got (SPEC 3.6).
struct DeviceStatus {
  DeviceId device = {};
  UnixMillis last_seen = {};
  Stamp cursor = {};
  bool up_to_date = false;
  int64_t changes_behind = 0;
};

}  // namespace tidemark::client
