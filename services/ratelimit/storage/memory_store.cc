#include "services/ratelimit/storage/memory_store.h"

namespace tidemark::ratelimit {

MemoryStore::MemoryStore(const Clock& clock, size_t buckets_max) : clock_(clock), buckets_max_(buckets_max) {}

Task<absl::StatusOr<Decision>> MemoryStore::Take(Policy policy, std::string subject, int64_t cost,
                                                 std::optional<UnixMillis> now, Origin) {
  const Key key(policy.name, std::move(subject));
  MutexLock lock(&mutex_);
  const Taken taken = ratelimit::Take(policy, Find(key), cost, now.value_or(clock_.Now()));
  if (taken.decision.allowed && cost > 0) Keep(key, taken);
  co_return taken.decision;
}

size_t MemoryStore::size() const {
  MutexLock lock(&mutex_);
  return buckets_.size();
}

std::optional<Bucket> MemoryStore::Find(const Key& key) const {
  auto found = buckets_.find(key);
  if (found == buckets_.end()) return std::nullopt;
  return found->second.bucket;
}

void MemoryStore::Keep(const Key& key, const Taken& taken) {
  auto [kept, added] = buckets_.try_emplace(key);
  if (!added) by_full_at_.erase(kept->second.place);
  kept->second = {taken.bucket, by_full_at_.emplace(taken.full_at, key)};
  if (buckets_.size() > buckets_max_) {
    buckets_.erase(by_full_at_.begin()->second);
    by_full_at_.erase(by_full_at_.begin());
  }
}

}  // namespace tidemark::ratelimit
