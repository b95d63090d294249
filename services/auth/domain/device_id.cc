#include "services/auth/domain/device_id.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "common/status/error.h"

namespace tidemark::auth {
namespace {

bool IsIdCharacter(char c) { return absl::ascii_isalnum(c) || c == '_' || c == '.' || c == ':' || c == '-'; }

}  // namespace

absl::Status CheckDeviceId(const std::string& device_id) {
  if (device_id.empty() || device_id.size() > kDeviceIdBytesMax ||
      !std::all_of(device_id.begin(), device_id.end(), IsIdCharacter)) {
    return Error(Code::kValidation, "A device_id has 1 to 64 characters of A-Z a-z 0-9 _ . : -",
                 {.pointer = "/device_id"});
  }
  return absl::OkStatus();
}

}  // namespace tidemark::auth
