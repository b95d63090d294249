#include "gateway/json/sync_codec.h"

#include "gateway/json/sync_shapes.h"

namespace tidemark::gateway {
namespace {

bool IsEmptyObject(const Node& node) {
  const boost::json::object* object = node.value().if_object();
  return object != nullptr && object->empty();
}

}  // namespace

absl::StatusOr<v1::SyncRequest> DecodeSyncRequest(std::string_view body) {
  v1::SyncRequest request;
  if (body.empty()) return request;
  absl::Status status = ReadBody(body, [&](const Node& root) {
    if (!IsEmptyObject(root)) request.set_last_sync(0);
    return ReadObject(root, kShape<v1::SyncRequest>, request);
  });
  if (!status.ok()) return status;
  return request;
}

std::string EncodeSyncResponse(const v1::SyncResponse& response) {
  // What a task's names and numbers take; its texts are about as long as their message.
  constexpr size_t kBytesPerTask = 160;
  const auto tasks = static_cast<size_t>(response.updates_size());
  JsonWriter json(response.ByteSizeLong() + tasks * kBytesPerTask);
  WriteObject(json, kShape<v1::SyncResponse>, response);
  return std::move(json).Take();
}

}  // namespace tidemark::gateway
