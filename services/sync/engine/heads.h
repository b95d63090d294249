// The current head of a user: from the cache, or from the store and then kept in the cache (SPEC 5.8).
#pragma once

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "services/sync/engine/data_set.h"
#include "services/sync/storage/head_cache.h"
#include "services/sync/storage/store.h"

namespace tidemark::sync {

class Heads {
 public:
  // All outlive this.
  Heads(Store& store, HeadCache& cache, DataSet& data_set)
      : store_(store), cache_(cache), data_set_(data_set) {}

  // Its purged_through may be unknown (0).
  Task<absl::StatusOr<Head>> Current(DataSetState data_set, UserId user);

  // A push between fence and publication, so that no reader can put a head from before the commit into the
  // cache after it. Where the cache cannot be reached it is suspended for everybody. When the outcome of the
  // commit is unknown the fence is left to expire.
  Task<absl::StatusOr<Pushed>> Push(DataSetState data_set, UserId user, PushQuery query, Decide decide);

 private:
  Store& store_;
  HeadCache& cache_;
  DataSet& data_set_;
};

}  // namespace tidemark::sync
