// Where the day's counts are kept, of all processes together.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/clock/clock.h"
#include "services/ratelimit/domain/quota.h"

namespace tidemark::ratelimit {

// What one process has counted since its last report.
struct QuotaReport {
  // Unique to a process and its run. Empty: nobody; nothing is added.
  std::string reporter;
  // 1, 2, 3 …
  int64_t number = 0;
  DayCounts counts;
};

// Thread-safe.
class QuotaStore {
 public:
  virtual ~QuotaStore() = default;
  // What domain/quota.h says of Added, atomically, and returns the day. A report whose number is not above
  // the highest of its reporter's in that day adds nothing, so it may be sent again until its answer has
  // come. Without `now`, the store's own clock holds. Any error: the store cannot be asked; whether the
  // report was added is unknown.
  virtual Task<absl::StatusOr<Day>> Add(QuotaReport report, std::optional<UnixMillis> now) = 0;
};

}  // namespace tidemark::ratelimit
