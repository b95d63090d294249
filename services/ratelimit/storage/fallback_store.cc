#include "services/ratelimit/storage/fallback_store.h"

#include <utility>

namespace tidemark::ratelimit {

FallbackStore::FallbackStore(BucketStore& first, BucketStore& second) : first_(first), second_(second) {}

Task<absl::StatusOr<Decision>> FallbackStore::Take(Policy policy, std::string subject, int64_t cost,
                                                   std::optional<UnixMillis> now, Origin origin) {
  absl::StatusOr<Decision> taken = co_await first_.Take(policy, subject, cost, now, origin);
  outage_.Note(taken.status(), origin);
  if (taken.ok()) co_return taken;
  taken = co_await second_.Take(std::move(policy), std::move(subject), cost, now, std::move(origin));
  co_return taken;
}

}  // namespace tidemark::ratelimit
