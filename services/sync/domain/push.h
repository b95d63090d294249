// A push: all changes of one request, applied in order to what is stored (SPEC 3.3, 5). Pure.
//
//   PushResult result = ApplyPush(request, std::move(loaded));
//   …write result.written, history, conflicts, ledgers and head in the transaction that loaded them…
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "services/sync/domain/ledger.h"
#include "services/sync/domain/merge.h"
#include "services/sync/domain/types.h"

namespace tidemark::sync {

struct PushRequest {
  std::vector<Change> changes;
  // Who asks. `acked` is this device's.
  DeviceId device;
  std::optional<MutationId> acked;
  // See Basis::cursor.
  std::optional<Stamp> cursor;
  // V1: see Basis::full_object.
  bool full_objects = false;
  // The server's clock.
  UnixMillis now;
};

// What is stored, read under the lock of the user's head.
struct PushState {
  Head head;
  // Those that the request names and that are stored.
  std::map<TaskId, TaskRow> tasks;
  // Those of the devices that the request names; a device never heard of may be missing.
  std::map<DeviceId, DeviceLedger> ledgers;
  // With PushRequest::cursor: see Basis::held.
  std::map<TaskId, PerField<std::optional<FieldValue>>> held;
  // With PushRequest::full_objects: see Basis::heard.
  std::map<TaskId, PerField<std::vector<FieldEdit>>> heard;
};

struct PushResult {
  // After all changes.
  PushState state;
  // Tasks of `state` to be written.
  std::set<TaskId> written;
  // Ids whose stored state the sender must be told, whole: merged, refused, equal, retried, or not there.
  std::set<TaskId> told;
  std::vector<Conflict> conflicts;
  std::vector<HistoryEntry> history;
  std::vector<Rejection> rejected;
};

PushResult ApplyPush(const PushRequest& request, PushState state);

}  // namespace tidemark::sync
