#include "services/sync/storage/postgres/push_groups.h"

#include <algorithm>
#include <set>
#include <utility>

namespace tidemark::sync {

bool MayShare(const PushQuery& query) {
  const bool reads_history = query.held_at.has_value() || !query.heard_of.empty();
  const bool reads_all = query.delta.after.value == 0 && query.delta.rows_max > 0;
  return !reads_history && !reads_all && query.tasks.size() <= PushGroups::kTasksMax;
}

PushGroups::Added PushGroups::Add(std::unique_ptr<WaitingPush>& push) {
  MutexLock lock(&mutex_);
  if (waiting_.size() >= waiting_max_) {
    ++refused_;
    return Added::kFull;
  }
  tasks_waiting_ += push->query.tasks.size();
  waiting_.push_back(std::move(push));
  if (!WantBeside(jobs_)) return Added::kWaits;
  ++jobs_;
  return Added::kStart;
}

PushGroup PushGroups::Take() {
  MutexLock lock(&mutex_);
  PushGroup group;
  std::size_t tasks = 0;
  // Of the group, or passed over: their later pushes do not overtake.
  std::set<UserId> users;
  for (auto next = waiting_.begin(); next != waiting_.end() && group.size() < kPushesMax;) {
    const WaitingPush& push = **next;
    const bool fits = tasks + push.query.tasks.size() <= kTasksMax;
    if (!users.insert(push.user).second || !fits) {
      ++next;
      continue;
    }
    tasks += push.query.tasks.size();
    group.push_back(std::move(*next));
    next = waiting_.erase(next);
  }
  tasks_waiting_ -= tasks;
  return group;
}

bool PushGroups::Done() {
  MutexLock lock(&mutex_);
  if (WantBeside(jobs_ - 1)) return true;
  --jobs_;
  return false;
}

bool PushGroups::WantBeside(std::size_t jobs) const {
  const bool fills_groups = waiting_.size() >= jobs * kPushesMax || tasks_waiting_ >= jobs * kTasksMax;
  return !waiting_.empty() && fills_groups;
}

std::size_t PushGroups::waiting() const {
  MutexLock lock(&mutex_);
  return waiting_.size();
}

int64_t PushGroups::refused() const {
  MutexLock lock(&mutex_);
  return refused_;
}

double PushGroups::load() const {
  MutexLock lock(&mutex_);
  return std::min(1.0, static_cast<double>(waiting_.size()) / kPushesMax);
}

}  // namespace tidemark::sync
