// A tier in this process' memory before the head cache (SPEC 5.8, --near-cache). What it answers may be as
// old as `max_age`, and is mostly younger: a push through this process and an announcement of another's
// forget it.
//
//   NearHeadCache near(redis_cache, redis_announcer, clock, absl::Milliseconds(50));
//   Engine engine(store, near, near, …);
#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "common/metrics/metrics.h"
#include "common/mutex/mutex.h"
#include "services/sync/storage/head_announcer.h"
#include "services/sync/storage/head_cache.h"

namespace tidemark::sync {

class NearHeadCache : public HeadCache, public HeadAnnouncer, private HeadListener {
 public:
  // All outlive this.
  NearHeadCache(HeadCache& cache, HeadAnnouncer& announcer, const Clock& clock, absl::Duration max_age,
                metrics::Registry& registry);
  ~NearHeadCache() override;

  Task<CacheRead> Read(CacheSpace space, UserId user) override;
  Task<void> Fill(CacheSpace space, UserId user, std::string lease, Head head) override;
  Task<std::optional<std::string>> Fence(CacheSpace space, UserId user, FenceLeaves leaves) override;
  Task<void> Publish(CacheSpace space, UserId user, std::string owner, Head head) override;
  Task<void> Unfence(CacheSpace space, UserId user, std::string owner) override;

  void Listen(HeadListener* listener) override;
  void Announce(Announcement announcement) override;

 private:
  // As it was read from the cache behind.
  struct Entry {
    CacheSpace space;
    Head head;
    UnixMillis read_at;
  };

  void Heard(const Announcement& announcement) override;
  void HearsOthers(bool hears) override;
  std::optional<Head> Find(const CacheSpace& space, const UserId& user);
  void Keep(const UserId& user, Entry entry);
  void Forget(const UserId& user);

  HeadCache& cache_;
  HeadAnnouncer& announcer_;
  const Clock& clock_;
  const absl::Duration max_age_;
  metrics::Counter& hits_;
  metrics::Counter& misses_;
  std::atomic<HeadListener*> listener_ = nullptr;
  Mutex mutex_;
  std::map<UserId, Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::sync
