#include "client/domain/view.h"

#include <algorithm>
#include <tuple>

namespace tidemark::client {
namespace {

// The newest of what waits, else the row's.
UnixMillis UpdatedAt(const TaskState& task) {
  if (task.edit) return task.edit->updated_at;
  if (task.sent) return task.sent->change.updated_at;
  if (task.restated) return task.restated->updated_at;
  return task.row->updated_at;
}

UnixMillis CreatedAt(const TaskState& task) {
  if (task.row) return task.row->created_at;
  for (const std::optional<Edit>* edit : {&task.restated, &task.edit}) {
    if (*edit && (*edit)->created_at) return *(*edit)->created_at;
  }
  if (task.sent && task.sent->change.created_at) return *task.sent->change.created_at;
  return UpdatedAt(task);
}

// A pending edit of the text brings a deleted task back, as it will at the server.
UnixMillis DeletedAt(const std::optional<Row>& row, const Fields& pending) {
  if (pending.deleted_at) return *pending.deleted_at;
  return row && !pending.content ? row->deleted_at : kLive;
}

// Dead or alive; nothing: there is no text.
std::optional<Task> Find(const TaskState& task) {
  const Fields pending = PendingFields(task);
  if (!task.row && !pending.content) return std::nullopt;
  Task seen{.id = task.id};
  if (task.row) {
    seen.content = task.row->content;
    seen.completed = task.row->completed;
    seen.pinned = task.row->pinned;
  }
  if (pending.content) seen.content = *pending.content;
  if (pending.completed) seen.completed = *pending.completed;
  if (pending.pinned) seen.pinned = *pending.pinned;
  seen.created_at = CreatedAt(task);
  seen.updated_at = UpdatedAt(task);
  seen.deleted_at = DeletedAt(task.row, pending);
  seen.pending = task.pending();
  return seen;
}

}  // namespace

std::optional<Task> FindVisible(const TaskState& task) {
  std::optional<Task> seen = Find(task);
  if (seen && seen->deleted_at != kLive) seen.reset();
  return seen;
}

std::optional<Task> FindDeleted(const TaskState& task) {
  std::optional<Task> seen = Find(task);
  if (seen && seen->deleted_at == kLive) seen.reset();
  return seen;
}

void SortForList(std::vector<Task>& tasks) {
  const auto rank = [](const Task& task) {
    return std::make_tuple(task.completed, !task.pinned, -task.created_at.value);
  };
  std::sort(tasks.begin(), tasks.end(), [&](const Task& a, const Task& b) {
    return rank(a) != rank(b) ? rank(a) < rank(b) : a.id < b.id;
  });
}

}  // namespace tidemark::client
