// What a person does to the tasks of a store; each is one transaction. Any process may, also while a sync
// runs.
//
// Errors besides the store's: kNotFound (no task that the person sees has this id), kValidation (content).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "client/domain/view.h"
#include "client/store/local_store.h"
#include "common/random/random.h"

namespace tidemark::client {

// Which task is meant, and what it should be. Absent: as it is.
struct TaskEdit {
  std::optional<std::string> content = std::nullopt;
  std::optional<bool> completed = std::nullopt;
  std::optional<bool> pinned = std::nullopt;
};

absl::StatusOr<Task> AddTask(LocalStore& store, Random& random, std::string_view typed, UnixMillis now);
absl::StatusOr<Task> ChangeTask(LocalStore& store, const TaskId& id, const TaskEdit& edit, UnixMillis now);
absl::Status RemoveTask(LocalStore& store, const TaskId& id, UnixMillis now);
// A task deleted on any device, while its text is still here.
absl::StatusOr<Task> BringBack(LocalStore& store, const TaskId& id, UnixMillis now);
// Takes up what a conflict discarded, by an edit.
absl::StatusOr<Task> TakeDiscarded(LocalStore& store, const Conflict& conflict, UnixMillis now);

enum class Which { kVisible, kDeleted };
// In the order of lists.
absl::StatusOr<std::vector<Task>> ListTasks(LocalStore& store, Which which);
// Exactly one task whose id begins with `prefix`. kNotFound: none; kValidation: several, or an empty prefix.
absl::StatusOr<Task> FindTask(LocalStore& store, std::string_view prefix, Which which);

}  // namespace tidemark::client
