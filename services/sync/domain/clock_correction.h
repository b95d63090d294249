// Client clocks (SPEC 5.4). Pure.
#pragma once

#include <optional>

#include "common/clock/clock.h"

namespace tidemark::sync {

// `updated_at` as the server's clock would have shown it: shifted by the client clock's error where the
// client told its time, and never in the future. All are times of SPEC 2 (0 … 2^53-1).
inline UnixMillis Corrected(UnixMillis updated_at, std::optional<UnixMillis> client_time, UnixMillis now) {
  int64_t corrected = updated_at.value;
  if (client_time) corrected += now.value - client_time->value;
  if (corrected < 0) return {0};
  return corrected > now.value ? now : UnixMillis{corrected};
}

}  // namespace tidemark::sync
