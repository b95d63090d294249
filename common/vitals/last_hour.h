// What was counted in each minute of the last hour, in memory that does not grow.
//
//   LastHour<Reads> hour;                       // under a lock of its owner's
//   hour.At(clock.Now()).hits += 1;
//   for (const auto& [minute, reads] : hour.Until(clock.Now())) …
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "common/clock/clock.h"

namespace tidemark::vitals {

inline constexpr int64_t kMinuteMillis = 60'000;
inline constexpr int kMinutesKept = 60;

// Not thread-safe. T() has counted nothing.
template <typename T>
class LastHour {
 public:
  // The counts of the minute that `now` is in. After a clock that was set back, of a minute of the new time.
  T& At(UnixMillis now) {
    const int64_t minute = now.value / kMinuteMillis;
    Slot& slot = slots_[static_cast<size_t>(minute % kMinutesKept)];
    if (slot.minute != minute) slot = {.minute = minute, .counted = T()};
    return slot.counted;
  }

  // The minutes in which anything was counted and when they began, the oldest first: that of `now` and the 59
  // before it.
  std::vector<std::pair<UnixMillis, T>> Until(UnixMillis now) const {
    std::vector<std::pair<UnixMillis, T>> minutes;
    const int64_t last = now.value / kMinuteMillis;
    for (int64_t minute = last - kMinutesKept + 1; minute <= last; ++minute) {
      if (minute < 0) continue;
      const Slot& slot = slots_[static_cast<size_t>(minute % kMinutesKept)];
      if (slot.minute == minute) minutes.emplace_back(UnixMillis{minute * kMinuteMillis}, slot.counted);
    }
    return minutes;
  }

 private:
  struct Slot {
    int64_t minute = -1;
    T counted = T();
  };
  std::array<Slot, kMinutesKept> slots_;
};

}  // namespace tidemark::vitals
