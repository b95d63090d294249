#include "client/export/task_json.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/domain/content.h"
#include "common/status/error.h"

namespace tidemark::client {
namespace {

namespace json = boost::json;

absl::Status Invalid(const std::string& where, const std::string& why) {
  return Error(Code::kValidation, absl::StrCat(where, ": ", why));
}

bool IsId(std::string_view id) {
  const auto is_allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == ':' || c == '-';
  };
  return !id.empty() && id.size() <= kTaskIdBytesMax && std::all_of(id.begin(), id.end(), is_allowed);
}

// Absent or null: 0. Nothing: no time.
std::optional<UnixMillis> TimeIn(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || value->is_null()) return UnixMillis{};
  json::error_code error;
  const int64_t millis = value->to_number<int64_t>(error);
  if (error || millis < 0 || millis > kUnixMillisMax) return std::nullopt;
  return UnixMillis{millis};
}

// Absent: false. Nothing: no truth value.
std::optional<bool> FlagIn(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return false;
  if (!value->is_bool()) return std::nullopt;
  return value->get_bool();
}

std::string TextIn(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

absl::StatusOr<Task> TaskFrom(const json::value& value, const std::string& where) {
  if (!value.is_object()) return Invalid(where, "not an object");
  const json::object& object = value.get_object();
  Task task{.id = TaskId(TextIn(object, "id"))};
  if (!IsId(task.id.value())) return Invalid(where, "`id` is not a task's id");
  absl::StatusOr<std::string> content = ContentFrom(TextIn(object, "content"));
  if (!content.ok()) return Invalid(where, std::string(content.status().message()));
  task.content = *std::move(content);
  const auto completed = FlagIn(object, "completed");
  const auto pinned = FlagIn(object, "pinned");
  if (!completed || !pinned) return Invalid(where, "`completed` and `pinned` are true or false");
  task.completed = *completed;
  task.pinned = *pinned;
  const auto created_at = TimeIn(object, "created_at");
  const auto updated_at = TimeIn(object, "updated_at");
  const auto deleted_at = TimeIn(object, "deleted_at");
  if (!created_at || !updated_at || !deleted_at)
    return Invalid(where, "a time is in milliseconds since 1970");
  task.updated_at = *updated_at;
  task.created_at = *created_at == UnixMillis{} ? *updated_at : *created_at;
  task.deleted_at = *deleted_at;
  return task;
}

absl::StatusOr<std::vector<Task>> TasksFrom(const json::array& values) {
  std::vector<Task> tasks;
  for (const json::value& value : values) {
    absl::StatusOr<Task> task = TaskFrom(value, absl::StrCat("task ", tasks.size() + 1));
    if (!task.ok()) return task.status();
    tasks.push_back(*std::move(task));
  }
  return tasks;
}

absl::StatusOr<std::vector<Task>> TasksFromLines(std::string_view text) {
  std::vector<Task> tasks;
  for (int line = 1; !text.empty(); ++line) {
    const std::string_view one = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    if (one.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string where = absl::StrCat("line ", line);
    json::error_code error;
    const json::value value = json::parse(json::string_view(one.data(), one.size()), error);
    if (error) return Invalid(where, error.message());
    absl::StatusOr<Task> task = TaskFrom(value, where);
    if (!task.ok()) return task.status();
    tasks.push_back(*std::move(task));
  }
  return tasks;
}

}  // namespace

std::string ToJsonLines(const std::vector<Task>& tasks) {
  std::string text;
  for (const Task& task : tasks) {
    json::object object;
    object["id"] = task.id.value();
    object["content"] = task.content;
    object["completed"] = task.completed;
    object["pinned"] = task.pinned;
    object["created_at"] = task.created_at.value;
    object["updated_at"] = task.updated_at.value;
    text += json::serialize(object);
    text += '\n';
  }
  return text;
}

absl::StatusOr<std::vector<Task>> ParseTasks(std::string_view text) {
  json::error_code error;
  const json::value whole = json::parse(json::string_view(text.data(), text.size()), error);
  const json::object* object = error ? nullptr : whole.if_object();
  const json::value* listed = object == nullptr ? nullptr : object->if_contains("tasks");
  if (!error && whole.is_array()) listed = &whole;
  absl::StatusOr<std::vector<Task>> tasks =
      listed != nullptr && listed->is_array() ? TasksFrom(listed->get_array()) : TasksFromLines(text);
  if (!tasks.ok()) return tasks;
  std::erase_if(*tasks, [](const Task& task) { return task.deleted_at != kLive; });
  return tasks;
}

TaskState Imported(const Task& task, UnixMillis now) {
  const UnixMillis edited = task.updated_at == UnixMillis{} ? now : task.updated_at;
  TaskState state = CreateTask(task.id, task.content, edited);
  Fields flags;
  if (task.completed) flags.completed = true;
  if (task.pinned) flags.pinned = true;
  if (!flags.empty()) EditTask(state, flags, edited);
  state.edit->created_at = task.created_at == UnixMillis{} ? edited : task.created_at;
  // It has not been waiting since then.
  state.edit->since = now;
  return state;
}

}  // namespace tidemark::client
