// How long the oldest unsent edit has been waiting (SPEC 6.3). Pure.
#pragma once

#include <algorithm>
#include <optional>

#include "absl/time/time.h"
#include "common/clock/clock.h"

namespace tidemark::client {

// Nothing waits: zero. A clock that was set back makes no age negative.
inline absl::Duration UnsentFor(std::optional<UnixMillis> oldest_unsent, UnixMillis now) {
  if (!oldest_unsent) return absl::ZeroDuration();
  return std::max(absl::ZeroDuration(), absl::Milliseconds(now.value - oldest_unsent->value));
}

// Whether the person is to be told.
inline bool IsOverdue(absl::Duration unsent_for, absl::Duration unsent_overdue) {
  return unsent_for > unsent_overdue;
}

}  // namespace tidemark::client
