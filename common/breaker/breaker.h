// Spares callers the wait for a dependency that hangs: after a few asks in a row without an answer only one
// ask per pause goes through, the probe, until one is answered.
//
//   Breaker breaker({}, registry.AddGauge("tidemark_breaker_open", "…", {{"dependency", "ratelimit"}}));
//   if (!breaker.Admits()) return fallback;
//   absl::StatusOr<Answer> answer = co_await Ask();
//   absl::IsDeadlineExceeded(answer.status()) ? breaker.Missed() : breaker.Answered();
//
//   closed ── misses_max in a row ──▶ open ── a probe is answered ──▶ closed
//
// For what has no such thing of its own: Redis (redis/loop_connection.h), PostgreSQL (pg/server_watch.h) and
// gRPC's channels (rpc/client.h) have. A dependency that refuses at once costs nothing: that is no miss.
#pragma once

#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/metrics/metrics.h"
#include "common/mutex/mutex.h"

namespace tidemark {

struct BreakerOptions {
  // Asks in a row without an answer.
  int misses_max = 5;
  // Between two probes.
  absl::Duration pause = absl::Seconds(1);
};

// Thread-safe.
class Breaker {
 public:
  // `open` shows 1 while it is open, else 0; it outlives the breaker.
  Breaker(BreakerOptions options, metrics::Gauge& open, std::function<absl::Time()> now = absl::Now);

  // False: the dependency hangs; do without. A probe whose outcome is never told is followed by another.
  bool Admits();
  // An admitted ask was answered, if only by a refusal.
  void Answered();
  // An admitted ask was given up.
  void Missed();

 private:
  bool is_open() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return misses_ >= options_.misses_max; }

  const BreakerOptions options_;
  metrics::Gauge& open_;
  const std::function<absl::Time()> now_;
  Mutex mutex_;
  int misses_ ABSL_GUARDED_BY(mutex_) = 0;
  // When the pause began.
  absl::Time probed_at_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark
