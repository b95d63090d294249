#include "gateway/json/status_codec.h"

#include "gateway/json/status_shapes.h"

namespace tidemark::gateway {

void WriteStatusMembers(JsonWriter& json, const v1::GetStatusResponse& status) {
  WriteMembers(json, kStatusBeforeQuota, status);
  json.Key("quota");
  if (status.has_quota()) {
    WriteMessage(json, status.quota());
  } else {
    json.Null();
  }
}

}  // namespace tidemark::gateway
