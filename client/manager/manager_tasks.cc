#include <utility>

#include "client/export/task_json.h"
#include "client/manager/enlisted.h"
#include "client/manager/manager.h"

namespace tidemark::client {
namespace {

// What waits of one task, as one change.
Change PendingOf(const TaskState& task) {
  Change change{.id = task.id, .updated_at = task.since(), .fields = PendingFields(task)};
  if (task.sent) {
    change.number = task.sent->change.number;
    change.version = task.sent->change.version;
    change.device = task.sent->change.device;
    change.updated_at = task.sent->change.updated_at;
  }
  if (task.edit) change.updated_at = task.edit->updated_at;
  return change;
}

}  // namespace

absl::StatusOr<Task> Manager::Add(std::string_view content) {
  return EditOne([&](LocalStore& store) { return AddTask(store, random_, content, clock_.Now()); });
}

absl::StatusOr<Task> Manager::Edit(const TaskId& id, std::string_view content) {
  TaskEdit edit;
  edit.content = std::string(content);
  return EditOne([&](LocalStore& store) { return ChangeTask(store, id, edit, clock_.Now()); });
}

absl::StatusOr<Task> Manager::Complete(const TaskId& id, bool completed) {
  TaskEdit edit;
  edit.completed = completed;
  return EditOne([&](LocalStore& store) { return ChangeTask(store, id, edit, clock_.Now()); });
}

absl::StatusOr<Task> Manager::Pin(const TaskId& id, bool pinned) {
  TaskEdit edit;
  edit.pinned = pinned;
  return EditOne([&](LocalStore& store) { return ChangeTask(store, id, edit, clock_.Now()); });
}

absl::Status Manager::Delete(const TaskId& id) {
  return EditOne([&](LocalStore& store) -> absl::StatusOr<Task> {
           if (absl::Status removed = RemoveTask(store, id, clock_.Now()); !removed.ok()) return removed;
           return Task{.id = id};
         })
      .status();
}

absl::StatusOr<Task> Manager::Restore(const TaskId& id) {
  return EditOne([&](LocalStore& store) { return BringBack(store, id, clock_.Now()); });
}

absl::StatusOr<Task> Manager::RestoreDiscarded(const Conflict& conflict) {
  return EditOne([&](LocalStore& store) -> absl::StatusOr<Task> {
    absl::StatusOr<Task> task = TakeDiscarded(store, conflict, clock_.Now());
    if (!task.ok()) return task;
    const absl::Status dismissed = store.Write([&](Transaction& tx) {
      tx.DismissConflict(conflict.at, conflict.field);
      return absl::OkStatus();
    });
    if (!dismissed.ok()) return dismissed;
    return task;
  });
}

absl::StatusOr<Task> Manager::EditOne(absl::FunctionRef<absl::StatusOr<Task>(LocalStore&)> edit) {
  absl::StatusOr<Task> task;
  const absl::Status stored = store_.Write([&](Transaction& tx) {
    Enlisted enlisted(tx);
    task = edit(enlisted);
    if (!task.ok()) return task.status();
    schedule_.TellWithin(tx, event::Edited{}, clock_.Now());
    return absl::OkStatus();
  });
  if (!stored.ok()) return stored;
  Edited({task->id});
  return task;
}

void Manager::Edited(const std::set<TaskId>& tasks) {
  notifier_.TasksChanged(tasks);
  Wake();
}

absl::StatusOr<std::vector<Task>> Manager::List() { return ListTasks(store_, Which::kVisible); }
absl::StatusOr<std::vector<Task>> Manager::ListDeleted() { return ListTasks(store_, Which::kDeleted); }

absl::StatusOr<Task> Manager::Find(std::string_view prefix) {
  return FindTask(store_, prefix, Which::kVisible);
}

absl::StatusOr<Task> Manager::FindDeleted(std::string_view prefix) {
  return FindTask(store_, prefix, Which::kDeleted);
}

absl::StatusOr<std::vector<Change>> Manager::Pending() {
  std::vector<Change> pending;
  const absl::Status read = store_.Read([&](Transaction& tx) {
    for (const TaskId& id : tx.ListPending()) pending.push_back(PendingOf(tx.Get(id)));
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return pending;
}

absl::StatusOr<std::vector<Rejection>> Manager::Rejected() {
  std::vector<Rejection> rejections;
  const absl::Status read = store_.Read([&](Transaction& tx) {
    rejections = tx.ListRejections();
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return rejections;
}

absl::Status Manager::DismissRejected(const Rejection& rejection) {
  const absl::Status stored = store_.Write([&](Transaction& tx) {
    tx.DismissRejection(rejection.change.device, rejection.change.number);
    return absl::OkStatus();
  });
  notifier_.StatusChanged();
  return stored;
}

absl::StatusOr<std::vector<Conflict>> Manager::Conflicts() {
  std::vector<Conflict> conflicts;
  const absl::Status read = store_.Read([&](Transaction& tx) {
    conflicts = tx.ListConflicts();
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return conflicts;
}

absl::Status Manager::DismissConflict(const Conflict& conflict) {
  const absl::Status stored = store_.Write([&](Transaction& tx) {
    tx.DismissConflict(conflict.at, conflict.field);
    return absl::OkStatus();
  });
  notifier_.StatusChanged();
  return stored;
}

absl::Status Manager::AgreeToMassChange() {
  const absl::Status agreed = client::AgreeToMassChange(store_, clock_.Now());
  if (agreed.ok()) notifier_.AnyTaskChanged();
  return agreed;
}

absl::Status Manager::RefuseMassChange() {
  const absl::Status refused = store_.Write([&](Transaction& tx) {
    Enlisted enlisted(tx);
    if (absl::Status status = client::RefuseMassChange(enlisted, clock_.Now()); !status.ok()) return status;
    schedule_.TellWithin(tx, event::Edited{}, clock_.Now());
    return absl::OkStatus();
  });
  if (!refused.ok()) return refused;
  notifier_.AnyTaskChanged();
  Wake();
  return absl::OkStatus();
}

absl::StatusOr<std::string> Manager::Export() {
  absl::StatusOr<std::vector<Task>> tasks = List();
  if (!tasks.ok()) return tasks.status();
  return ToJsonLines(*tasks);
}

absl::StatusOr<int> Manager::Import(std::string_view text) {
  absl::StatusOr<std::vector<Task>> given = ParseTasks(text);
  if (!given.ok()) return given.status();
  std::set<TaskId> added;
  const absl::Status stored = store_.Write([&](Transaction& tx) {
    added.clear();
    for (const Task& task : *given) {
      if (!tx.Get(task.id).empty()) continue;
      tx.Put(Imported(task, clock_.Now()));
      added.insert(task.id);
    }
    if (!added.empty()) schedule_.TellWithin(tx, event::Edited{}, clock_.Now());
    return absl::OkStatus();
  });
  if (!stored.ok()) return stored;
  if (!added.empty()) Edited(added);
  return static_cast<int>(added.size());
}

}  // namespace tidemark::client
