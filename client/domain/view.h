// A task as the person sees it: what the server said, under what they did since. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/domain/task_state.h"

namespace tidemark::client {

struct Task {
  TaskId id = {};
  std::string content = {};
  bool completed = false;
  bool pinned = false;
  UnixMillis created_at = {};
  UnixMillis updated_at = {};
  // kLive, unless it was asked for among the deleted ones.
  UnixMillis deleted_at = {};
  // The server has not answered to an edit of it yet.
  bool pending = false;
  bool operator==(const Task&) const = default;
};

// Nothing: the person sees no such task.
std::optional<Task> FindVisible(const TaskState& task);
// A deleted task whose text is still here: it can be restored.
std::optional<Task> FindDeleted(const TaskState& task);

// Open before completed, pinned first, the newest first.
void SortForList(std::vector<Task>& tasks);

}  // namespace tidemark::client
