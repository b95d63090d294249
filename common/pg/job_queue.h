// What waits for a worker, in order and bounded. As it fills, reads are refused before writes (SPEC 8).
#pragma once

#include <deque>
#include <functional>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/mutex/mutex.h"
#include "common/pg/pool.h"

namespace tidemark::pg {

struct Job {
  std::function<absl::Status(Connection&)> work;
  std::function<void(absl::Status)> done;
  Rank rank = Rank::kWrite;
  absl::Time queued_at = absl::InfiniteFuture();
};

// Thread-safe.
class JobQueue {
 public:
  // `reads_max`: a read is refused when so many jobs wait, of whatever rank.
  JobQueue(int size_max, int reads_max) : size_max_(size_max), reads_max_(reads_max) {}

  // Takes `job`, unless the queue is full for its rank: then returns false and leaves `job` as it was.
  bool Push(Job& job);
  // The oldest job, as soon as there is one; nothing when the queue is closed and empty.
  std::optional<Job> Pop();
  // Gives back a popped job for another to pop next. Never full.
  void PutBack(Job job);
  // No job waits any longer than it must from now on. Pop still returns what is queued.
  void Close();
  bool closed() const;
  int waiting(Rank rank) const;
  // Returns after `duration`, or earlier when the queue is closed.
  void Rest(absl::Duration duration);

 private:
  const size_t size_max_;
  const size_t reads_max_;
  mutable Mutex mutex_;
  CondVar arrived_;
  CondVar closing_;
  std::deque<Job> jobs_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tidemark::pg
