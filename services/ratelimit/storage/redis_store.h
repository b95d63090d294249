// Buckets in Redis, shared by all replicas: one atomic script per ask, on Redis' own clock.
//
//   key    bucket:<policy>:<subject>
//   value  "<tokens> <since>", as in domain/bucket.h; expires when the bucket would be full
#pragma once

#include <optional>
#include <string>

#include "common/redis/client.h"
#include "services/ratelimit/storage/bucket_store.h"

namespace tidemark::ratelimit {

// Thread-safe on the event loops of its client.
class RedisStore : public BucketStore {
 public:
  // `redis` outlives the store.
  explicit RedisStore(redis::Client& redis);

  // Errors are those of redis::Client::Eval.
  Task<absl::StatusOr<Decision>> Take(Policy policy, std::string subject, int64_t cost,
                                      std::optional<UnixMillis> now, Origin origin) override;

 private:
  redis::Client& redis_;
};

}  // namespace tidemark::ratelimit
