#include "client/manager/open_conflicts.h"

#include <optional>

#include "client/sync_manager.h"

namespace tidemark::client {
namespace {

bool IsSettled(Transaction& tx, const Conflict& conflict) {
  const TaskState state = tx.Get(conflict.id);
  std::optional<Task> task = FindVisible(state);
  if (!task) task = FindDeleted(state);
  return task && IsSame(ValueOf(*task, conflict.field), conflict.discarded.value);
}

}  // namespace

FieldValue ValueOf(const Task& task, Field field) {
  switch (field) {
    case Field::kContent:
      return task.content;
    case Field::kCompleted:
      return task.completed;
    case Field::kPinned:
      return task.pinned;
    case Field::kDeletedAt:
      break;
  }
  return task.deleted_at;
}

bool IsSame(const FieldValue& a, const FieldValue& b) {
  const auto* one = std::get_if<UnixMillis>(&a);
  const auto* other = std::get_if<UnixMillis>(&b);
  return one != nullptr && other != nullptr ? (*one == kLive) == (*other == kLive) : a == b;
}

std::vector<Conflict> OpenConflicts(Transaction& tx) {
  std::vector<Conflict> conflicts = tx.ListConflicts();
  std::erase_if(conflicts, [&](const Conflict& conflict) { return IsSettled(tx, conflict); });
  return conflicts;
}

}  // namespace tidemark::client
