#include "common/clock/clock.h"

#include <chrono>

namespace tidemark {

UnixMillis SystemClock::Now() const {
  auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
}

ManualClock::ManualClock(UnixMillis start) : now_(start.value) {}

UnixMillis ManualClock::Now() const { return {now_.load()}; }

void ManualClock::AdvanceMillis(int64_t millis) { now_.fetch_add(millis); }

}  // namespace tidemark
