// What this process knows of the data set: its epoch, and whether cached heads may be used (SPEC 3.3, 5.8).
//
// A push that cannot put its fence suspends the cache through the database, for everybody:
//
//   the row    generation 7 ── suspend ──► generation 8, suspended for kSuspension
//   readers    each reads the row every second, and uses no cache on a reading older than kReadingMax: so
//              kReadingMax after anybody saw generation 8 nobody uses generation 7, nor the cache at all
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
  // How old a reading may be for the cache to be used on it.
  static constexpr absl::Duration kReadingMax = absl::Seconds(2);
  // How old a fence may be when its push has locked the head. From then on the lock keeps others from caching
  // an older head, however long the commit takes (Store::ReadHeadToKeep).
  static constexpr absl::Duration kLoadMax = absl::Seconds(4);
  // How much of a suspension must be left for a push that goes without a fence, likewise.
  static constexpr absl::Duration kUnfencedMin = absl::Seconds(15);

  // `store` and `clock` outlive this.
  DataSet(Store& store, const Clock& clock, Sleeper sleep)
      : store_(store), clock_(clock), sleep_(std::move(sleep)) {}

  // The last reading, renewed by one of its callers when it is a second old. While the store is away the last
  // one stands, so that checks are still answered from the cache (SPEC 8); where it is merely busy, an old
  // reading says "suspended". UNAVAILABLE: the row was never read.
  Task<absl::StatusOr<DataSetState>> Current();

  // Suspends the cache for everybody. UNAVAILABLE: it may not be.
  Task<absl::StatusOr<DataSetState>> SuspendCache();

  // The last reading, with what is left of its suspension; nothing: there is none.
  std::optional<DataSetState> Last() const;

  // A reading made in passing.
  void Learn(const DataSetState& reading, UnixMillis asked_at);

  // Returns when nobody goes by another generation than this reading's.
  Task<void> Settle(DataSetState reading);

 private:
  // The last reading, if this caller need not renew it.
  std::optional<DataSetState> FreshEnough();
  void Keep(const DataSetState& reading, UnixMillis asked_at) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Duration SinceSeen();
  // The last reading, as one that is too old for the cache.
  DataSetState Outdated() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // A time that the clock has not reached, because it was set back, is infinitely long ago.
  absl::Duration Since(UnixMillis then) const;

  Store& store_;
  const Clock& clock_;
  const Sleeper sleep_;
  mutable Mutex mutex_;
  std::optional<DataSetState> state_ ABSL_GUARDED_BY(mutex_);
  UnixMillis read_at_ ABSL_GUARDED_BY(mutex_);
  // When this process first saw the generation of state_.
  UnixMillis seen_at_ ABSL_GUARDED_BY(mutex_);
  bool renewing_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tidemark::sync
