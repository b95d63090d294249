#include "common/breaker/breaker.h"

#include <utility>

namespace tidemark {

Breaker::Breaker(BreakerOptions options, metrics::Gauge& open, std::function<absl::Time()> now)
    : options_(options), open_(open), now_(std::move(now)) {
  open_.Set(0);
}

bool Breaker::Admits() {
  MutexLock lock(&mutex_);
  if (!is_open()) return true;
  const absl::Time now = now_();
  const absl::Duration since = now - probed_at_;
  // A clock that was set back would make the pause endless.
  if (since >= absl::ZeroDuration() && since < options_.pause) return false;
  probed_at_ = now;
  return true;
}

void Breaker::Answered() {
  MutexLock lock(&mutex_);
  if (is_open()) open_.Set(0);
  misses_ = 0;
}

void Breaker::Missed() {
  MutexLock lock(&mutex_);
  if (is_open()) return;
  ++misses_;
  if (!is_open()) return;
  probed_at_ = now_();
  open_.Set(1);
}

}  // namespace tidemark
