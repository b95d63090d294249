// All that this device knows for one person apart from the tasks themselves. Plain values, stored in the same
// transactions as the tasks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "client/domain/protocol.h"
#include "client/domain/task.h"

namespace tidemark::client {

// An answer of several pages that is not complete yet. Kept, so that a first sync of many tasks over a bad
// network goes on where it was cut.
struct Series {
  // Asks for the next page.
  std::string page = {};
  Stamp last_sync = {};
  std::optional<Resync> resync = std::nullopt;
  // Living tasks of this device before it began.
  int64_t tasks_before = 0;
  // Not 0: it tells the whole state, with this number (Replica::whole_state). What it does not name by its
  // end is gone.
  int64_t whole_state = 0;
  bool operator==(const Series&) const = default;
};

// An answer that would remove so much that the person is asked first (guard.h).
struct HeldAnswer {
  int64_t removes = 0;
  // Living tasks before it.
  int64_t of = 0;
  UnixMillis since = {};
  // Where the device will be when the person agrees. Nothing: the pull was deferred, the cursor stays.
  std::optional<Stamp> cursor = std::nullopt;
  std::string etag = {};
  // Not 0: it told the whole state, with this number, and what it did not name is gone as well.
  int64_t whole_state = 0;
  bool operator==(const HeldAnswer&) const = default;
};

struct Replica {
  // Lives and dies with its numbers: none is used twice. Empty: a new store.
  DeviceId device = {};
  MutationId last_number = {};
  // The highest number whose answer is stored.
  MutationId acked = {};
  std::optional<Epoch> epoch = std::nullopt;
  // The server_time of the last complete answer; 0: never synced.
  Stamp cursor = {};
  // With its quotes. Empty: not known.
  std::string etag = {};
  // This device's clock at the last complete sync, a 304 included; 0: never.
  UnixMillis synced_at = {};
  std::optional<Series> series = std::nullopt;
  std::optional<HeldAnswer> held = std::nullopt;
  // Counts the answers that told the whole state. A row that was told carries the count
  // (TaskState::named_in).
  int64_t whole_state = 0;
  // Of living rows, for the self-check.
  int64_t live_count = 0;
  int64_t version_sum = 0;
  // The last full resync that a failed self-check asked for; 0: none.
  UnixMillis healed_at = {};
  // When the person last made or edited a task (SPEC 6.1: activity); 0: never.
  UnixMillis edited_at = {};

  bool operator==(const Replica&) const = default;
};

}  // namespace tidemark::client
