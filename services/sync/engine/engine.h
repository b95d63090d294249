// The sync engine: one function per rpc, each reading like its page of the SPEC.
//
//   Call call{.user = identity.user, .origin = origin};
//   absl::StatusOr<SyncAnswer> answer = co_await engine.Sync(call, std::move(request));
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/clock/clock.h"
#include "services/ratelimit/client/limiter.h"
#include "services/ratelimit/client/quota.h"
#include "services/sync/domain/etag.h"
#include "services/sync/engine/admission.h"
#include "services/sync/engine/data_set.h"
#include "services/sync/engine/heads.h"
#include "services/sync/engine/requests.h"
#include "services/sync/engine/sightings.h"
#include "services/sync/engine/sync_metrics.h"
#include "services/sync/engine/watch_hub.h"
#include "services/sync/storage/head_announcer.h"
#include "services/sync/storage/head_cache.h"
#include "services/sync/storage/store.h"

namespace tidemark::sync {

// Each takes one part of an answer, and returns when there is room for the next. CANCELLED: the client has
// gone.
using SyncV1Sink = std::function<Task<absl::Status>(SyncV1Part)>;
using PullSink = std::function<Task<absl::Status>(SyncAnswer)>;
using ExportSink = std::function<Task<absl::Status>(ExportPart)>;

struct WatchSink {
  std::function<Task<absl::Status>(Head)> send;
  // Calls what it is given, from any thread, when the client has gone.
  std::function<void(std::function<void()>)> when_gone;
};

// How busy the service is, 0 (idle) … 1.
using LoadGauge = std::function<double()>;

// Thread-safe. Errors are the SPEC's codes: `validation`, `too_many_changes`, `page_expired`, `rate_limited`,
// `read_paused`, `quota_exhausted`, `unavailable`. Nothing was stored, unless `unavailable` came of a broken
// commit. A Call outlives its task.
class Engine {
 public:
  // Of one task's history, the newest. Bounds an answer: 400 of the largest contents are below the 8 MiB of a
  // message.
  static constexpr int kHistoryEntriesMax = 400;

  // All outlive this.
  Engine(Store& store, HeadCache& cache, HeadAnnouncer& announcer, ratelimit::Limiter& limiter,
         ratelimit::Quota& quota, SyncMetrics& metrics, const Clock& clock, Sleeper sleep, LoadGauge load)
      : store_(store),
        clock_(clock),
        load_(std::move(load)),
        limiter_(limiter),
        quota_(quota),
        metrics_(metrics),
        admission_(limiter, quota),
        data_set_(store, clock, std::move(sleep)),
        heads_(store, cache, announcer, data_set_, clock),
        watches_(announcer) {}

  // SPEC 3.2. `wildcard`: what `*` means to the caller. `device` confirms the state that it names; empty:
  // none does.
  Task<absl::StatusOr<CheckAnswer>> Check(Call& call, std::optional<std::string> if_none_match,
                                          Wildcard wildcard, DeviceId device);

  // SPEC 3.3.
  Task<absl::StatusOr<SyncAnswer>> Sync(Call& call, SyncRequest request);

  // SPEC 5.5: what was kept of the last 90 days, newest first. NOT_FOUND: the task is not stored and nothing
  // was kept.
  Task<absl::StatusOr<std::vector<HistoryEntry>>> GetHistory(Call& call, TaskId task);

  // SPEC 3.6: those seen in the last 90 days, the latest first.
  Task<absl::StatusOr<std::vector<DeviceStatus>>> ListDevices(Call& call);

  // SPEC 4.
  Task<absl::Status> SyncV1(Call& call, SyncV1Request request, SyncV1Sink sink);

  // A pull as Sync answers it page by page, for one token. Each page but the last has `page` set. Where a
  // purge or a restore comes between two pages it ends with `page_expired`: the client is to start over.
  // `request` has neither page nor changes.
  Task<absl::Status> PullAll(Call& call, SyncRequest request, PullSink sink);

  // SPEC 3.5: the current head at once and each newer one, but none that `if_none_match` names. Ends with
  // `expired_token`, CANCELLED when the client has gone, UNAVAILABLE when the process stops.
  Task<absl::Status> Watch(Call& call, std::optional<std::string> if_none_match, WatchSink sink);

  // All tasks and the history of the last 90 days. Each read is a snapshot of its own, so an export that
  // runs beside a push holds a task as it was before or after it. But it misses nothing that was stored when
  // it began: histories are read after the tasks, so what was overwritten before its task was read is found
  // there.
  Task<absl::Status> Export(Call& call, ExportSink sink);

  // Removes all that is stored for the user, and has the user's pushes refused for 90 days (`invalid_token`).
  // Done twice it is done once. `validation`: that is no user's id. After any other error it is to be asked
  // again.
  Task<absl::Status> EraseUser(UserId user);
  // The caller's buckets and the day's quota. Answers on any day.
  Task<absl::StatusOr<UsageAnswer>> GetUsage(Call& call);

  // To be called once a second, each call after the last has ended: sees to the streams of Watch.
  Task<void> Tick();
  // Ends the streams of sessions that are over with `invalid_token`.
  void EndWatchesOf(const SessionPredicate& is_over) { watches_.EndSessions(is_over); }
  // Ends them: the process stops.
  void EndWatches() { watches_.Close(); }

  // Adds what is known here at each scrape; this outlives `readings`.
  void Show(metrics::Readings& readings);

 private:
  // About 20 MB.
  static constexpr std::size_t kSightingsMax = 100'000;

  // What the cache holds; if nothing, `otherwise`.
  Task<absl::StatusOr<Head>> CachedHead(UserId user, absl::Status otherwise);

  Task<absl::StatusOr<SyncAnswer>> Push(Call& call, SyncRequest request, DataSetState data_set,
                                        std::optional<absl::Duration> defer_pull);
  Task<absl::StatusOr<SyncAnswer>> Pull(Call& call, SyncRequest request, DataSetState data_set);
  // Page one of the whole state.
  Task<absl::StatusOr<SyncAnswer>> StartOver(Call& call, SyncRequest request, Epoch epoch, Resync reason);
  // An answer that says nothing changed; nothing: something may have.
  Task<std::optional<SyncAnswer>> Unchanged(Call& call, const SyncRequest& request, DataSetState data_set);
  // Reads the page of `series` from one snapshot.
  Task<absl::StatusOr<SyncAnswer>> PullPage(Call& call, SyncRequest request, Series series,
                                            std::optional<Resync> reason);

  // Keeps what the device has confirmed, unless that is known. Never fails.
  Task<void> Confirm(UserId user, DeviceId device, Stamp cursor);
  Task<void> SawV1(UserId user);
  // What a pull's device confirms by its cursor; nothing: that is known.
  std::optional<Sighting> NewsOf(const UserId& user, const SyncRequest& request) const;
  SyncKind KindOf(const Call& call, const SyncRequest& request);
  // Tells those who watch `user` the current head.
  Task<absl::Status> ReadWatched(UserId user);

  // History from before it is not told any more.
  Stamp HistoryKeptAfter() const;

  Task<absl::StatusOr<Pushed>> PushV1(Call& call, const SyncV1Request& request, DataSetState data_set);

  Store& store_;
  const Clock& clock_;
  const LoadGauge load_;
  Sightings sightings_{kSightingsMax};
  ratelimit::Limiter& limiter_;
  const ratelimit::Quota& quota_;
  SyncMetrics& metrics_;
  Admission admission_;
  DataSet data_set_;
  Heads heads_;
  WatchHub watches_;
};

}  // namespace tidemark::sync
