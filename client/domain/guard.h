// The mass-change guard (SPEC 6.3): an answer that would remove more than half of 20 or more local tasks is
// held until the person agrees. Pure.
#pragma once

#include <cstdint>

namespace tidemark::client {

inline constexpr int64_t kGuardedTasksMin = 20;

// `removes` of the `of` tasks that live on this device.
inline bool IsMassChange(int64_t removes, int64_t of) { return of >= kGuardedTasksMin && removes * 2 > of; }

}  // namespace tidemark::client
