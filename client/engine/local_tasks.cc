#include "client/engine/local_tasks.h"

#include <utility>

#include "client/domain/content.h"
#include "common/status/error.h"

namespace tidemark::client {
namespace {

absl::Status NoSuchTask() { return Error(Code::kNotFound, "there is no such task"); }

std::optional<Task> Find(const TaskState& task, Which which) {
  return which == Which::kVisible ? FindVisible(task) : FindDeleted(task);
}

// An edit of a task that is `which`; answers with the task as it is then, if the person still sees it.
template <typename F>
absl::StatusOr<std::optional<Task>> EditStored(LocalStore& store, const TaskId& id, Which which,
                                               UnixMillis now, const F& edit) {
  std::optional<Task> seen;
  const absl::Status stored = store.Write([&](Transaction& tx) {
    TaskState task = tx.Get(id);
    if (!Find(task, which)) return NoSuchTask();
    edit(task);
    tx.Put(task);
    Replica replica = tx.GetReplica();
    replica.edited_at = now;
    tx.PutReplica(replica);
    seen = FindVisible(task);
    return absl::OkStatus();
  });
  if (!stored.ok()) return stored;
  return seen;
}

template <typename F>
absl::StatusOr<Task> ChangeVisible(LocalStore& store, const TaskId& id, Which which, UnixMillis now,
                                   const F& edit) {
  auto seen = EditStored(store, id, which, now, edit);
  if (!seen.ok()) return seen.status();
  if (!*seen) return NoSuchTask();
  return **std::move(seen);
}

}  // namespace

absl::StatusOr<Task> AddTask(LocalStore& store, Random& random, std::string_view typed, UnixMillis now) {
  const absl::StatusOr<std::string> content = ContentFrom(typed);
  if (!content.ok()) return content.status();
  const TaskState task = CreateTask(TaskId(NewUuid(random)), *content, now);
  const absl::Status stored = store.Write([&](Transaction& tx) {
    tx.Put(task);
    Replica replica = tx.GetReplica();
    replica.edited_at = now;
    tx.PutReplica(replica);
    return absl::OkStatus();
  });
  if (!stored.ok()) return stored;
  return *FindVisible(task);
}

absl::StatusOr<Task> ChangeTask(LocalStore& store, const TaskId& id, const TaskEdit& edit, UnixMillis now) {
  Fields fields{.content = std::nullopt,
                .completed = edit.completed,
                .pinned = edit.pinned,
                .deleted_at = std::nullopt};
  if (edit.content) {
    absl::StatusOr<std::string> content = ContentFrom(*edit.content);
    if (!content.ok()) return content.status();
    fields.content = *std::move(content);
  }
  if (fields.empty()) return Error(Code::kValidation, "an edit needs a field");
  return ChangeVisible(store, id, Which::kVisible, now,
                       [&](TaskState& task) { EditTask(task, fields, now); });
}

absl::Status RemoveTask(LocalStore& store, const TaskId& id, UnixMillis now) {
  return EditStored(store, id, Which::kVisible, now, [&](TaskState& task) { DeleteTask(task, now); })
      .status();
}

absl::StatusOr<Task> BringBack(LocalStore& store, const TaskId& id, UnixMillis now) {
  return ChangeVisible(store, id, Which::kDeleted, now, [&](TaskState& task) { RestoreTask(task, now); });
}

absl::StatusOr<Task> TakeDiscarded(LocalStore& store, const Conflict& conflict, UnixMillis now) {
  const FieldValue& value = conflict.discarded.value;
  switch (conflict.field) {
    case Field::kContent:
      return ChangeTask(store, conflict.id, {.content = std::get<std::string>(value)}, now);
    case Field::kCompleted:
      return ChangeTask(store, conflict.id, {.completed = std::get<bool>(value)}, now);
    case Field::kPinned:
      return ChangeTask(store, conflict.id, {.pinned = std::get<bool>(value)}, now);
    case Field::kDeletedAt:
      break;
  }
  if (std::get<UnixMillis>(value) == kLive) return BringBack(store, conflict.id, now);
  const absl::StatusOr<Task> task = FindTask(store, conflict.id.value(), Which::kVisible);
  if (!task.ok()) return task;
  if (absl::Status removed = RemoveTask(store, conflict.id, now); !removed.ok()) return removed;
  return task;
}

absl::StatusOr<std::vector<Task>> ListTasks(LocalStore& store, Which which) {
  constexpr int kAtOnce = 1'000;
  std::vector<Task> listed;
  const absl::Status read = store.Read([&](Transaction& tx) {
    TaskId last;
    for (std::vector<TaskState> tasks = tx.List(last, kAtOnce); !tasks.empty();
         tasks = tx.List(last, kAtOnce)) {
      for (const TaskState& task : tasks) {
        if (std::optional<Task> seen = Find(task, which)) listed.push_back(*std::move(seen));
      }
      last = tasks.back().id;
    }
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  SortForList(listed);
  return listed;
}

absl::StatusOr<Task> FindTask(LocalStore& store, std::string_view prefix, Which which) {
  // More than a person would type so few letters for.
  constexpr int kCandidatesMax = 1'000;
  if (prefix.empty()) return Error(Code::kValidation, "which task is meant?");
  std::vector<Task> found;
  const absl::Status read = store.Read([&](Transaction& tx) {
    if (std::optional<Task> whole = Find(tx.Get(TaskId(std::string(prefix))), which)) {
      found.push_back(*std::move(whole));
      return absl::OkStatus();
    }
    for (const TaskId& id : tx.FindByPrefix(prefix, kCandidatesMax)) {
      if (std::optional<Task> task = Find(tx.Get(id), which)) found.push_back(*std::move(task));
    }
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  if (found.empty()) return NoSuchTask();
  if (found.size() > 1) return Error(Code::kValidation, "several tasks begin so");
  return found.front();
}

}  // namespace tidemark::client
