// What this process knows of the data set: its epoch, and whether cached heads may be used (SPEC 3.3, 5.8).
//
// A push that cannot put its fence, or not take it away, suspends the cache through the database. Law: when
// SuspendCache has returned, no process answers from a head that was cached before, nor caches one, for
// longer than any push now under way can take.
//
//   the row    generation 7 ── suspend ──► generation 8, suspended for kSuspension
//   readers    each reads the row every second, and uses no cache on a reading older than kReadingMax:
//              so kReadingMax after the row was written everybody has seen it
#pragma once

#include <functional>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/async/task.h"
#include "common/clock/clock.h"
#include "common/mutex/mutex.h"
#include "services/sync/storage/head_cache.h"
#include "services/sync/storage/store.h"

namespace tidemark::sync {

// How a task waits. Tests move a clock instead.
using Sleeper = std::function<Task<void>(absl::Duration)>;

// Thread-safe.
class DataSet {
 public:
  // `store` and `clock` outlive this.
  DataSet(Store& store, const Clock& clock, Sleeper sleep)
      : store_(store), clock_(clock), sleep_(std::move(sleep)) {}

  // The last reading, renewed by one of its callers when it is a second old. While the store is away the last
  // one stands, so that checks are still answered from the cache (SPEC 8). UNAVAILABLE: the row was never
  // read.
  Task<absl::StatusOr<DataSetState>> Current();

  // Returns when the law above holds: at once while an earlier suspension by this process is in force,
  // otherwise after kReadingMax. UNAVAILABLE: it does not hold.
  Task<absl::Status> SuspendCache();

 private:
  // The last reading, if this caller need not renew it.
  std::optional<DataSetState> FreshEnough();
  // Since this process' last suspension took hold.
  absl::Duration SinceSuspended();
  // A time that the clock has not reached, because it was set back, is infinitely long ago.
  absl::Duration Since(UnixMillis then) const;

  Store& store_;
  const Clock& clock_;
  const Sleeper sleep_;
  Mutex mutex_;
  std::optional<DataSetState> state_ ABSL_GUARDED_BY(mutex_);
  UnixMillis read_at_ ABSL_GUARDED_BY(mutex_);
  bool renewing_ ABSL_GUARDED_BY(mutex_) = false;
  bool store_away_ ABSL_GUARDED_BY(mutex_) = false;
  // When this process' last suspension took hold.
  std::optional<UnixMillis> suspended_at_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::sync
