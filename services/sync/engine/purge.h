// Removes what is kept no longer: tombstones, history, conflicts and devices (SPEC 5.7).
//
//   Purger purger(store, clock);
//   absl::StatusOr<PurgeReport> report = co_await purger.PurgeAll([] { return false; });
//
// In transactions of their own, a few hundred rows each: what is cut short goes on the next time, and two
// replicas that purge at once are harmless to each other.
#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/clock/clock.h"
#include "services/sync/storage/store.h"

namespace tidemark::sync {

struct PurgeReport {
  PurgedRows removed;
  // Of whom something was removed.
  int64_t users = 0;
  // Whose purge failed, and is left for the next time.
  int64_t users_failed = 0;
};

// Thread-safe.
class Purger {
 public:
  // Both outlive this.
  Purger(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  // Once over all users. Ends early when `stopping` says so between two transactions. UNAVAILABLE: the store
  // is away.
  Task<absl::StatusOr<PurgeReport>> PurgeAll(std::function<bool()> stopping);

 private:
  Task<absl::Status> PurgeOne(UserId user, std::function<bool()> stopping, PurgedRows& removed);

  Store& store_;
  const Clock& clock_;
};

}  // namespace tidemark::sync
