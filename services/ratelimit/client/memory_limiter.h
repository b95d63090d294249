// A Limiter within this process, for tests of other services.
//
//   ManualClock clock(UnixMillis{…});
//   MemoryLimiter limiter(policies, clock);
#pragma once

#include <string>

#include "common/clock/clock.h"
#include "services/ratelimit/client/limiter.h"
#include "services/ratelimit/domain/policy.h"
#include "services/ratelimit/storage/memory_store.h"

namespace tidemark::ratelimit {

// Thread-safe. Bounded by kMemoryBucketsMax.
class MemoryLimiter : public Limiter {
 public:
  // `clock` outlives the limiter.
  MemoryLimiter(PolicySet policies, const Clock& clock);
  Task<Decision> Acquire(Ask ask, Origin origin) override;

 private:
  const PolicySet policies_;
  MemoryStore store_;
};

}  // namespace tidemark::ratelimit
