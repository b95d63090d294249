// A cache of which every day may use so much (SPEC 8): counts its use, and is off while none is left.
//
//   MeteredHeadCache metered(cache, {.is_off = [&] { return quota.CacheIsOff(); }, …});
//
// Off, it is not read and keeps no heads. Pushes go on putting their fences, for elsewhere the cache may
// still be on, or be on again: a fence put by one that is off leaves nothing, whatever is published under it.
// So it needs nothing of the protocol but what head_cache.h has, and each step may find it on or off as it
// likes:
//
//   Read     off: nothing is read, so nothing stale is
//   Fill     needs the lease of a Read
//   Fence    off: takes the head that was there away, and leaves nothing; on: leaves the newest head
//   Publish, Unfence: as the fence was put
#pragma once

#include <functional>

#include "services/sync/storage/head_cache.h"

namespace tidemark::sync {

// All from any thread.
struct CacheMeter {
  std::function<bool()> is_off;
  std::function<void()> count_read;
  // Of a head; fences and leases are none.
  std::function<void()> count_write;
};

// Thread-safe.
class MeteredHeadCache : public HeadCache {
 public:
  // `cache`, and what `meter` refers to, outlive this.
  MeteredHeadCache(HeadCache& cache, CacheMeter meter) : cache_(cache), meter_(std::move(meter)) {}

  Task<CacheRead> Read(CacheSpace space, UserId user) override;
  Task<void> Fill(CacheSpace space, UserId user, std::string lease, Head head) override;
  Task<std::optional<std::string>> Fence(CacheSpace space, UserId user, FenceLeaves leaves) override;
  Task<void> Publish(CacheSpace space, UserId user, std::string owner, Head head) override;
  Task<void> Unfence(CacheSpace space, UserId user, std::string owner) override;

 private:
  HeadCache& cache_;
  const CacheMeter meter_;
};

}  // namespace tidemark::sync
