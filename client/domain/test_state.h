// Words for tests: what was told, and what waits.
#pragma once

#include <string>
#include <utility>

#include "client/domain/task_state.h"

namespace tidemark::client {

inline const TaskId kTask("t");
inline const DeviceId kPhone("phone");
inline const DeviceId kWeb("web");
inline constexpr UnixMillis kNow{1'000};
inline constexpr UnixMillis kLater{2'000};

inline Fields Content(std::string content) {
  Fields fields;
  fields.content = std::move(content);
  return fields;
}

inline Fields Completed(bool completed = true) {
  Fields fields;
  fields.completed = completed;
  return fields;
}

inline Fields Pinned(bool pinned = true) {
  Fields fields;
  fields.pinned = pinned;
  return fields;
}

// A task told whole.
inline Update Whole(int64_t version, std::string content, const TaskId& id = kTask) {
  return {
      .id = id,
      .version = {version},
      .updated_at = {500},
      .device = kWeb,
      .created_at = UnixMillis{100},
      .fields = {.content = std::move(content), .completed = false, .pinned = false, .deleted_at = kLive}};
}

// Fields of a task that the device has.
inline Update News(int64_t version, Fields fields, const TaskId& id = kTask) {
  return {.id = id,
          .version = {version},
          .updated_at = {600},
          .device = kWeb,
          .created_at = std::nullopt,
          .fields = std::move(fields)};
}

// A task that the server has told, with nothing pending.
inline TaskState Told(int64_t version = 3, const std::string& content = "milk") {
  TaskState task;
  task.id = kTask;
  ApplyUpdate(task, Whole(version, content));
  return task;
}

inline Sender NumberedAs(int64_t number) { return {.number = {number}, .device = kPhone}; }

}  // namespace tidemark::client
