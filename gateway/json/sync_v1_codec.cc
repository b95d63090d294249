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

SyncV1Encoder::SyncV1Encoder() { json_.BeginObject().Key("updates").BeginArray(); }

std::string SyncV1Encoder::Add(const v1::SyncV1Response& part) {
  for (const v1::Task& task : part.updates()) WriteFullTask(json_, task);
  conflicts_.MergeFrom(part.conflicts());
  if (part.has_server_time()) server_time_ = part.server_time();
  if (part.full_resync()) full_resync_ = true;
  return json_.TakePiece();
}

absl::StatusOr<std::string> SyncV1Encoder::Finish() {
  if (!server_time_) return absl::InternalError("a V1 answer without a server_time");
  json_.EndArray().Key("conflicts");
  WriteConflicts(json_, conflicts_);
  json_.Key("server_time").Integer(*server_time_);
  if (full_resync_) json_.Key("full_resync").Flag(true);
  json_.EndObject();
  return json_.TakePiece();
}

}  // namespace tidemark::gateway
