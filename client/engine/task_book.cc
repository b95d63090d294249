#include "client/engine/task_book.h"

namespace tidemark::client {

void TaskBook::Change(const TaskId& id, Changing change) {
  TaskState task = tx.Get(id);
  Count(task, -1);
  change(task);
  Count(task, 1);
  tx.Put(task);
}

void TaskBook::ChangeEach(const std::vector<TaskId>& ids, Changing change) {
  for (const TaskId& id : ids) Change(id, change);
}

void TaskBook::Count(const TaskState& task, int64_t sign) {
  if (!task.row || !task.row->alive()) return;
  replica.live_count += sign;
  replica.version_sum += sign * task.row->version.value;
}

}  // namespace tidemark::client
