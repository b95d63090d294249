#include "gateway/json/devices_codec.h"

#include "gateway/json/writer.h"

namespace tidemark::gateway {

std::string EncodeDevices(const v1::ListDevicesResponse& response) {
  JsonWriter json;
  json.BeginObject().Key("devices").BeginArray();
  for (const v1::Device& device : response.devices()) {
    json.BeginObject().Key("device_id").Text(device.device_id());
    json.Key("last_seen").Integer(device.last_seen()).Key("cursor").Integer(device.cursor());
    json.Key("up_to_date").Flag(device.up_to_date());
    json.Key("changes_behind").Integer(device.changes_behind()).EndObject();
  }
  json.EndArray().EndObject();
  return std::move(json).Take();
}

}  // namespace tidemark::gateway
