#include "common/pg/job_queue.h"

#include <utility>

namespace tidemark::pg {

bool JobQueue::Push(Job& job) {
  absl::MutexLock lock(&mutex_);
  if (jobs_.size() >= size_max_) return false;
  jobs_.push_back(std::move(job));
  return true;
}

std::optional<Job> JobQueue::Pop(absl::Duration wait) {
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(this, &JobQueue::PopReady), wait);
  if (jobs_.empty()) return std::nullopt;
  Job job = std::move(jobs_.front());
  jobs_.pop_front();
  return job;
}

void JobQueue::PutBack(Job job) {
  absl::MutexLock lock(&mutex_);
  jobs_.push_front(std::move(job));
}

void JobQueue::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
}

bool JobQueue::closed() const {
  absl::MutexLock lock(&mutex_);
  return closed_;
}

void JobQueue::Rest(absl::Duration duration) const {
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&closed_), duration);
}

}  // namespace tidemark::pg
