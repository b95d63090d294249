// The head cache as it is on a virtual clock: a value is gone when its time to live has passed by that clock.
//
// Redis expires keys by its own time, in which a day of the fleet takes a minute. The cache's scripts take no
// time, and are not made to: whoever passes one could make a 304 stale. So Redis keeps values for longer than
// a run, and this takes them away when they are due, before anybody reads them; through the cache's own
// protocol, by a fence that leaves nothing. Leases and fences live by Redis' time: they are for the time of
// one request, which is real.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "services/sync/storage/head_cache.h"

namespace tidemark::fleet {

// For one user's request at a time, and users whose heads nobody else reads or writes.
class VirtualHeadCache : public sync::HeadCache {
 public:
  // Both outlive this.
  VirtualHeadCache(sync::HeadCache& cache, const Clock& clock, absl::Duration time_to_live)
      : cache_(cache), clock_(clock), time_to_live_(time_to_live) {}

  Task<sync::CacheRead> Read(sync::CacheSpace space, UserId user) override;
  Task<void> Fill(sync::CacheSpace space, UserId user, std::string lease, sync::Head head) override;
  Task<std::optional<std::string>> Fence(sync::CacheSpace space, UserId user,
                                         sync::FenceLeaves leaves) override;
  Task<void> Publish(sync::CacheSpace space, UserId user, std::string owner, sync::Head head) override;
  Task<void> Unfence(sync::CacheSpace space, UserId user, std::string owner) override;

  int64_t hits() const { return hits_; }
  int64_t misses() const { return misses_; }

 private:
  bool IsOver(const UserId& user) const;
  void Keep(const UserId& user);

  sync::HeadCache& cache_;
  const Clock& clock_;
  const absl::Duration time_to_live_;
  // Touched by the loop of the one request alone.
  absl::flat_hash_map<UserId, UnixMillis> until_;
  std::atomic<int64_t> hits_ = 0;
  std::atomic<int64_t> misses_ = 0;
};

}  // namespace tidemark::fleet
