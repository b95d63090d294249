// What callers ask of the engine and what they get (SPEC 3.3, 4), in domain types.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/origin/origin.h"
#include "services/ratelimit/client/limiter.h"
#include "services/ratelimit/client/quota.h"
#include "services/sync/domain/limits.h"
#include "services/sync/domain/pull.h"
#include "services/sync/domain/push.h"
#include "services/sync/domain/types.h"

namespace tidemark::sync {

// One call of one user. Lives as long as the call.
struct Call {
  UserId user;
  // Of the caller's token.
  SessionId session = SessionId();
  Origin origin = {};
  // Until when the caller may be answered.
  UnixMillis token_expires_at = {kUnixMillisMax};
  // The bucket or budget that was asked and what it said, for the answer's headers.
  struct LimitReport {
    ratelimit::Ask ask;
    ratelimit::Decision decision;
  };
  std::optional<LimitReport> limit;
};

struct CheckAnswer {
  bool not_modified = false;
  Head head;
  Epoch epoch;
  int64_t next_sync_in = 0;
};

struct SyncRequest {
  Stamp last_sync;
  std::optional<Epoch> epoch;
  // Empty: not told.
  DeviceId device;
  std::optional<MutationId> acked;
  std::optional<UnixMillis> client_time;
  int64_t limit = kPageEntriesMax;
  std::optional<std::string> page;
  std::optional<std::string> if_none_match;
  // edited_at is the engine's to fill in.
  std::vector<Change> changes;
};

struct SyncAnswer {
  std::vector<TaskUpdate> updates;
  std::vector<TaskId> deleted;
  std::vector<Conflict> conflicts;
  std::vector<Rejection> rejected;
  Stamp server_time;
  Epoch epoch;
  // The state this answer leaves the device in; nothing while there is more to come.
  std::optional<Head> head;
  std::optional<std::string> page;
  std::optional<Resync> full_resync;
  // Set: the pull was not done; try after it.
  std::optional<absl::Duration> pull_deferred;
  int64_t next_sync_in = 0;
};

// One part of an export: tasks come first, all of them, and history after the last.
struct ExportPart {
  // Whole, deleted ones included, by rising id.
  std::vector<TaskUpdate> tasks;
  // By falling task id, and of a task the newest first. Also of tasks that are gone.
  std::vector<HistoryEntry> history;
};

// How the caller's buckets and the day stand (SPEC 7, 8).
struct UsageAnswer {
  struct Bucket {
    std::string policy;
    ratelimit::Decision seen;
  };
  std::vector<Bucket> buckets;
  ratelimit::Today today;
};

struct SyncV1Request {
  Stamp last_sync;
  std::vector<Change> changes;
};

// One part of a V1 answer.
struct SyncV1Part {
  // Whole, deleted ones included.
  std::vector<TaskUpdate> updates;
  std::vector<Conflict> conflicts;
  // In the last part.
  std::optional<Stamp> server_time;
  // In the first part.
  bool full_resync = false;
};

}  // namespace tidemark::sync
