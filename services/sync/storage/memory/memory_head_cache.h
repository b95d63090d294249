// The HeadCache in this process' memory, for tests and simulations: the rules of head_cache_rules.h, and a
// clock. Leases and fences do not expire.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "common/mutex/mutex.h"
#include "services/sync/storage/head_cache.h"
#include "services/sync/storage/head_cache_rules.h"

namespace tidemark::sync {

class MemoryHeadCache : public HeadCache {
 public:
  // `clock` outlives this. `cold`: for how long after a loss.
  explicit MemoryHeadCache(const Clock& clock, absl::Duration cold = absl::ZeroDuration())
      : clock_(clock), cold_(cold) {}

  // Loses all it has.
  void Flush();

  Task<CacheRead> Read(CacheSpace space, UserId user) override;
  Task<void> Fill(CacheSpace space, UserId user, std::string lease, Head head) override;
  Task<std::optional<std::string>> Fence(CacheSpace space, UserId user, FenceLeaves leaves) override;
  Task<void> Publish(CacheSpace space, UserId user, std::string owner, Head head) override;
  Task<void> Unfence(CacheSpace space, UserId user, std::string owner) override;

 private:
  using Key = std::pair<CacheSpace, UserId>;

  head_cache_rules::Warmth WarmthOf(const CacheSpace& space) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string NewToken() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock& clock_;
  const absl::Duration cold_;
  Mutex mutex_;
  std::map<CacheSpace, UnixMillis> warm_at_ ABSL_GUARDED_BY(mutex_);
  std::map<Key, head_cache_rules::Content> keys_ ABSL_GUARDED_BY(mutex_);
  int tokens_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tidemark::sync
