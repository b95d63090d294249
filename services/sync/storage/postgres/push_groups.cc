#include "services/sync/storage/postgres/push_groups.h"

#include <algorithm>
#include <set>
#include <utility>

namespace tidemark::sync {
namespace {

// What history says is asked for one user at a time, and whoever reads all tasks keeps others waiting.
bool MayShare(const WaitingPush& push) {
  const PushQuery& query = push.query;
  const bool reads_history = query.held_at.has_value() || !query.heard_of.empty();
  const bool reads_all = query.delta.after.value == 0 && query.delta.rows_max > 0;
  return !push.alone && !reads_history && !reads_all && query.tasks.size() <= PushGroups::kTasksMax;
}

}  // namespace

void PushGroups::Add(std::shared_ptr<WaitingPush> push) {
  MutexLock lock(&mutex_);
  push->has_job = true;
  waiting_.push_back(std::move(push));
}

PushGroup PushGroups::TakeWith(const std::shared_ptr<WaitingPush>& push) {
  MutexLock lock(&mutex_);
  if (!TakeForItsJob(push)) return {};
  PushGroup group{push};
  if (!MayShare(*push)) return group;
  std::size_t tasks = push->query.tasks.size();
  // Of the group, or passed over: their later pushes do not overtake.
  std::set<UserId> users{push->user};
  for (auto next = waiting_.begin(); next != waiting_.end() && group.size() < kPushesMax;) {
    const WaitingPush& other = **next;
    const bool fits = MayShare(other) && tasks + other.query.tasks.size() <= kTasksMax;
    if (!users.insert(other.user).second || !fits) {
      ++next;
      continue;
    }
    tasks += other.query.tasks.size();
    group.push_back(std::move(*next));
    next = waiting_.erase(next);
  }
  return group;
}

bool PushGroups::Take(const std::shared_ptr<WaitingPush>& push) {
  MutexLock lock(&mutex_);
  return TakeForItsJob(push);
}

bool PushGroups::PutBack(const std::shared_ptr<WaitingPush>& push) {
  MutexLock lock(&mutex_);
  push->alone = true;
  // Before its user's later ones.
  waiting_.push_front(push);
  return !std::exchange(push->has_job, true);
}

bool PushGroups::TakeForItsJob(const std::shared_ptr<WaitingPush>& push) {
  push->has_job = false;
  const auto place = std::find(waiting_.begin(), waiting_.end(), push);
  if (place == waiting_.end()) return false;
  waiting_.erase(place);
  return true;
}

}  // namespace tidemark::sync
