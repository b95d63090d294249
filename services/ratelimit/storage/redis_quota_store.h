// The day's counts in Redis, shared by all replicas: one atomic script per report, on Redis' own clock.
//
//   key    quota:day, a hash; expires two days after its first report
//   since, requests, database_reads …   as domain/quota.h's Day
//   report:<reporter>                   the highest number that it has sent in this day
#pragma once

#include <optional>
#include <string>

#include "common/redis/client.h"
#include "services/ratelimit/storage/quota_store.h"

namespace tidemark::ratelimit {

// Thread-safe on the event loops of its client.
class RedisQuotaStore : public QuotaStore {
 public:
  // `redis` outlives the store.
  explicit RedisQuotaStore(redis::Client& redis, std::string key = "quota:day")
      : redis_(redis), key_(std::move(key)) {}

  // Errors are those of redis::Client::Eval.
  Task<absl::StatusOr<Day>> Add(QuotaReport report, std::optional<UnixMillis> now) override;

 private:
  redis::Client& redis_;
  const std::string key_;
};

}  // namespace tidemark::ratelimit
