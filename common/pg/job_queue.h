// What waits for a worker, in order and bounded.
#pragma once

#include <deque>
#include <functional>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/mutex/mutex.h"

namespace tidemark::pg {

class Connection;

struct Job {
  std::function<absl::Status(Connection&)> work;
  std::function<void(absl::Status)> done;
};

// Thread-safe.
class JobQueue {
 public:
  explicit JobQueue(int size_max) : size_max_(size_max) {}

  // Takes `job`, unless the queue is full: then returns false and leaves `job` as it was.
  bool Push(Job& job);
  // The oldest job, as soon as there is one; nothing after `wait`, or when the queue is closed and empty.
  std::optional<Job> Pop(absl::Duration wait);
  // Gives back a popped job for another to pop next. Never full.
  void PutBack(Job job);
  // No job waits any longer than it must from now on. Pop still returns what is queued.
  void Close();
  bool closed() const;
  // Returns after `duration`, or earlier when the queue is closed.
  void Rest(absl::Duration duration);

 private:
  const size_t size_max_;
  mutable Mutex mutex_;
  CondVar arrived_;
  CondVar closing_;
  std::deque<Job> jobs_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tidemark::pg
