// The device that a session is for (SPEC 3.1: 1–64 of A–Z a–z 0–9 _ . : -).
#pragma once

#include <string>

#include "absl/status/status.h"

namespace tidemark::auth {

inline constexpr size_t kDeviceIdBytesMax = 64;

// INVALID_ARGUMENT `validation`.
absl::Status CheckDeviceId(const std::string& device_id);

}  // namespace tidemark::auth
