#include "client/cli/text/task_changes.h"

#include <map>
#include <tuple>

namespace tidemark::cli {
namespace {

using client::Task;

auto Shown(const Task& task) { return std::tie(task.content, task.completed, task.pinned); }

std::map<TaskId, const Task*> ById(const std::vector<Task>& tasks) {
  std::map<TaskId, const Task*> by_id;
  for (const Task& task : tasks) by_id[task.id] = &task;
  return by_id;
}

}  // namespace

std::vector<TaskChange> ChangesBetween(const std::vector<Task>& before, const std::vector<Task>& after) {
  const auto old = ById(before), now = ById(after);
  std::vector<TaskChange> changes;
  for (const Task& task : before) {
    if (!now.contains(task.id)) changes.push_back({TaskEvent::kRemoved, task});
  }
  for (const Task& task : after) {
    const auto was = old.find(task.id);
    if (was == old.end()) {
      changes.push_back({TaskEvent::kAdded, task});
    } else if (Shown(*was->second) != Shown(task)) {
      changes.push_back({TaskEvent::kChanged, task});
    }
  }
  return changes;
}

}  // namespace tidemark::cli
