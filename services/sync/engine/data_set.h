// The epoch this process serves, read again each second (SPEC 3.3).
#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/async/task.h"
#include "common/clock/clock.h"
#include "services/sync/storage/store.h"

namespace tidemark::sync {

// Thread-safe.
class DataSet {
 public:
  DataSet(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  // The last reading, renewed by one of the callers when it is older than a second; kept while the store is
  // away, so that checks are still answered from the cache. UNAVAILABLE: it was never read.
  Task<absl::StatusOr<Epoch>> CurrentEpoch();

 private:
  // The last reading, if it need not be renewed by this caller.
  std::optional<Epoch> FreshEnough();

  Store& store_;
  const Clock& clock_;
  absl::Mutex mutex_;
  std::optional<Epoch> epoch_ ABSL_GUARDED_BY(mutex_);
  UnixMillis renew_at_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::sync
