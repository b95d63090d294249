// GET /devices: message → JSON (SPEC 3.6).
#pragma once

#include <string>

#include "tidemark/v1/sync.pb.h"

namespace tidemark::gateway {

std::string EncodeDevices(const v1::ListDevicesResponse& response);

}  // namespace tidemark::gateway
