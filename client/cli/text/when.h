// Times in words. Pure.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "common/clock/clock.h"

namespace tidemark::cli {

// "40 s", "5 min", "3 h", "2 days": in the unit that tells most, rounded up.
std::string InWords(absl::Duration duration);

// "just now", "5 min ago".
std::string Ago(UnixMillis then, UnixMillis now);

// "2026-03-01 14:05".
std::string AtMinute(UnixMillis when, absl::TimeZone zone);

}  // namespace tidemark::cli
