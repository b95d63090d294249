#include "tests/simulation/local_tasks.h"

#include <utility>

namespace tidemark::simulation {

using sync::Field;

bool Deletes(const std::optional<sync::FieldValue>& deleted_at) {
  return deleted_at && sync::SaysDeleted(*deleted_at);
}

std::string ContentOf(const sync::PerField<sync::FieldValue>& fields) {
  return std::get<std::string>(fields[Field::kContent]);
}

const LocalTask* LocalTasks::FindAlive(const TaskId& id) const {
  const auto task = alive_.find(id);
  return task == alive_.end() ? nullptr : &task->second;
}

const LocalTask* LocalTasks::Find(const TaskId& id) const {
  if (const LocalTask* task = FindAlive(id)) return task;
  const auto task = dead_.find(id);
  return task == dead_.end() ? nullptr : &task->second;
}

LocalTask& LocalTasks::Revive(const TaskId& id) {
  if (auto dead = dead_.extract(id)) alive_.insert(std::move(dead));
  const auto [task, is_new] = alive_.try_emplace(id);
  if (is_new) {
    task->second.fields[Field::kContent] = std::string();
    task->second.fields[Field::kCompleted] = task->second.fields[Field::kPinned] = false;
    task->second.fields[Field::kDeletedAt] = sync::kLive;
  }
  return task->second;
}

bool LocalTasks::Take(const sync::TaskUpdate& update) {
  if (!update.created_at && !alive_.contains(update.id)) return false;
  // V1 is told of deletions this way.
  Put(update.id, update.version, update.updated_at, update.fields);
  return true;
}

void LocalTasks::TakeAsSent(const sync::Change& change) {
  // A text alone revives nothing: it has made a new task.
  if (change.fields[Field::kContent] && !change.fields[Field::kDeletedAt]) dead_.erase(change.id);
  Put(change.id, change.version, change.updated_at, change.fields);
}

void LocalTasks::Put(const TaskId& id, sync::Version version, UnixMillis updated_at,
                     const sync::PerField<std::optional<sync::FieldValue>>& fields) {
  LocalTask& task = Revive(id);
  task.version = version;
  task.updated_at = updated_at;
  for (Field field : sync::kFields) {
    if (fields[field]) task.fields[field] = *fields[field];
  }
  if (Deletes(fields[Field::kDeletedAt])) Remove(id);
}

void LocalTasks::Remove(const TaskId& id) {
  auto task = alive_.extract(id);
  if (!task) return;
  task.mapped().fields[Field::kDeletedAt] = sync::kLive;
  dead_[id] = std::move(task.mapped());
}

std::string SayTask(sync::Version version, const sync::PerField<sync::FieldValue>& fields) {
  return "v" + std::to_string(version.value) + " " + ContentOf(fields) +
         (std::get<bool>(fields[Field::kCompleted]) ? " completed" : "") +
         (std::get<bool>(fields[Field::kPinned]) ? " pinned" : "");
}

StateText SayState(const std::map<TaskId, LocalTask>& alive) {
  StateText text;
  for (const auto& [id, task] : alive) text[id.value()] = SayTask(task.version, task.fields);
  return text;
}

StateText SayState(const std::map<TaskId, sync::TaskRow>& rows) {
  StateText text;
  for (const auto& [id, row] : rows) {
    if (row.deleted()) continue;
    sync::PerField<sync::FieldValue> fields;
    for (Field field : sync::kFields) fields[field] = row.fields[field].value;
    text[id.value()] = SayTask(row.version, fields);
  }
  return text;
}

std::string Join(const StateText& state) {
  std::string text;
  for (const auto& [id, task] : state) text += (text.empty() ? "" : ", ") + id + " " + task;
  return "{" + text + "}";
}

std::string SayFields(const sync::PerField<std::optional<sync::FieldValue>>& fields) {
  std::string text;
  if (const auto& content = fields[Field::kContent]) text += " content=" + std::get<std::string>(*content);
  if (const auto& done = fields[Field::kCompleted]) text += std::get<bool>(*done) ? " completed" : " open";
  if (const auto& pinned = fields[Field::kPinned]) text += std::get<bool>(*pinned) ? " pinned" : " loose";
  if (const auto& deleted = fields[Field::kDeletedAt]) text += Deletes(deleted) ? " deleted" : " alive";
  return text;
}

}  // namespace tidemark::simulation
