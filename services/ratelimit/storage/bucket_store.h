// Where buckets are kept, one per policy and subject.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/clock/clock.h"
#include "common/origin/origin.h"
#include "services/ratelimit/domain/decision.h"
#include "services/ratelimit/domain/policy.h"

namespace tidemark::ratelimit {

// Thread-safe.
class BucketStore {
 public:
  virtual ~BucketStore() = default;
  // What domain/bucket.h says of Take, atomically: parallel asks never get more than asks one by one would.
  // Without `now`, the store's own clock holds. `cost` is 0 … LimitOf(policy).
  // `origin` is for log lines.
  // Any error: the store cannot be asked; whether the tokens were taken is unknown.
  virtual Task<absl::StatusOr<Decision>> Take(Policy policy, std::string subject, int64_t cost,
                                              std::optional<UnixMillis> now, Origin origin) = 0;
};

}  // namespace tidemark::ratelimit
