// POST /sync: JSON ↔ messages (SPEC 3.3).
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "tidemark/v1/sync.pb.h"

namespace tidemark::gateway {

// More changes than this are 413 before any is read: a body of two million bytes could otherwise name half a
// million empty ones. The sync service holds the same limit for everybody else.
inline constexpr size_t kChangesMax = 1000;

// An empty body and `{}` are a check: no field is set. Any other body sets last_sync, to 0 if it names none.
// malformed_json, bad_type, too_many_changes, validation (a change without id, version or updated_at).
absl::StatusOr<v1::SyncRequest> DecodeSyncRequest(std::string_view body);

// The etag loses the quotes that only the header wants.
std::string EncodeSyncResponse(const v1::SyncResponse& response);

}  // namespace tidemark::gateway
