#include "gateway/json/usage_codec.h"

#include "gateway/json/sync_shapes.h"

namespace tidemark::gateway {

std::string EncodeUsage(const v1::GetUsageResponse& response, const HttpLimits& http) {
  JsonWriter json;
  json.BeginObject();
  WriteMembers(json, kUsageBeforeLimits, response);
  json.Key(kUsageLimits.Name()).BeginObject();
  json.Key("body_bytes_max").Integer(http.body_bytes_max);
  json.Key("header_bytes_max").Integer(http.header_bytes_max);
  WriteMembers(json, kShape<v1::Limits>, response.limits());
  json.EndObject().EndObject();
  return std::move(json).Take();
}

}  // namespace tidemark::gateway
