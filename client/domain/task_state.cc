// What a person and the sender do to a task. What answers do is in task_answers.cc.
#include "client/domain/task_state.h"

#include <algorithm>
#include <string>
#include <utility>

#include "client/domain/view.h"

namespace tidemark::client {
namespace {

// What the person had before them when they begin to edit.
Edit NewEdit(const TaskState& task, UnixMillis now) {
  Edit edit;
  edit.updated_at = edit.since = now;
  if (task.sent) {
    // An edit on top of an unanswered change has seen no more than that had.
    edit.base = {task.sent->change.version.value - 1};
    edit.overlapped = task.sent->overlapped;
  } else if (task.row && task.row->alive() && !task.restated) {
    edit.base = task.row->version;
  } else {
    // The version of a dead task is no base: it may be purged and made anew, from 1.
    edit.overlapped = true;
  }
  return edit;
}

// What waits as one edit without a number. The newest edit time and the oldest base hold for all of it.
Edit Thawed(const TaskState& task) {
  if (!task.sent) return *task.edit;
  const Change& change = task.sent->change;
  Edit edit;
  edit.base = {change.version.value - 1};
  edit.created_at = change.created_at;
  edit.updated_at = change.updated_at;
  edit.since = task.sent->since;
  edit.fields = change.fields;
  edit.overlapped = task.sent->overlapped;
  edit.was_sent = true;
  if (!task.edit) return edit;
  edit.base = std::min(edit.base, task.edit->base);
  edit.updated_at = task.edit->updated_at;
  edit.since = std::min(edit.since, task.edit->since);
  edit.fields = LaidOver(edit.fields, task.edit->fields);
  edit.overlapped |= task.edit->overlapped;
  return edit;
}

// An edit outlives a purge: the text of a task that is dead is sent with all the rest of it.
void Complete(const std::optional<Row>& row, Fields& fields) {
  if (!fields.content || !row || row->alive()) return;
  if (!fields.completed) fields.completed = row->completed;
  if (!fields.pinned) fields.pinned = row->pinned;
}

Fields Whole(const Task& task) {
  return {.content = task.content,
          .completed = task.completed,
          .pinned = task.pinned,
          .deleted_at = std::nullopt};
}

}  // namespace

UnixMillis TaskState::since() const {
  UnixMillis oldest{kUnixMillisMax};
  if (sent) oldest = std::min(oldest, sent->since);
  if (edit) oldest = std::min(oldest, edit->since);
  if (restated) oldest = std::min(oldest, restated->since);
  return oldest;
}

Fields PendingFields(const TaskState& task) {
  Fields fields;
  if (task.restated) fields = task.restated->fields;
  if (task.sent) fields = LaidOver(fields, task.sent->change.fields);
  if (task.edit) fields = LaidOver(fields, task.edit->fields);
  return fields;
}

// ---- a person's edits

TaskState CreateTask(const TaskId& id, std::string_view content, UnixMillis now) {
  TaskState task{.id = id};
  task.edit = Edit{.created_at = now, .updated_at = now, .since = now};
  task.edit->fields.content = std::string(content);
  return task;
}

void EditTask(TaskState& task, const Fields& fields, UnixMillis now) {
  if (!task.edit) task.edit = NewEdit(task, now);
  task.edit->updated_at = now;
  task.edit->fields = LaidOver(task.edit->fields, fields);
}

void DeleteTask(TaskState& task, UnixMillis now) {
  const bool no_server_has_it = (!task.row || task.row->version.value == 0) && !task.sent && !task.restated &&
                                !(task.edit && task.edit->was_sent);
  if (!no_server_has_it) return EditTask(task, {.deleted_at = now}, now);
  const std::optional<Task> seen = FindVisible(task);
  task.edit.reset();
  if (!seen) return;
  task.row = Row{.id = task.id,
                 .version = {0},
                 .created_at = seen->created_at,
                 .updated_at = seen->updated_at,
                 .deleted_at = now,
                 .content = seen->content,
                 .completed = seen->completed,
                 .pinned = seen->pinned,
                 .device = {}};
}

void RestoreTask(TaskState& task, UnixMillis now) {
  const bool only_meant_to_delete = !task.sent && task.row && task.row->alive() && task.edit;
  if (only_meant_to_delete) {
    task.edit->fields.deleted_at.reset();
    if (task.edit->fields.empty()) task.edit.reset();
    return;
  }
  const bool no_server_has_it = task.row && task.row->version.value == 0;
  if (!no_server_has_it) return EditTask(task, {.deleted_at = kLive}, now);
  EditTask(task, Whole(*FindDeleted(task)), now);
  task.edit->created_at = task.row->created_at;
}

// ---- sending

bool GoesAgainUnaltered(const TaskState& task) { return task.sent && (!task.edit || task.sent->restated); }

const Change& Freeze(TaskState& task, const Sender& sender) {
  const bool restates = task.restated && !task.sent;
  Edit waits = restates ? *std::exchange(task.restated, std::nullopt) : Thawed(task);
  if (!restates) {
    task.edit.reset();
    Complete(task.row, waits.fields);
  }
  Sent sent{.change = {.id = task.id,
                       .number = sender.number,
                       .version = {sender.may_trust_base ? waits.base.value + 1 : 1},
                       .created_at = waits.created_at,
                       .updated_at = waits.updated_at,
                       .device = sender.device,
                       .fields = std::move(waits.fields)},
            .since = waits.since,
            .overlapped = waits.overlapped || !sender.may_trust_base,
            .restated = restates};
  task.sent = std::move(sent);
  return task.sent->change;
}

void Thaw(TaskState& task) {
  if (!task.sent) return;
  if (task.sent->restated) {
    const std::optional<Edit> later = std::exchange(task.edit, std::nullopt);
    task.restated = Thawed(task);
    task.edit = later;
  } else {
    task.edit = Thawed(task);
  }
  task.sent.reset();
}

void ForgetBase(TaskState& task) {
  if (task.edit) {
    task.edit->base = {0};
    task.edit->overlapped = true;
  }
  if (task.sent) {
    // Its number and what it says are what it is known by; not its version.
    task.sent->change.version = {1};
    task.sent->overlapped = true;
  }
}

}  // namespace tidemark::client
