// POST /v1/sync: JSON ↔ messages (SPEC 4).
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "tidemark/v1/sync.pb.h"

namespace tidemark::gateway {

// A change is a full task; every change comes out with deleted_at set, 0 for a live one.
// malformed_json, bad_type, too_many_changes, validation (a change that is not full).
absl::StatusOr<v1::SyncV1Request> DecodeSyncV1Request(std::string_view body);

// Every task of the answer carries every member.
std::string EncodeSyncV1Response(const v1::SyncV1Response& response);

}  // namespace tidemark::gateway
