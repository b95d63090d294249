// What is different between two lists. Pure.
#pragma once

#include <vector>

#include "client/domain/view.h"

namespace tidemark::cli {

enum class TaskEvent { kAdded, kChanged, kRemoved };

struct TaskChange {
  TaskEvent event = TaskEvent::kAdded;
  client::Task task = {};
};

// In the order of `after`; what was removed comes first. That an edit has been sent is no change.
std::vector<TaskChange> ChangesBetween(const std::vector<client::Task>& before,
                                       const std::vector<client::Task>& after);

}  // namespace tidemark::cli
