#include <utility>

#include "client/export/task_json.h"
#include "client/manager/edits_within.h"
#include "client/manager/enlisted.h"
#include "client/manager/manager.h"
#include "client/manager/open_conflicts.h"

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
  return EditOne([&](TaskEdits& edits) { return edits.Add(content); });
}

absl::StatusOr<Task> Manager::Edit(const TaskId& id, std::string_view content) {
  return EditOne([&](TaskEdits& edits) { return edits.Edit(id, content); });
}

absl::StatusOr<Task> Manager::Complete(const TaskId& id, bool completed) {
  return EditOne([&](TaskEdits& edits) { return edits.Complete(id, completed); });
}

absl::StatusOr<Task> Manager::Pin(const TaskId& id, bool pinned) {
  return EditOne([&](TaskEdits& edits) { return edits.Pin(id, pinned); });
}

absl::Status Manager::Delete(const TaskId& id) {
  return Together([&](TaskEdits& edits) { return edits.Delete(id); });
}

absl::StatusOr<Task> Manager::Restore(const TaskId& id) {
  return EditOne([&](TaskEdits& edits) { return edits.Restore(id); });
}

absl::Status Manager::DismissRejected(const Rejection& rejection) {
  return Together([&](TaskEdits& edits) { return edits.DismissRejected(rejection); });
}

absl::Status Manager::DismissConflict(const Conflict& conflict) {
  return Together([&](TaskEdits& edits) { return edits.DismissConflict(conflict); });
}

absl::StatusOr<Task> Manager::RestoreDiscarded(const Conflict& conflict) {
  return EditOne([&](TaskEdits& edits) { return edits.RestoreDiscarded(conflict); });
}

absl::StatusOr<Task> Manager::EditOne(absl::FunctionRef<absl::StatusOr<Task>(TaskEdits&)> edit) {
  absl::StatusOr<Task> task;
  const absl::Status stored = Together([&](TaskEdits& edits) {
    task = edit(edits);
    return task.status();
  });
  if (!stored.ok()) return stored;
  return task;
}

absl::Status Manager::Together(absl::FunctionRef<absl::Status(TaskEdits&)> edits) {
  std::set<TaskId> edited;
  const absl::Status stored = store_.Write([&](Transaction& tx) {
    EditsWithin within(tx, random_, clock_.Now());
    if (absl::Status done = edits(within); !done.ok()) return done;
    edited = within.edited();
    if (!edited.empty()) schedule_.TellWithin(tx, event::Edited{}, clock_.Now());
    return absl::OkStatus();
  });
  if (!stored.ok()) return stored;
  if (edited.empty()) {
    notifier_.StatusChanged();
  } else {
    Edited(edited);
  }
  return absl::OkStatus();
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

absl::StatusOr<std::vector<Conflict>> Manager::Conflicts() {
  std::vector<Conflict> conflicts;
  const absl::Status read = store_.Read([&](Transaction& tx) {
    conflicts = OpenConflicts(tx);
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return conflicts;
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
