// The HeadCache in this process' memory, for tests and simulations; held to Redis' behaviour by
// head_cache_contract.h. Leases and fences do not expire.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "services/sync/storage/head_cache.h"

namespace tidemark::sync {

class MemoryHeadCache : public HeadCache {
 public:
  Task<CacheRead> Read(Epoch epoch, UserId user) override;
  Task<void> Fill(Epoch epoch, UserId user, std::string lease, Head head) override;
  Task<std::string> Fence(Epoch epoch, UserId user) override;
  Task<void> Publish(Epoch epoch, UserId user, std::string owner, Head head) override;
  Task<void> Unfence(Epoch epoch, UserId user, std::string owner) override;

 private:
  struct LeaseOf {
    std::string token;
  };
  struct FenceOf {
    std::string owner;
  };
  using Key = std::pair<Epoch, UserId>;

  std::string NewToken() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  std::map<Key, std::variant<Head, LeaseOf, FenceOf>> entries_ ABSL_GUARDED_BY(mutex_);
  int tokens_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tidemark::sync
