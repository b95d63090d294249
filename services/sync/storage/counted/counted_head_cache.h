// Counts how many reads a tier of the head cache answers, for the status page.
//
//   vitals::HitShare redis_share(clock);
//   CountedHeadCache counted(redis_cache, redis_share);
#pragma once

#include <optional>
#include <string>

#include "common/vitals/hit_share.h"
#include "services/sync/storage/head_cache.h"

namespace tidemark::sync {

// Thread-safe.
class CountedHeadCache : public HeadCache {
 public:
  // Both outlive this.
  CountedHeadCache(HeadCache& cache, vitals::HitShare& share) : cache_(cache), share_(share) {}

  Task<CacheRead> Read(CacheSpace space, UserId user) override;
  Task<void> Fill(CacheSpace space, UserId user, std::string lease, Head head) override;
  Task<std::optional<std::string>> Fence(CacheSpace space, UserId user, FenceLeaves leaves) override;
  Task<void> Publish(CacheSpace space, UserId user, std::string owner, Head head) override;
  Task<void> Unfence(CacheSpace space, UserId user, std::string owner) override;

 private:
  HeadCache& cache_;
  vitals::HitShare& share_;
};

}  // namespace tidemark::sync
