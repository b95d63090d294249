// The current head of a user: from the cache, or from the store and then kept in the cache (SPEC 5.8).
//
// A push is kept apart from the cache in one of two ways, and its own transaction, with the head locked, sees
// whether that still holds (decision 15):
//
//   fenced       the fence was put no longer than kLoadMax ago
//   suspended    for everybody, and for at least kUnfencedMin more
//
// and in either case under the generation that everybody goes by. From the lock to the end of the commit it
// is the lock that keeps others from caching an older head.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/clock/clock.h"
#include "services/sync/engine/data_set.h"
#include "services/sync/storage/head_announcer.h"
#include "services/sync/storage/head_cache.h"
#include "services/sync/storage/store.h"

namespace tidemark::sync {

class Heads {
 public:
  // All outlive this.
  Heads(Store& store, HeadCache& cache, HeadAnnouncer& announcer, DataSet& data_set, const Clock& clock)
      : store_(store), cache_(cache), announcer_(announcer), data_set_(data_set), clock_(clock) {}

  // Its purged_through may be unknown (0).
  Task<absl::StatusOr<Head>> Current(DataSetState data_set, UserId user);
  // The same in two steps, for who has something else to wait for beside the first.
  Task<CacheRead> ReadCache(DataSetState data_set, UserId user);
  Task<absl::StatusOr<Head>> Current(DataSetState data_set, UserId user, CacheRead read);

  // Announces a new head. When the outcome of the commit is unknown, that is announced, and the fence is left
  // to expire. UNAVAILABLE also where the data set was restored since `data_set` was read.
  // `invalid_token`: the user was erased.
  Task<absl::StatusOr<Pushed>> Push(DataSetState data_set, UserId user, PushQuery query, Decide decide);

  // Removes all of the user's rows, and the cached head.
  Task<absl::Status> Erase(DataSetState data_set, UserId user);

 private:
  // How a push is kept apart from the cache.
  struct Guard {
    // As it was when the guard was put.
    DataSetState data_set;
    UnixMillis put_at;
    // Nothing: the cache is suspended.
    std::optional<std::string> fence;
  };

  Task<absl::StatusOr<Guard>> PutGuard(DataSetState data_set, UserId user);
  Task<absl::Status> EraseRows(UserId user);
  bool Holds(const Guard& guard, const DataSetState& now) const;

  Store& store_;
  HeadCache& cache_;
  HeadAnnouncer& announcer_;
  DataSet& data_set_;
  const Clock& clock_;
};

}  // namespace tidemark::sync
