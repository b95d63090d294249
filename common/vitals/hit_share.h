// How many of the last hour's reads a cache answered.
#pragma once

#include "absl/base/thread_annotations.h"
#include "common/clock/clock.h"
#include "common/mutex/mutex.h"
#include "common/vitals/last_hour.h"

namespace tidemark::vitals {

struct Reads {
  int64_t all = 0;
  int64_t hits = 0;
};

// Thread-safe.
class HitShare {
 public:
  // `clock` outlives this.
  explicit HitShare(const Clock& clock) : clock_(clock) {}

  void Note(bool hit) {
    const UnixMillis now = clock_.Now();
    MutexLock lock(&mutex_);
    Reads& reads = hour_.At(now);
    ++reads.all;
    if (hit) ++reads.hits;
  }

  Reads InLastHour() const {
    Reads sum;
    MutexLock lock(&mutex_);
    for (const auto& [minute, reads] : hour_.Until(clock_.Now())) {
      sum.all += reads.all;
      sum.hits += reads.hits;
    }
    return sum;
  }

 private:
  const Clock& clock_;
  mutable Mutex mutex_;
  LastHour<Reads> hour_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::vitals
