#include "services/sync/storage/memory/memory_head_cache.h"

#include <utility>

namespace tidemark::sync {
namespace {

// As Redis keeps it.
Head WithoutPurge(Head head) {
  head.purged_through = {};
  return head;
}

}  // namespace

Task<CacheRead> MemoryHeadCache::Read(CacheSpace space, UserId user) {
  MutexLock lock(&mutex_);
  co_return head_cache_rules::Read(keys_[{space, user}], WarmthOf(space), NewToken());
}

Task<void> MemoryHeadCache::Fill(CacheSpace space, UserId user, std::string lease, Head head) {
  MutexLock lock(&mutex_);
  head_cache_rules::Fill(keys_[{space, user}], lease, WithoutPurge(head));
  co_return;
}

Task<std::optional<std::string>> MemoryHeadCache::Fence(CacheSpace space, UserId user, FenceLeaves leaves) {
  MutexLock lock(&mutex_);
  std::string owner = NewToken();
  head_cache_rules::PutFence(keys_[{space, user}], WarmthOf(space), owner, leaves);
  co_return owner;
}

Task<void> MemoryHeadCache::Publish(CacheSpace space, UserId user, std::string owner, Head head) {
  MutexLock lock(&mutex_);
  head_cache_rules::Publish(keys_[{space, user}], owner, WithoutPurge(head));
  co_return;
}

Task<void> MemoryHeadCache::Unfence(CacheSpace space, UserId user, std::string owner) {
  MutexLock lock(&mutex_);
  head_cache_rules::Unfence(keys_[{space, user}], owner);
  co_return;
}

head_cache_rules::Warmth MemoryHeadCache::WarmthOf(const CacheSpace& space) {
  const UnixMillis now = clock_.Now();
  const UnixMillis warm_at{now.value + absl::ToInt64Milliseconds(cold_)};
  const bool is_cold = now < warm_at_.try_emplace(space, warm_at).first->second;
  return is_cold ? head_cache_rules::Warmth::kCold : head_cache_rules::Warmth::kWarm;
}

void MemoryHeadCache::Flush() {
  MutexLock lock(&mutex_);
  keys_.clear();
  warm_at_.clear();
}

std::string MemoryHeadCache::NewToken() { return std::to_string(++tokens_); }

}  // namespace tidemark::sync
