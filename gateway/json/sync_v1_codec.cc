#include "gateway/json/sync_v1_codec.h"

#include "gateway/json/sync_shapes.h"

namespace tidemark::gateway {

absl::StatusOr<v1::SyncV1Request> DecodeSyncV1Request(std::string_view body) {
  absl::StatusOr<v1::SyncV1Request> request = DecodeObject(body, kShape<v1::SyncV1Request>);
  if (!request.ok()) return request;
  // A full object without deleted_at is a live one.
  for (v1::Change& change : *request->mutable_changes()) change.set_deleted_at(change.deleted_at());
  return request;
}

SyncV1Encoder::SyncV1Encoder() { json_.BeginObject().Key(kV1Updates.Name()).BeginArray(); }

std::string SyncV1Encoder::Add(const v1::SyncV1Response& part) {
  for (const v1::Task& task : part.updates()) WriteObject(json_, kFullTask, task);
  rest_.mutable_conflicts()->MergeFrom(part.conflicts());
  if (part.has_server_time()) rest_.set_server_time(part.server_time());
  if (part.full_resync()) rest_.set_full_resync(true);
  return json_.TakePiece();
}

absl::StatusOr<std::string> SyncV1Encoder::Finish() {
  if (!rest_.has_server_time()) return absl::InternalError("a V1 answer without a server_time");
  json_.EndArray();
  WriteMembers(json_, kV1AfterUpdates, rest_);
  json_.EndObject();
  return json_.TakePiece();
}

}  // namespace tidemark::gateway
