#include "services/ratelimit/client/memory_limiter.h"

#include <utility>

#include "services/ratelimit/client/policies.h"

namespace tidemark::ratelimit {

MemoryLimiter::MemoryLimiter(PolicySet policies, const Clock& clock)
    : policies_(std::move(policies)), store_(clock) {}

Task<Decision> MemoryLimiter::Acquire(Ask ask, Origin origin) {
  const Policy& policy = PolicyNamed(policies_, ask.policy);
  absl::StatusOr<Decision> taken =
      co_await store_.Take(policy, std::move(ask.subject), ask.cost, std::nullopt, std::move(origin));
  co_return *taken;
}

}  // namespace tidemark::ratelimit
