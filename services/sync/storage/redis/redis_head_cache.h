// The HeadCache in Redis. A key holds `<count>-<high_water>-<version_sum>`, `lease:<token>` or
// `fence:…`; every step is one atomic script. Keys carry Redis' own run id, so a restarted or promoted
// Redis starts anew; one more key says since when its cache may be used, and a flush takes that one too.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/metrics/metrics.h"
#include "common/random/random.h"
#include "common/redis/client.h"
#include "services/sync/storage/head_cache.h"

namespace tidemark::sync {

struct HeadCacheOptions {
  // How long a value is kept.
  absl::Duration time_to_live = absl::Hours(24);
  // How long a reader has between Read and Fill.
  absl::Duration lease = absl::Seconds(5);
  // Both longer than a push takes from its fence to the lock of the head (DataSet::kLoadMax).
  absl::Duration fence = absl::Seconds(60);
  absl::Duration cold = absl::Seconds(20);
};

class RedisHeadCache : public HeadCache {
 public:
  // All outlive this.
  RedisHeadCache(redis::Client& redis, Random& random, metrics::Registry& registry, HeadCacheOptions options);

  Task<CacheRead> Read(CacheSpace space, UserId user) override;
  Task<void> Fill(CacheSpace space, UserId user, std::string lease, Head head) override;
  Task<std::optional<std::string>> Fence(CacheSpace space, UserId user, FenceLeaves leaves) override;
  Task<void> Publish(CacheSpace space, UserId user, std::string owner, Head head) override;
  Task<void> Unfence(CacheSpace space, UserId user, std::string owner) override;

 private:
  // KEYS of every script: the user's, and the one that says whether the cache is cold.
  std::vector<std::string> Keys(const CacheSpace& space, const UserId& user) const;
  std::string NewToken();

  redis::Client& redis_;
  Random& random_;
  const HeadCacheOptions options_;
  metrics::Counter& hits_;
  metrics::Counter& misses_;
  metrics::Counter& failures_;
};

}  // namespace tidemark::sync
