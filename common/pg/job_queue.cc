#include "common/pg/job_queue.h"

#include <algorithm>
#include <utility>

namespace tidemark::pg {

bool JobQueue::Push(Job& job) {
  MutexLock lock(&mutex_);
  if (jobs_.size() >= (job.rank == Rank::kRead ? reads_max_ : size_max_)) return false;
  jobs_.push_back(std::move(job));
  arrived_.NotifyOne();
  return true;
}

std::optional<Job> JobQueue::Pop() {
  MutexLock lock(&mutex_);
  while (jobs_.empty() && !closed_) arrived_.Wait(mutex_);
  if (jobs_.empty()) return std::nullopt;
  Job job = std::move(jobs_.front());
  jobs_.pop_front();
  return job;
}

void JobQueue::PutBack(Job job) {
  MutexLock lock(&mutex_);
  jobs_.push_front(std::move(job));
  arrived_.NotifyOne();
}

void JobQueue::Close() {
  MutexLock lock(&mutex_);
  closed_ = true;
  arrived_.NotifyAll();
  closing_.NotifyAll();
}

bool JobQueue::closed() const {
  MutexLock lock(&mutex_);
  return closed_;
}

int JobQueue::waiting(Rank rank) const {
  MutexLock lock(&mutex_);
  return static_cast<int>(std::ranges::count_if(jobs_, [rank](const Job& job) { return job.rank == rank; }));
}

void JobQueue::Rest(absl::Duration duration) {
  const CondVar::Deadline deadline = CondVar::In(duration);
  MutexLock lock(&mutex_);
  while (!closed_ && closing_.WaitUntil(mutex_, deadline)) {
  }
}

}  // namespace tidemark::pg
