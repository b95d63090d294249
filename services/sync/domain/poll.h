// How long a device may wait until it asks again (SPEC 3.3, 6.1). Pure.
#pragma once

#include <cstdint>

#include "services/sync/domain/types.h"

namespace tidemark::sync {

// In seconds: 6 h where a task changed within 7 days, else 12 h; ±10 % by the device, so that no herd forms;
// up to twice as long by `load`, 0 (idle) … 1.
int64_t NextSyncIn(const UserId& user, const DeviceId& device, Stamp high_water, UnixMillis now, double load);

}  // namespace tidemark::sync
