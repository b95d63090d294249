#include "services/sync/storage/memory/memory_head_cache.h"

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
  CacheRead read;
  const auto entry = entries_.find({space, user});
  if (entry == entries_.end()) {
    if (IsCold(space)) co_return read;
    read.lease = NewToken();
    entries_[{space, user}] = LeaseOf{*read.lease};
  } else if (const auto* head = std::get_if<Head>(&entry->second)) {
    read.head = *head;
  }
  co_return read;
}

Task<void> MemoryHeadCache::Fill(CacheSpace space, UserId user, std::string lease, Head head) {
  MutexLock lock(&mutex_);
  const auto entry = entries_.find({space, user});
  if (entry == entries_.end()) co_return;
  const auto* held = std::get_if<LeaseOf>(&entry->second);
  if (held && held->token == lease) entry->second = WithoutPurge(head);
}

Task<std::optional<std::string>> MemoryHeadCache::Fence(CacheSpace space, UserId user, FenceLeaves leaves) {
  MutexLock lock(&mutex_);
  std::string owner = NewToken();
  std::variant<Head, LeaseOf, FenceOf>& entry = entries_[{space, user}];
  if (!std::holds_alternative<FenceOf>(entry)) entry = FenceOf{};
  auto& fence = std::get<FenceOf>(entry);
  fence.owners.insert(owner);
  fence.leaves_nothing |= IsCold(space) || leaves == FenceLeaves::kNothing;
  co_return owner;
}

Task<void> MemoryHeadCache::Publish(CacheSpace space, UserId user, std::string owner, Head head) {
  MutexLock lock(&mutex_);
  const auto entry = entries_.find({space, user});
  if (entry == entries_.end()) co_return;
  if (std::holds_alternative<LeaseOf>(entry->second)) {
    entries_.erase(entry);
  } else if (auto* fence = std::get_if<FenceOf>(&entry->second)) {
    if (!fence->head || fence->head->high_water < head.high_water) fence->head = WithoutPurge(head);
    Leave({space, user}, owner);
  } else if (std::get<Head>(entry->second).high_water < head.high_water) {
    entry->second = WithoutPurge(head);
  }
}

Task<void> MemoryHeadCache::Unfence(CacheSpace space, UserId user, std::string owner) {
  MutexLock lock(&mutex_);
  Leave({space, user}, owner);
  co_return;
}

void MemoryHeadCache::Leave(const Key& key, const std::string& owner) {
  const auto entry = entries_.find(key);
  if (entry == entries_.end()) return;
  auto* fence = std::get_if<FenceOf>(&entry->second);
  if (!fence) return;
  fence->owners.erase(owner);
  if (!fence->owners.empty()) return;
  if (fence->head && !fence->leaves_nothing) {
    entry->second = Head(*fence->head);
  } else {
    entries_.erase(entry);
  }
}

bool MemoryHeadCache::IsCold(const CacheSpace& space) {
  const UnixMillis now = clock_.Now();
  const UnixMillis warm_at{now.value + absl::ToInt64Milliseconds(cold_)};
  return now < warm_at_.try_emplace(space, warm_at).first->second;
}

void MemoryHeadCache::Flush() {
  MutexLock lock(&mutex_);
  entries_.clear();
  warm_at_.clear();
}

std::string MemoryHeadCache::NewToken() { return std::to_string(++tokens_); }

}  // namespace tidemark::sync
