#include "services/sync/storage/near/near_head_cache.h"

#include <utility>

namespace tidemark::sync {
namespace {

// About 20 MB. More users than that in so short a time begin anew.
constexpr std::size_t kEntriesMax = 100'000;

metrics::Counter& Reads(metrics::Registry& registry, const char* result) {
  return registry.AddCounter("tidemark_head_cache_reads_total",
                             "Reads of the head cache, by tier; what the near one misses is read from Redis.",
                             {{"tier", "near"}, {"result", result}});
}

}  // namespace

NearHeadCache::NearHeadCache(HeadCache& cache, HeadAnnouncer& announcer, const Clock& clock,
                             absl::Duration max_age, metrics::Registry& registry)
    : cache_(cache),
      announcer_(announcer),
      clock_(clock),
      max_age_(max_age),
      hits_(Reads(registry, "hit")),
      misses_(Reads(registry, "miss")) {
  announcer_.Listen(this);
}

NearHeadCache::~NearHeadCache() { announcer_.Listen(nullptr); }

Task<CacheRead> NearHeadCache::Read(CacheSpace space, UserId user) {
  CacheRead read;
  read.head = Find(space, user);
  (read.head ? hits_ : misses_).Increment();
  if (read.head) co_return read;
  // Its age counts from before it was asked for.
  const UnixMillis asked_at = clock_.Now();
  read = co_await cache_.Read(space, user);
  if (read.head) Keep(user, {std::move(space), *read.head, asked_at});
  co_return read;
}

Task<void> NearHeadCache::Fill(CacheSpace space, UserId user, std::string lease, Head head) {
  return cache_.Fill(std::move(space), std::move(user), std::move(lease), head);
}

Task<std::optional<std::string>> NearHeadCache::Fence(CacheSpace space, UserId user, FenceLeaves leaves) {
  Forget(user);
  return cache_.Fence(std::move(space), std::move(user), leaves);
}

Task<void> NearHeadCache::Publish(CacheSpace space, UserId user, std::string owner, Head head) {
  Forget(user);
  return cache_.Publish(std::move(space), std::move(user), std::move(owner), head);
}

Task<void> NearHeadCache::Unfence(CacheSpace space, UserId user, std::string owner) {
  return cache_.Unfence(std::move(space), std::move(user), std::move(owner));
}

void NearHeadCache::Listen(HeadListener* listener) {
  listener_ = nullptr;
  // Returns when what was called last has returned.
  announcer_.Listen(nullptr);
  listener_ = listener;
  announcer_.Listen(this);
}

void NearHeadCache::Announce(Announcement announcement) { announcer_.Announce(std::move(announcement)); }

void NearHeadCache::Heard(const Announcement& announcement) {
  Forget(announcement.user);
  if (HeadListener* listener = listener_) listener->Heard(announcement);
}

void NearHeadCache::HearsOthers(bool hears) {
  if (HeadListener* listener = listener_) listener->HearsOthers(hears);
}

std::optional<Head> NearHeadCache::Find(const CacheSpace& space, const UserId& user) {
  const int64_t now = clock_.Now().value;
  MutexLock lock(&mutex_);
  const auto found = entries_.find(user);
  if (found == entries_.end() || found->second.space != space) return std::nullopt;
  const int64_t age = now - found->second.read_at.value;
  if (age >= 0 && age < absl::ToInt64Milliseconds(max_age_)) return found->second.head;
  entries_.erase(found);
  return std::nullopt;
}

void NearHeadCache::Keep(const UserId& user, Entry entry) {
  MutexLock lock(&mutex_);
  if (entries_.size() >= kEntriesMax) entries_.clear();
  entries_.insert_or_assign(user, std::move(entry));
}

void NearHeadCache::Forget(const UserId& user) {
  MutexLock lock(&mutex_);
  entries_.erase(user);
}

}  // namespace tidemark::sync
