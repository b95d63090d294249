#include "client/manager/edits_within.h"

#include <string>
#include <utility>

namespace tidemark::client {

absl::StatusOr<Task> EditsWithin::Add(std::string_view content) {
  return Noted(AddTask(enlisted_, random_, content, now_));
}

absl::StatusOr<Task> EditsWithin::Edit(const TaskId& id, std::string_view content) {
  TaskEdit edit;
  edit.content = std::string(content);
  return Noted(ChangeTask(enlisted_, id, edit, now_));
}

absl::StatusOr<Task> EditsWithin::Complete(const TaskId& id, bool completed) {
  TaskEdit edit;
  edit.completed = completed;
  return Noted(ChangeTask(enlisted_, id, edit, now_));
}

absl::StatusOr<Task> EditsWithin::Pin(const TaskId& id, bool pinned) {
  TaskEdit edit;
  edit.pinned = pinned;
  return Noted(ChangeTask(enlisted_, id, edit, now_));
}

absl::Status EditsWithin::Delete(const TaskId& id) {
  absl::Status removed = RemoveTask(enlisted_, id, now_);
  if (removed.ok()) edited_.insert(id);
  return removed;
}

absl::StatusOr<Task> EditsWithin::Restore(const TaskId& id) { return Noted(BringBack(enlisted_, id, now_)); }

absl::Status EditsWithin::DismissRejected(const Rejection& rejection) {
  tx_.DismissRejection(rejection.change.device, rejection.change.number);
  return absl::OkStatus();
}

absl::Status EditsWithin::DismissConflict(const Conflict& conflict) {
  tx_.DismissConflict(conflict.at, conflict.field);
  return absl::OkStatus();
}

absl::StatusOr<Task> EditsWithin::RestoreDiscarded(const Conflict& conflict) {
  absl::StatusOr<Task> task = Noted(TakeDiscarded(enlisted_, conflict, now_));
  if (task.ok()) tx_.DismissConflict(conflict.at, conflict.field);
  return task;
}

absl::StatusOr<Task> EditsWithin::Noted(absl::StatusOr<Task> task) {
  if (task.ok()) edited_.insert(task->id);
  return task;
}

}  // namespace tidemark::client
