#include "gateway/json/devices_codec.h"

#include "gateway/json/sync_shapes.h"

namespace tidemark::gateway {

std::string EncodeDevices(const v1::ListDevicesResponse& response) {
  return EncodeObject(kShape<v1::ListDevicesResponse>, response);
}

}  // namespace tidemark::gateway
