// Two stores as one: the second answers while the first cannot (SPEC 8: Redis down → buckets from memory).
#pragma once

#include <optional>
#include <string>

#include "services/ratelimit/storage/bucket_store.h"
#include "services/ratelimit/storage/outage_log.h"

namespace tidemark::ratelimit {

// Thread-safe. Each ask tries `first` anew, so that it is in use again as soon as it is back.
class FallbackStore : public BucketStore {
 public:
  // Both outlive this store.
  FallbackStore(BucketStore& first, BucketStore& second);

  Task<absl::StatusOr<Decision>> Take(Policy policy, std::string subject, int64_t cost,
                                      std::optional<UnixMillis> now, Origin origin) override;

 private:
  BucketStore& first_;
  BucketStore& second_;
  OutageLog outage_{"bucket_store"};
};

}  // namespace tidemark::ratelimit
