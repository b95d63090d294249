// How many different users a day has seen in all processes together: the port.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "common/async/task.h"

namespace tidemark::sync {

// Counted from the Unix epoch, in UTC.
struct DayNumber {
  int64_t value = 0;
  auto operator<=>(const DayNumber&) const = default;
};

// Thread-safe.
class UserCounter {
 public:
  virtual ~UserCounter() = default;
  // Adds users, each by a hash of 64 bits, and returns how many different ones the day has seen, about. Those
  // that were added before change nothing, so it may be done again. UNAVAILABLE: the counter is away.
  virtual Task<absl::StatusOr<int64_t>> Add(DayNumber day, std::vector<uint64_t> users) = 0;
};

}  // namespace tidemark::sync
