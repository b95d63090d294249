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
  Heads(Store& store, HeadCache& cache) : store_(store), cache_(cache) {}

  // Its purged_through may be unknown (0).
  Task<absl::StatusOr<Head>> Current(Epoch epoch, UserId user);

  // A push between two fences: no reader can put a head from before the commit into the cache after it. When
  // the outcome of the commit is unknown the fence is left to expire.
  Task<absl::StatusOr<Pushed>> Push(Epoch epoch, UserId user, PushQuery query, Decide decide);

 private:
  Store& store_;
  HeadCache& cache_;
};

}  // namespace tidemark::sync
