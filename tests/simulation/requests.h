// What travels between devices and the service.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "services/sync/engine/requests.h"

namespace tidemark::simulation {

// A request as it arrives at the service: each copy is a call of its own.
using CallId = int64_t;

// GET /sync/check
struct CheckRequest {
  std::string if_none_match;
};

using Request = std::variant<CheckRequest, sync::SyncRequest, sync::SyncV1Request>;

// The parts of a V1 answer, put together.
struct V1Answer {
  std::vector<sync::TaskUpdate> updates;
  std::vector<sync::Conflict> conflicts;
  sync::Stamp server_time;
  bool full_resync = false;
};

// A Status: what a device knows after it is that the request may or may not have been stored.
using Answer = std::variant<absl::Status, sync::CheckAnswer, sync::SyncAnswer, V1Answer>;

}  // namespace tidemark::simulation
