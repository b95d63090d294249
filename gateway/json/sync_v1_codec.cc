#include "gateway/json/sync_v1_codec.h"

#include "gateway/json/reader.h"
#include "gateway/json/task_codec.h"
#include "gateway/json/writer.h"

namespace tidemark::gateway {
namespace {

constexpr Member<v1::Change> kFullTaskMembers[] = {
    {"id", Text<&v1::Change::mutable_id>, kRequired},
    {"created_at", Integer<&v1::Change::set_created_at>},
    {"updated_at", Integer<&v1::Change::set_updated_at>, kRequired},
    {"deleted_at", ReadDeletedAt},
    {"content", Text<&v1::Change::mutable_content>, kRequired},
    {"completed", Flag<&v1::Change::set_completed>, kRequired},
    {"pinned", Flag<&v1::Change::set_pinned>, kRequired},
    {"version", Integer<&v1::Change::set_version>, kRequired},
    {"device_id", Text<&v1::Change::mutable_device_id>, kRequired},
};

absl::Status ReadFullTasks(const Node& node, v1::SyncV1Request& request) {
  absl::Status status = ReadChanges(node, kFullTaskMembers, *request.mutable_changes());
  // A full object without deleted_at is a live one.
  for (v1::Change& change : *request.mutable_changes()) change.set_deleted_at(change.deleted_at());
  return status;
}

constexpr Member<v1::SyncV1Request> kRequestMembers[] = {
    {"last_sync", Integer<&v1::SyncV1Request::set_last_sync>},
    {"changes", ReadFullTasks},
};

}  // namespace

absl::StatusOr<v1::SyncV1Request> DecodeSyncV1Request(std::string_view body) {
  v1::SyncV1Request request;
  absl::Status status = ReadBody(
      body, [&](const Node& root) { return ReadObject<v1::SyncV1Request>(root, kRequestMembers, request); });
  if (!status.ok()) return status;
  return request;
}

std::string EncodeSyncV1Response(const v1::SyncV1Response& response) {
  JsonWriter json;
  json.BeginObject().Key("updates").BeginArray();
  for (const v1::Task& task : response.updates()) WriteFullTask(json, task);
  json.EndArray().Key("conflicts");
  WriteConflicts(json, response.conflicts());
  json.Key("server_time").Integer(response.server_time());
  if (response.full_resync()) json.Key("full_resync").Flag(true);
  json.EndObject();
  return std::move(json).Take();
}

}  // namespace tidemark::gateway
