#include <utility>

#include "common/status/error.h"
#include "services/sync/domain/clock_correction.h"
#include "services/sync/domain/poll.h"
#include "services/sync/engine/answer.h"
#include "services/sync/engine/engine.h"
#include "services/sync/engine/validate.h"

namespace tidemark::sync {
namespace {

Series NewSeries(Stamp last_sync, Stamp from, Stamp started, Epoch epoch) {
  return {.last_sync = last_sync, .from = from, .after = from, .started = started, .epoch = std::move(epoch)};
}

// What a push needs to read. Ids repeat where changes do; the store does not mind. A name that does not fit
// is stored nowhere, and its change will be rejected.
PushQuery QueryOf(const SyncRequest& request) {
  PushQuery query;
  if (!request.device.empty()) query.devices.push_back(request.device);
  for (const Change& change : request.changes) {
    if (IsIdentifier(change.id.value(), kTaskIdBytesMax)) query.tasks.push_back(change.id);
    if (IsIdentifier(change.device.value(), kDeviceIdBytesMax)) query.devices.push_back(change.device);
  }
  return query;
}

PushRequest PushOf(const SyncRequest& request, UnixMillis now) {
  PushRequest push;
  push.changes = request.changes;
  push.device = request.device;
  push.acked = request.acked;
  push.now = now;
  for (Change& change : push.changes) {
    if (IsTime(change.updated_at.value))
      change.edited_at = Corrected(change.updated_at, request.client_time, now);
  }
  return push;
}

}  // namespace

Task<absl::StatusOr<SyncAnswer>> Engine::Sync(Call& call, SyncRequest request) {
  if (absl::Status valid = Validate(request); !valid.ok()) co_return valid;
  std::optional<absl::Duration> defer_pull;
  // The pages of a series cost the one token that its first page took.
  if (request.page) {
    if (absl::Status admitted = co_await admission_.Page(call, KindOf(call, request)); !admitted.ok())
      co_return admitted;
  } else {
    auto admitted = co_await admission_.Sync(call, KindOf(call, request));
    if (!admitted.ok()) co_return admitted.status();
    defer_pull = *admitted;
  }
  const absl::StatusOr<DataSetState> data_set = co_await data_set_.Current();
  if (!data_set.ok()) co_return data_set.status();

  absl::StatusOr<SyncAnswer> answer;
  if (request.epoch && *request.epoch != data_set->epoch && !request.page) {
    answer = co_await StartOver(call, request, data_set->epoch, Resync::kRewound);
  } else if (request.changes.empty()) {
    answer = co_await Pull(call, request, *data_set);
  } else {
    answer = co_await Push(call, request, *data_set, defer_pull);
  }
  if (answer.ok()) {
    const UnixMillis now = clock_.Now();
    // Where the head is not told, there is more to come.
    const Stamp newest = answer->head ? answer->head->high_water : Stamp{now.value};
    answer->next_sync_in = NextSyncIn(call.user, request.device, newest, now, load_());
  }
  co_return answer;
}

SyncKind Engine::KindOf(const Call& call, const SyncRequest& request) {
  if (!request.changes.empty()) return SyncKind::kPush;
  return watches_.IsWatchedBy(call.user, call.session) ? SyncKind::kLivePull : SyncKind::kPull;
}

Task<absl::StatusOr<SyncAnswer>> Engine::Push(Call& call, SyncRequest request, DataSetState data_set,
                                              std::optional<absl::Duration> defer_pull) {
  PushRequest push = PushOf(request, clock_.Now());
  PushQuery query = QueryOf(request);
  Series series = NewSeries(request.last_sync, request.last_sync, Stamp{0}, data_set.epoch);
  query.delta = sync::QueryOf(series, request.limit, request.changes.size());
  // Tombstones from before a device's first sync are not for it; the store is told so before it knows the
  // head.
  if (request.last_sync.value == 0) query.delta.news_after.reset();
  if (defer_pull) query.delta.rows_max = 0;
  const Sighting seen{.at = push.now, .device = request.device, .cursor = request.last_sync};
  query.delta.seen = seen;

  std::optional<Resync> resync;
  bool too_large = false;
  const Decide decide = [&](const PushLoad& load) -> std::optional<PushResult> {
    // It may be asked again: nothing is left from before.
    too_large = false;
    resync = NeedsResync(request.last_sync, load.state.head);
    series.started = load.state.head.high_water;
    if (resync == Resync::kRewound) return std::nullopt;
    // Older than the purge: the push is to be decided by the cursor, and answered with the whole state.
    if (resync == Resync::kPurged && !push.cursor) return std::nullopt;
    PushResult result = ApplyPush(push, load.state);
    too_large = ToldBytes(result) > kToldBytesMax;
    if (too_large) return std::nullopt;
    return result;
  };
  absl::StatusOr<Pushed> pushed = co_await heads_.Push(data_set, call.user, query, decide);
  if (pushed.ok() && resync == Resync::kPurged && !pushed->result && !too_large) {
    push.cursor = request.last_sync;
    series = NewSeries(request.last_sync, Stamp{0}, Stamp{0}, data_set.epoch);
    query.delta.after = Stamp{0};
    query.delta.news_after.reset();
    pushed = co_await heads_.Push(data_set, call.user, query, decide);
  }
  if (!pushed.ok()) co_return pushed.status();
  if (too_large) {
    co_return Error(Code::kTooManyChanges, "the answer would be too large; send fewer changes at once");
  }
  if (resync == Resync::kRewound)
    co_return co_await StartOver(call, request, data_set.epoch, Resync::kRewound);
  if (!request.device.empty()) sightings_.Note(call.user, seen);

  PushResult& result = *pushed->result;
  metrics_.Stored(request.changes.size(), result);
  metrics_.Ended(call.user, SyncEnd::kPushed);
  SyncAnswer answer;
  if (defer_pull) {
    answer.server_time = request.last_sync;
    answer.epoch = data_set.epoch;
    answer.pull_deferred = defer_pull;
    // A pull from the beginning would not tell them.
    answer.conflicts = result.conflicts;
  } else {
    std::set<TaskId> told = result.told;
    told.insert(result.written.begin(), result.written.end());
    Delta delta = std::move(pushed->load.delta);
    // Where the stored ones were cut, these come on a later page, in their turn.
    if (!delta.conflicts_cut) {
      delta.conflicts.insert(delta.conflicts.end(), result.conflicts.begin(), result.conflicts.end());
    }
    answer = AnswerPage(series, std::move(delta), told, result.state.head, request.limit);
    answer.full_resync = resync;
    // The whole state has in it what was stored as it was sent.
    if (resync) result.told = std::move(told);
  }
  TellOutcome(result, answer);
  co_return answer;
}

Task<absl::StatusOr<SyncAnswer>> Engine::Pull(Call& call, SyncRequest request, DataSetState data_set) {
  if (request.page) {
    Series series = *ParsePage(*request.page);
    if (series.epoch != data_set.epoch)
      co_return Error(Code::kPageExpired, "the data set was restored; start over");
    co_return co_await PullPage(call, request, series, std::nullopt);
  }
  std::optional<SyncAnswer> unchanged = co_await Unchanged(call, request, data_set);
  if (unchanged) co_return *std::move(unchanged);
  co_return co_await PullPage(
      call, request, NewSeries(request.last_sync, request.last_sync, Stamp{0}, data_set.epoch), std::nullopt);
}

Task<absl::StatusOr<SyncAnswer>> Engine::StartOver(Call& call, SyncRequest request, Epoch epoch,
                                                   Resync reason) {
  if (!request.changes.empty()) {
    if (absl::Status open = admission_.PullInstead(call); !open.ok()) co_return open;
  }
  co_return co_await PullPage(call, request, NewSeries(request.last_sync, Stamp{0}, Stamp{0}, epoch), reason);
}

Task<std::optional<SyncAnswer>> Engine::Unchanged(Call& call, const SyncRequest& request,
                                                  DataSetState data_set) {
  if (!request.if_none_match || request.last_sync.value == 0) co_return std::nullopt;
  const absl::StatusOr<Head> head = co_await heads_.Current(data_set, call.user);
  if (!head.ok() || !Matches(*request.if_none_match, *head, Wildcard::kNever)) co_return std::nullopt;
  if (request.last_sync > head->high_water) co_return std::nullopt;
  co_await Confirm(call.user, request.device, head->high_water);
  metrics_.Ended(call.user, SyncEnd::kNotModified);
  SyncAnswer answer;
  answer.server_time = request.last_sync;
  answer.epoch = std::move(data_set.epoch);
  answer.head = *head;
  co_return answer;
}

Task<absl::StatusOr<SyncAnswer>> Engine::PullPage(Call& call, SyncRequest request, Series series,
                                                  std::optional<Resync> reason) {
  const bool first_page = !request.page;
  DeltaQuery query = sync::QueryOf(series, request.limit, 0);
  if (first_page && series.from.value == 0) query.news_after.reset();
  // What a device confirms that must start over, its first request has told, or it is of another epoch.
  if (first_page && !reason) query.seen = NewsOf(call.user, request);
  absl::StatusOr<Snapshot> snapshot = co_await store_.Pull(call.user, query);
  if (!snapshot.ok()) co_return snapshot.status();
  if (first_page) {
    series.started = snapshot->head.high_water;
    const std::optional<Resync> resync = NeedsResync(series.from, snapshot->head);
    if (query.seen && resync != Resync::kRewound) sightings_.Note(call.user, *query.seen);
    if (resync) co_return co_await StartOver(call, request, series.epoch, *resync);
  } else if (snapshot->head.purged_through > series.told_through()) {
    co_return Error(Code::kPageExpired, "a purge came between two pages; start over");
  }
  if (first_page) metrics_.Ended(call.user, SyncEnd::kPulled);
  SyncAnswer answer = AnswerPage(series, std::move(snapshot->delta), {}, snapshot->head, request.limit);
  answer.full_resync = reason;
  co_return answer;
}

}  // namespace tidemark::sync
