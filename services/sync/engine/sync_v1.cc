#include <algorithm>
#include <iterator>
#include <utility>

#include "services/sync/domain/clock_correction.h"
#include "services/sync/engine/engine.h"
#include "services/sync/engine/validate.h"

namespace tidemark::sync {
namespace {

// Rows of one part: bounds a message to a few MiB at the largest contents.
constexpr int kPartRows = 200;

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

SyncV1Part PartOf(const Delta& delta, std::optional<Stamp> cut, const Known& known) {
  SyncV1Part part;
  for (const TaskRow& task : delta.tasks) {
    if (cut && task.stamp > *cut) break;
    const auto entry = known.find(task.id);
    if (entry == known.end() || entry->second != task.stamp) part.updates.push_back(Whole(task));
  }
  for (const Conflict& conflict : delta.conflicts) {
    if (cut && conflict.at > *cut) break;
    part.conflicts.push_back(conflict);
  }
  return part;
}

}  // namespace

Task<absl::Status> Engine::SyncV1(Call& call, SyncV1Request request, SyncV1Sink sink) {
  if (absl::Status valid = Validate(request); !valid.ok()) co_return valid;
  if (absl::Status admitted = co_await admission_.SyncV1(call); !admitted.ok()) co_return admitted;
  const absl::StatusOr<DataSetState> data_set = co_await data_set_.Current();
  if (!data_set.ok()) co_return data_set.status();

  Known known;
  std::vector<TaskUpdate> told;
  if (!request.changes.empty()) {
    const absl::StatusOr<Pushed> pushed = co_await PushV1(call, request, *data_set);
    if (!pushed.ok()) co_return pushed.status();
    known = KnownAfter(*pushed->result);
    told = Told(*pushed->result);
  }

  // Tombstones are told from the first sync on; conflicts only to who had a cursor.
  Stamp after = request.last_sync;
  for (bool first = true;; first = false) {
    const DeltaQuery query{.after = after, .news_after = Stamp{0}, .rows_max = kPartRows};
    const absl::StatusOr<Snapshot> snapshot = co_await store_.Pull(call.user, query);
    if (!snapshot.ok()) co_return snapshot.status();
    const bool start_over = first && NeedsResync(request.last_sync, snapshot->head).has_value();
    if (start_over) {
      SyncV1Part nothing_yet;
      nothing_yet.full_resync = true;
      if (absl::Status sent = co_await sink(std::move(nothing_yet)); !sent.ok()) co_return sent;
      after = Stamp{0};
      request.last_sync = Stamp{0};
      continue;
    }
    const std::optional<Stamp> cut = CutAt(snapshot->delta);
    SyncV1Part part = PartOf(snapshot->delta, cut, known);
    if (request.last_sync.value == 0) part.conflicts.clear();
    part.updates.insert(part.updates.begin(), std::make_move_iterator(told.begin()),
                        std::make_move_iterator(told.end()));
    told.clear();
    if (!cut) part.server_time = snapshot->head.high_water;
    if (absl::Status sent = co_await sink(std::move(part)); !sent.ok()) co_return sent;
    if (!cut) co_return absl::OkStatus();
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
  query.held_at = request.last_sync;
  for (Change& change : push.changes) {
    change.edited_at = Corrected(change.updated_at, std::nullopt, push.now);
    query.tasks.push_back(change.id);
  }
  const Decide decide = [&push](const PushLoad& load) -> std::optional<PushResult> {
    PushRequest decided = push;
    // A cursor from before a restore proves nothing.
    if (*push.cursor > load.state.head.high_water) decided.cursor = Stamp{0};
    return ApplyPush(decided, load.state);
  };
  co_return co_await heads_.Push(data_set, call.user, std::move(query), decide);
}

}  // namespace tidemark::sync
