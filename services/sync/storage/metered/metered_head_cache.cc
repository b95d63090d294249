#include "services/sync/storage/metered/metered_head_cache.h"

#include <utility>

namespace tidemark::sync {

Task<CacheRead> MeteredHeadCache::Read(CacheSpace space, UserId user) {
  if (meter_.is_off()) co_return CacheRead();
  meter_.count_read();
  co_return co_await cache_.Read(std::move(space), std::move(user));
}

Task<void> MeteredHeadCache::Fill(CacheSpace space, UserId user, std::string lease, Head head) {
  meter_.count_write();
  return cache_.Fill(std::move(space), std::move(user), std::move(lease), head);
}

Task<std::optional<std::string>> MeteredHeadCache::Fence(CacheSpace space, UserId user, FenceLeaves leaves) {
  if (meter_.is_off()) leaves = FenceLeaves::kNothing;
  return cache_.Fence(std::move(space), std::move(user), leaves);
}

Task<void> MeteredHeadCache::Publish(CacheSpace space, UserId user, std::string owner, Head head) {
  // Under a fence that was put while it was off, nothing is written.
  if (!meter_.is_off()) meter_.count_write();
  return cache_.Publish(std::move(space), std::move(user), std::move(owner), head);
}

Task<void> MeteredHeadCache::Unfence(CacheSpace space, UserId user, std::string owner) {
  return cache_.Unfence(std::move(space), std::move(user), std::move(owner));
}

}  // namespace tidemark::sync
