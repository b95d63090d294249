#include "gateway/json/task_codec.h"

#include "common/status/error.h"

namespace tidemark::gateway {
namespace {

// A time of 0 stands for a live task.
void WriteTimeOrNull(JsonWriter& json, int64_t time) {
  if (time == 0) {
    json.Null();
  } else {
    json.Integer(time);
  }
}

void WriteEdit(JsonWriter& json, const v1::FieldEdit& edit) {
  json.BeginObject().Key("value");
  WriteValue(json, edit.value());
  json.Key("updated_at").Integer(edit.updated_at()).Key("device_id").Text(edit.device_id()).EndObject();
}

void WriteConflict(JsonWriter& json, const v1::Conflict& conflict) {
  json.BeginObject().Key("id").Text(conflict.id()).Key("field").Text(NameOf(conflict.field()));
  json.Key("winner").Text(conflict.winner() == v1::WINNER_CLIENT ? "client" : "server");
  json.Key("kept");
  WriteEdit(json, conflict.kept());
  json.Key("discarded");
  WriteEdit(json, conflict.discarded());
  json.Key("at").Integer(conflict.at()).EndObject();
}

}  // namespace

std::string_view NameOf(v1::Field field) {
  switch (field) {
    case v1::FIELD_CONTENT:
      return "content";
    case v1::FIELD_COMPLETED:
      return "completed";
    case v1::FIELD_PINNED:
      return "pinned";
    case v1::FIELD_DELETED_AT:
      return "deleted_at";
    default:
      return "unknown";
  }
}

void WriteValue(JsonWriter& json, const v1::FieldValue& value) {
  switch (value.value_case()) {
    case v1::FieldValue::kText:
      json.Text(value.text());
      return;
    case v1::FieldValue::kFlag:
      json.Flag(value.flag());
      return;
    case v1::FieldValue::kTime:
      WriteTimeOrNull(json, value.time());
      return;
    case v1::FieldValue::VALUE_NOT_SET:
      json.Null();
  }
}

absl::Status ReadDeletedAt(const Node& node, v1::Change& change) {
  if (node.value().is_null()) {
    change.set_deleted_at(0);
    return absl::OkStatus();
  }
  return Integer<&v1::Change::set_deleted_at>(node, change);
}

absl::Status ReadChanges(const Node& node, std::span<const Member<v1::Change>> members,
                         google::protobuf::RepeatedPtrField<v1::Change>& changes) {
  const boost::json::array* array = node.value().if_array();
  if (array == nullptr) return node.BadType("an array");
  if (array->size() > kChangesMax) {
    return Error(Code::kTooManyChanges, std::to_string(array->size()) + " changes; at most " +
                                            std::to_string(kChangesMax) + " go in one request.");
  }
  changes.Clear();
  changes.Reserve(static_cast<int>(array->size()));
  for (size_t i = 0; i < array->size(); ++i) {
    absl::Status status = ReadObject(Node(node, i, (*array)[i]), members, *changes.Add());
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

void WriteChangedTask(JsonWriter& json, const v1::Task& task) {
  json.BeginObject().Key("id").Text(task.id()).Key("version").Integer(task.version());
  json.Key("updated_at").Integer(task.updated_at()).Key("device_id").Text(task.device_id());
  if (task.has_created_at()) json.Key("created_at").Integer(task.created_at());
  if (task.has_content()) json.Key("content").Text(task.content());
  if (task.has_completed()) json.Key("completed").Flag(task.completed());
  if (task.has_pinned()) json.Key("pinned").Flag(task.pinned());
  if (task.has_deleted_at()) {
    json.Key("deleted_at");
    WriteTimeOrNull(json, task.deleted_at());
  }
  json.EndObject();
}

void WriteFullTask(JsonWriter& json, const v1::Task& task) {
  json.BeginObject().Key("id").Text(task.id());
  json.Key("created_at").Integer(task.has_created_at() ? task.created_at() : task.updated_at());
  json.Key("updated_at").Integer(task.updated_at()).Key("deleted_at");
  WriteTimeOrNull(json, task.deleted_at());
  json.Key("content").Text(task.content()).Key("completed").Flag(task.completed());
  json.Key("pinned").Flag(task.pinned()).Key("version").Integer(task.version());
  json.Key("device_id").Text(task.device_id()).EndObject();
}

void WriteConflicts(JsonWriter& json, const google::protobuf::RepeatedPtrField<v1::Conflict>& conflicts) {
  json.BeginArray();
  for (const v1::Conflict& conflict : conflicts) WriteConflict(json, conflict);
  json.EndArray();
}

}  // namespace tidemark::gateway
