#include "gateway/json/sync_codec.h"

#include "gateway/json/reader.h"
#include "gateway/json/task_codec.h"
#include "gateway/json/writer.h"

namespace tidemark::gateway {
namespace {

constexpr Member<v1::Change> kChangeMembers[] = {
    {"id", Text<&v1::Change::mutable_id>, kRequired},
    {"mutation_id", Integer<&v1::Change::set_mutation_id>},
    {"version", Integer<&v1::Change::set_version>, kRequired},
    {"updated_at", Integer<&v1::Change::set_updated_at>, kRequired},
    {"device_id", Text<&v1::Change::mutable_device_id>},
    {"created_at", Integer<&v1::Change::set_created_at>},
    {"content", Text<&v1::Change::mutable_content>},
    {"completed", Flag<&v1::Change::set_completed>},
    {"pinned", Flag<&v1::Change::set_pinned>},
    {"deleted_at", ReadDeletedAt},
};

absl::Status ReadSyncChanges(const Node& node, v1::SyncRequest& request) {
  return ReadChanges(node, kChangeMembers, *request.mutable_changes());
}

constexpr Member<v1::SyncRequest> kRequestMembers[] = {
    {"last_sync", Integer<&v1::SyncRequest::set_last_sync>},
    {"epoch", Text<&v1::SyncRequest::mutable_epoch>},
    {"device_id", Text<&v1::SyncRequest::mutable_device_id>},
    {"acked", Integer<&v1::SyncRequest::set_acked>},
    {"client_time", Integer<&v1::SyncRequest::set_client_time>},
    {"limit", Integer<&v1::SyncRequest::set_limit>},
    {"page", Text<&v1::SyncRequest::mutable_page>},
    {"changes", ReadSyncChanges},
};

bool IsEmptyObject(const Node& node) {
  const boost::json::object* object = node.value().if_object();
  return object != nullptr && object->empty();
}

std::string_view NameOf(v1::FullResyncReason reason) {
  return reason == v1::FULL_RESYNC_REASON_REWOUND ? "rewound" : "purged";
}

std::string_view WithoutQuotes(std::string_view etag) {
  if (etag.size() < 2 || etag.front() != '"' || etag.back() != '"') return etag;
  return etag.substr(1, etag.size() - 2);
}

void WriteUpdates(JsonWriter& json, const v1::SyncResponse& response) {
  json.BeginArray();
  for (const v1::Task& task : response.updates()) WriteChangedTask(json, task);
  json.EndArray();
}

void WriteDeleted(JsonWriter& json, const v1::SyncResponse& response) {
  json.BeginArray();
  for (const std::string& id : response.deleted()) json.Text(id);
  json.EndArray();
}

void WriteRejected(JsonWriter& json, const v1::SyncResponse& response) {
  json.BeginArray();
  for (const v1::Rejected& rejected : response.rejected()) {
    json.BeginObject().Key("id").Text(rejected.id());
    if (rejected.has_mutation_id()) json.Key("mutation_id").Integer(rejected.mutation_id());
    json.Key("code").Text(rejected.code()).Key("detail").Text(rejected.detail()).EndObject();
  }
  json.EndArray();
}

// Where the answer leaves the client, and when it is to come back.
void WriteProgress(JsonWriter& json, const v1::SyncResponse& response) {
  if (response.has_server_time()) json.Key("server_time").Integer(response.server_time());
  json.Key("epoch").Text(response.epoch());
  if (response.has_etag()) json.Key("etag").Text(WithoutQuotes(response.etag()));
  json.Key("has_more").Flag(response.has_more());
  if (response.has_more()) json.Key("page").Text(response.page());
  json.Key("full_resync").Flag(response.full_resync());
  if (response.full_resync()) json.Key("full_resync_reason").Text(NameOf(response.full_resync_reason()));
  if (response.pull_deferred()) {
    json.Key("pull_deferred").Flag(true).Key("retry_after").Integer(response.retry_after());
  }
  json.Key("next_sync_in").Integer(response.next_sync_in());
  if (response.has_not_modified()) json.Key("not_modified").Flag(response.not_modified());
}

}  // namespace

absl::StatusOr<v1::SyncRequest> DecodeSyncRequest(std::string_view body) {
  v1::SyncRequest request;
  if (body.empty()) return request;
  absl::Status status = ReadBody(body, [&](const Node& root) {
    if (!IsEmptyObject(root)) request.set_last_sync(0);
    return ReadObject<v1::SyncRequest>(root, kRequestMembers, request);
  });
  if (!status.ok()) return status;
  return request;
}

std::string EncodeSyncResponse(const v1::SyncResponse& response) {
  // What a task's names and numbers take; its texts are about as long as their message.
  constexpr size_t kBytesPerTask = 160;
  const auto tasks = static_cast<size_t>(response.updates_size());
  JsonWriter json(response.ByteSizeLong() + tasks * kBytesPerTask);
  json.BeginObject().Key("updates");
  WriteUpdates(json, response);
  json.Key("deleted");
  WriteDeleted(json, response);
  json.Key("conflicts");
  WriteConflicts(json, response.conflicts());
  json.Key("rejected");
  WriteRejected(json, response);
  WriteProgress(json, response);
  json.EndObject();
  return std::move(json).Take();
}

}  // namespace tidemark::gateway
