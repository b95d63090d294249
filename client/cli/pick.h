// Which tasks are meant by the beginnings of ids that were typed, and what they are called when they are
// told.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/context.h"

namespace tidemark::cli {

enum class Among { kTasks, kDeleted, kBoth };

// Each task once; an error if one of the prefixes names none. kNotFound: no task begins so, or several do;
// the message lists those, or says where the task is. In upper or lower case.
absl::StatusOr<std::vector<client::Task>> Pick(Context& context, const std::vector<std::string>& prefixes,
                                               Among among);
absl::StatusOr<client::Task> PickOne(Context& context, const std::string& prefix, Among among);

// All tasks, deleted ones as well, as they were when this was made.
class Names {
 public:
  explicit Names(Context& context);

  // The shortest beginning of its id that names a task, among the deleted ones if it is one.
  std::string ShortIdOf(const TaskId& id) const;
  // Null: it is not here.
  const client::Task* Find(const TaskId& id) const;

 private:
  struct Entry {
    client::Task task = {};
    std::string short_id = {};
  };
  std::map<TaskId, Entry> entries_;
};

}  // namespace tidemark::cli
