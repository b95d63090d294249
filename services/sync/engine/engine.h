// The sync engine: one function per rpc, each reading like its page of the SPEC.
//
//   Call call{.user = identity.user, .request_id = id};
//   absl::StatusOr<SyncAnswer> answer = co_await engine.Sync(call, std::move(request));
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/clock/clock.h"
#include "services/ratelimit/client/limiter.h"
#include "services/sync/domain/etag.h"
#include "services/sync/engine/admission.h"
#include "services/sync/engine/data_set.h"
#include "services/sync/engine/heads.h"
#include "services/sync/engine/requests.h"
#include "services/sync/engine/sightings.h"
#include "services/sync/storage/head_cache.h"
#include "services/sync/storage/store.h"

namespace tidemark::sync {

// Takes one part of a V1 answer; CANCELLED: the client has gone.
using SyncV1Sink = std::function<Task<absl::Status>(SyncV1Part)>;

// How busy the service is, 0 (idle) … 1.
using LoadGauge = std::function<double()>;

// Thread-safe. Errors are the SPEC's codes: `validation`, `too_many_changes`, `page_expired`, `rate_limited`,
// `unavailable`. Nothing was stored, unless `unavailable` came of a broken commit. A Call outlives its task.
class Engine {
 public:
  // All outlive this.
  Engine(Store& store, HeadCache& cache, ratelimit::Limiter& limiter, const Clock& clock, Sleeper sleep,
         LoadGauge load)
      : store_(store),
        clock_(clock),
        load_(std::move(load)),
        admission_(limiter),
        data_set_(store, clock, std::move(sleep)),
        heads_(store, cache, data_set_, clock) {}

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

 private:
  // About 20 MB.
  static constexpr std::size_t kSightingsMax = 100'000;

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

  Task<absl::StatusOr<Pushed>> PushV1(Call& call, const SyncV1Request& request, DataSetState data_set);

  Store& store_;
  const Clock& clock_;
  const LoadGauge load_;
  Sightings sightings_{kSightingsMax};
  Admission admission_;
  DataSet data_set_;
  Heads heads_;
};

}  // namespace tidemark::sync
