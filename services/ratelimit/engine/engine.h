// What the rate limit service does, apart from how it is called.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/clock/clock.h"
#include "services/ratelimit/domain/decision.h"
#include "services/ratelimit/domain/policy.h"
#include "services/ratelimit/engine/decision_counters.h"
#include "services/ratelimit/storage/bucket_store.h"

namespace tidemark::ratelimit {

inline constexpr size_t kSubjectBytesMax = 256;

struct AcquireCommand {
  // 1 … kSubjectBytesMax bytes.
  std::string subject;
  std::string policy;
  // 0 (only look) … the policy's limit.
  int64_t cost = 1;
  // Absent: the store's clock.
  std::optional<UnixMillis> now = std::nullopt;
};

// Thread-safe.
class Engine {
 public:
  // All outlive the engine.
  Engine(const PolicySet& policies, BucketStore& store, DecisionCounters& counters);

  // NOT_FOUND not_found: no policy has that name. INVALID_ARGUMENT validation: a value is out of bounds.
  // Other errors are the store's.
  Task<absl::StatusOr<Decision>> Acquire(AcquireCommand command);

 private:
  const PolicySet& policies_;
  BucketStore& store_;
  DecisionCounters& counters_;
};

}  // namespace tidemark::ratelimit
