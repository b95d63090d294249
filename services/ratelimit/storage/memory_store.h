// Buckets in this process' memory, bounded.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "common/clock/clock.h"
#include "common/mutex/mutex.h"
#include "services/ratelimit/domain/bucket.h"
#include "services/ratelimit/storage/bucket_store.h"

namespace tidemark::ratelimit {

// Some 300 bytes each.
inline constexpr size_t kMemoryBucketsMax = 100'000;

// Thread-safe. Beyond `buckets_max` buckets, those that would be full first are forgotten: what is lost then
// is the smallest part of a limit.
class MemoryStore : public BucketStore {
 public:
  // `clock` outlives the store.
  explicit MemoryStore(const Clock& clock, size_t buckets_max = kMemoryBucketsMax);

  // Never an error.
  Task<absl::StatusOr<Decision>> Take(Policy policy, std::string subject, int64_t cost,
                                      std::optional<UnixMillis> now, Origin origin) override;
  // How many are kept.
  size_t size() const;

 private:
  // Policy and subject.
  using Key = std::pair<std::string, std::string>;
  using ByFullAt = std::multimap<UnixMillis, Key>;
  struct Kept {
    Bucket bucket;
    ByFullAt::iterator place;
  };

  std::optional<Bucket> Find(const Key& key) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Keep(const Key& key, const Taken& taken) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock& clock_;
  const size_t buckets_max_;
  mutable Mutex mutex_;
  absl::flat_hash_map<Key, Kept> buckets_ ABSL_GUARDED_BY(mutex_);
  ByFullAt by_full_at_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::ratelimit
