#include "gateway/json/task_shapes.h"

namespace tidemark::gateway {

void WriteMessage(JsonWriter& json, const v1::FieldValue& value) {
  switch (value.value_case()) {
    case v1::FieldValue::kText:
      json.Text(value.text());
      return;
    case v1::FieldValue::kFlag:
      json.Flag(value.flag());
      return;
    case v1::FieldValue::kTime:
      // A time of 0 stands for a live task.
      if (value.time() != 0) {
        json.Integer(value.time());
        return;
      }
      [[fallthrough]];
    case v1::FieldValue::VALUE_NOT_SET:
      json.Null();
  }
}

absl::Status ReadMessage(const Node& node, v1::FieldValue& value) {
  const boost::json::value& json = node.value();
  if (json.is_string()) return ReadText(node, *value.mutable_text());
  if (json.is_bool()) {
    value.set_flag(json.get_bool());
    return absl::OkStatus();
  }
  int64_t time = 0;
  absl::Status status = json.is_null() ? absl::OkStatus() : ReadInteger(node, time);
  if (status.ok()) value.set_time(time);
  return status;
}

}  // namespace tidemark::gateway
