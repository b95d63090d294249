// What was asked in each minute of the last hour, what came of it and how long it took: what the status page
// draws. Bounded, and a request costs it a lock and a logarithm.
//
//   Traffic traffic(clock);
//   traffic.Note("/sync/check", 304, took);
//   for (const Traffic::Minute& minute : traffic.LastHour()) …
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "common/clock/clock.h"
#include "common/mutex/mutex.h"
#include "common/vitals/last_hour.h"

namespace tidemark::gateway {

// Times by a scale on which each step is a quarter of a doubling, from 50 microseconds to 50 seconds.
class Times {
 public:
  using Micros = std::chrono::duration<double, std::micro>;

  void Add(Micros took);
  // What `share` (0 … 1) of them were no longer than, to about a tenth. Nothing: there are none.
  std::optional<int64_t> Quantile(double share) const;

 private:
  static constexpr int kSteps = 81;
  std::array<uint32_t, kSteps> counts_{};
};

// Thread-safe.
class Traffic {
 public:
  struct Outcomes {
    // 2xx and redirects.
    int64_t ok = 0;
    int64_t not_modified = 0;
    // 429.
    int64_t limited = 0;
    // Any other 4xx.
    int64_t refused = 0;
    int64_t failed = 0;
  };
  // Of GET /sync/check.
  struct Checks {
    int64_t answered = 0;
    int64_t not_modified = 0;
  };
  struct Minute {
    UnixMillis begins;
    Outcomes outcomes;
    std::optional<int64_t> p50_micros;
    std::optional<int64_t> p95_micros;
    std::optional<int64_t> p99_micros;
  };

  // `clock` outlives this.
  explicit Traffic(const Clock& clock);

  // A request of this route (its label) was answered. Those of the status page itself and of probes are not
  // traffic.
  void Note(std::string_view route, int status, std::chrono::duration<double> took);

  // Without gaps, up to the minute under way; not before this gateway began.
  std::vector<Minute> LastHour() const;
  Checks ChecksOfLastHour() const;

 private:
  struct Counted {
    Outcomes outcomes;
    Checks checks;
    Times times;
  };

  const Clock& clock_;
  const UnixMillis began_;
  mutable Mutex mutex_;
  vitals::LastHour<Counted> hour_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::gateway
