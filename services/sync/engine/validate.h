// What makes a whole request unfit (SPEC 2, 3.3): answered with an error, and nothing is stored.
#pragma once

#include "absl/status/status.h"
#include "services/sync/engine/requests.h"

namespace tidemark::sync {

// `validation` with a pointer, or `too_many_changes`.
absl::Status Validate(const SyncRequest& request);

// The same. A single bad change makes a V1 request unfit.
absl::Status Validate(const SyncV1Request& request);

// `validation` for device_id, unless it is empty or well-formed.
absl::Status ValidateDevice(const DeviceId& device);

}  // namespace tidemark::sync
