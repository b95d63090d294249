// Tasks as text, to move house with: a JSON object a line.
//
//   {"id":"…","content":"milk","completed":false,"pinned":true,"created_at":1735689600000,"updated_at":1735689650000}
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "client/domain/view.h"

namespace tidemark::client {

std::string ToJsonLines(const std::vector<Task>& tasks);

// Reads such lines, an array of such objects, or what `GET /export` answers: an object with an array "tasks".
// Tasks that are deleted there are left out. kValidation: it is none of these, or holds a task that no server
// would take; says in which line, or which task it is.
absl::StatusOr<std::vector<Task>> ParseTasks(std::string_view text);

// A new task of this device with all that was given, added now.
TaskState Imported(const Task& task, UnixMillis now);

}  // namespace tidemark::client
