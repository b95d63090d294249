#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "services/sync/domain/clock_correction.h"
#include "services/sync/engine/engine.h"
#include "services/sync/engine/validate.h"

namespace tidemark::sync {
namespace {

// Rows of one part: bounds a message to a few MiB at the largest contents.
constexpr int kPartRows = 100;

// What the sender knows already: rows told with the push, and rows stored as it sent them.
using Known = std::map<TaskId, Stamp>;

Known KnownAfter(const PushResult& result) {
  Known known;
  for (const auto& [id, task] : result.state.tasks) {
    if (result.told.contains(id) || result.written.contains(id)) known[id] = task.stamp;
  }
  return known;
}

std::vector<TaskUpdate> Told(const PushResult& result) {
  std::vector<TaskUpdate> updates;
  for (const TaskId& id : result.told) {
    const auto task = result.state.tasks.find(id);
    if (task != result.state.tasks.end()) updates.push_back(Whole(task->second));
  }
  return updates;
}

// Up to where both lists of a delta are complete; nothing: they are complete.
std::optional<Stamp> CutAt(const Delta& delta) {
  if (!delta.tasks_cut && !delta.conflicts_cut) return std::nullopt;
  Stamp cut{kUnixMillisMax};
  if (delta.tasks_cut) cut = std::min(cut, delta.tasks.back().stamp);
  if (delta.conflicts_cut) cut = std::min(cut, delta.conflicts.back().at);
  return cut;
}

SyncV1Part PartOf(const Delta& delta, std::optional<Stamp> cut, const Known& known, Stamp conflicts_after) {
  SyncV1Part part;
  for (const TaskRow& task : delta.tasks) {
    if (cut && task.stamp > *cut) break;
    const auto entry = known.find(task.id);
    if (entry == known.end() || entry->second != task.stamp) part.updates.push_back(Whole(task));
  }
  for (const Conflict& conflict : delta.conflicts) {
    if (cut && conflict.at > *cut) break;
    if (conflict.at > conflicts_after) part.conflicts.push_back(conflict);
  }
  return part;
}

Task<absl::Status> SendInParts(std::vector<TaskUpdate> updates, SyncV1Sink sink) {
  auto next = std::make_move_iterator(updates.begin());
  const auto end = std::make_move_iterator(updates.end());
  while (next != end) {
    const auto part_end = next + std::min<std::ptrdiff_t>(kPartRows, end - next);
    SyncV1Part part;
    part.updates.assign(next, part_end);
    if (absl::Status sent = co_await sink(std::move(part)); !sent.ok()) co_return sent;
    next = part_end;
  }
  co_return absl::OkStatus();
}

// All that there is to tell of a push whose pull is deferred.
Task<absl::Status> SendOutcome(PushResult result, Stamp cursor, SyncV1Sink sink) {
  if (absl::Status sent = co_await SendInParts(Told(result), sink); !sent.ok()) co_return sent;
  SyncV1Part last;
  last.conflicts = std::move(result.conflicts);
  last.server_time = cursor;
  co_return co_await sink(std::move(last));
}

// An edit of a task that is not stored, without its content.
absl::Status UnknownTask(const std::vector<Change>& changes, const Rejection& rejection) {
  const auto change = std::find_if(changes.begin(), changes.end(), [&](const Change& candidate) {
    const std::optional<FieldValue>& deleted_at = candidate.fields[Field::kDeletedAt];
    return candidate.id == rejection.id && !candidate.fields[Field::kContent] &&
           !(deleted_at && SaysDeleted(*deleted_at));
  });
  return Error(Code::kValidation, rejection.detail,
               {.pointer = absl::StrCat("/changes/", change - changes.begin(), "/content")});
}

}  // namespace

Task<absl::Status> Engine::SyncV1(Call& call, SyncV1Request request, SyncV1Sink sink) {
  if (absl::Status valid = Validate(request); !valid.ok()) co_return valid;
  const auto admitted = co_await admission_.SyncV1(call, !request.changes.empty());
  if (!admitted.ok()) co_return admitted.status();
  const absl::StatusOr<DataSetState> data_set = co_await data_set_.Current();
  if (!data_set.ok()) co_return data_set.status();
  co_await SawV1(call.user);

  Known known;
  std::vector<TaskUpdate> told;
  // From before the push, which makes any cursor look old.
  std::optional<Head> before;
  if (!request.changes.empty()) {
    const absl::StatusOr<Pushed> pushed = co_await PushV1(call, request, *data_set);
    if (!pushed.ok()) co_return pushed.status();
    metrics_.Stored(request.changes.size(), *pushed->result);
    known = KnownAfter(*pushed->result);
    told = Told(*pushed->result);
    before = pushed->load.state.head;
    // V1 cannot be told that the pull was not done; where the cursor stays, the next sync does it.
    if (*admitted) {
      metrics_.Ended(call.user, SyncEnd::kV1);
      co_return co_await SendOutcome(*pushed->result, request.last_sync, sink);
    }
  }

  Stamp after = request.last_sync;
  // Where the client starts from nothing: whatever was deleted up to there, it does not have.
  Stamp had_nothing_at;
  for (bool first = true;; first = false) {
    const DeltaQuery query{.after = after, .news_after = Stamp{0}, .rows_max = kPartRows};
    const absl::StatusOr<Snapshot> snapshot = co_await store_.Pull(call.user, query);
    if (!snapshot.ok()) co_return snapshot.status();
    if (!before) before = snapshot->head;
    // A purge may have come since the push, or since the part before this one.
    before->purged_through = snapshot->head.purged_through;
    if (!first && before->purged_through > std::max(had_nothing_at, after)) {
      co_return Error(Code::kUnavailable, "a purge came between two parts of the answer; ask again");
    }
    const bool resync = first && NeedsResync(request.last_sync, *before);
    if (resync || (first && request.last_sync.value == 0)) had_nothing_at = snapshot->head.high_water;
    if (resync) {
      SyncV1Part nothing_yet;
      nothing_yet.full_resync = true;
      if (absl::Status sent = co_await sink(std::move(nothing_yet)); !sent.ok()) co_return sent;
      // The whole state, with what was just stored.
      known.clear();
      told.clear();
      after = request.last_sync = Stamp{0};
      continue;
    }
    if (absl::Status sent = co_await SendInParts(std::exchange(told, {}), sink); !sent.ok()) co_return sent;
    const std::optional<Stamp> cut = CutAt(snapshot->delta);
    // Tombstones are told from the first sync on. Conflicts from before it are none of the device's business.
    const Stamp conflicts_after = request.last_sync.value == 0 ? before->high_water : request.last_sync;
    SyncV1Part part = PartOf(snapshot->delta, cut, known, conflicts_after);
    if (!cut) part.server_time = snapshot->head.high_water;
    if (absl::Status sent = co_await sink(std::move(part)); !sent.ok()) co_return sent;
    if (!cut) {
      metrics_.Ended(call.user, SyncEnd::kV1);
      co_return absl::OkStatus();
    }
    after = *cut;
  }
}

Task<absl::StatusOr<Pushed>> Engine::PushV1(Call& call, const SyncV1Request& request, DataSetState data_set) {
  PushRequest push;
  push.changes = request.changes;
  push.cursor = request.last_sync;
  push.full_objects = true;
  push.now = clock_.Now();
  PushQuery query;
  // Beyond the history that is kept, the oldest entry left may tell a later value: none is better, and every
  // value sent counts as an edit. The day is for a purge by another process' clock.
  if (request.last_sync.value > HistoryKeptAfter().value + kDayMillis) query.held_at = request.last_sync;
  for (Change& change : push.changes) {
    change.edited_at = Corrected(change.updated_at, std::nullopt, push.now);
    // V1 knows no numbers.
    change.mutation.reset();
    query.tasks.push_back(change.id);
    query.heard_of.push_back(change.device);
  }
  std::optional<Rejection> unknown;
  const Decide decide = [&push, &unknown](const PushLoad& load) -> std::optional<PushResult> {
    PushRequest decided = push;
    // A cursor from before a restore proves nothing.
    if (*push.cursor > load.state.head.high_water) decided.cursor = Stamp{0};
    PushResult result = ApplyPush(decided, load.state);
    if (result.rejected.empty()) return result;
    unknown = result.rejected.front();
    return std::nullopt;
  };
  absl::StatusOr<Pushed> pushed = co_await heads_.Push(data_set, call.user, std::move(query), decide);
  if (pushed.ok() && unknown) co_return UnknownTask(request.changes, *unknown);
  co_return pushed;
}

}  // namespace tidemark::sync
