// The day's counts in this process' memory, for tests.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "common/mutex/mutex.h"
#include "services/ratelimit/storage/quota_store.h"

namespace tidemark::ratelimit {

// Thread-safe.
class MemoryQuotaStore : public QuotaStore {
 public:
  // `clock` outlives the store.
  explicit MemoryQuotaStore(const Clock& clock) : clock_(clock) {}
  Task<absl::StatusOr<Day>> Add(QuotaReport report, std::optional<UnixMillis> now) override;

 private:
  const Clock& clock_;
  Mutex mutex_;
  std::optional<Day> day_ ABSL_GUARDED_BY(mutex_);
  // The highest number of each reporter in day_.
  std::map<std::string, int64_t> numbers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::ratelimit
