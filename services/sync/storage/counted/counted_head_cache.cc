#include "services/sync/storage/counted/counted_head_cache.h"

#include <utility>

namespace tidemark::sync {

Task<CacheRead> CountedHeadCache::Read(CacheSpace space, UserId user) {
  CacheRead read = co_await cache_.Read(std::move(space), std::move(user));
  share_.Note(read.head.has_value());
  co_return read;
}

Task<void> CountedHeadCache::Fill(CacheSpace space, UserId user, std::string lease, Head head) {
  return cache_.Fill(std::move(space), std::move(user), std::move(lease), head);
}

Task<std::optional<std::string>> CountedHeadCache::Fence(CacheSpace space, UserId user, FenceLeaves leaves) {
  return cache_.Fence(std::move(space), std::move(user), leaves);
}

Task<void> CountedHeadCache::Publish(CacheSpace space, UserId user, std::string owner, Head head) {
  return cache_.Publish(std::move(space), std::move(user), std::move(owner), head);
}

Task<void> CountedHeadCache::Unfence(CacheSpace space, UserId user, std::string owner) {
  return cache_.Unfence(std::move(space), std::move(user), std::move(owner));
}

}  // namespace tidemark::sync
