// UTC days, pure.
#pragma once

#include "absl/time/time.h"
#include "common/clock/clock.h"

namespace tidemark::ratelimit {

inline constexpr absl::Duration kDay = absl::Hours(24);
inline constexpr int64_t kDayMillis = 24 * 3'600 * int64_t{1'000};

// The midnight (UTC) with which the day of `now` began.
constexpr UnixMillis MidnightBefore(UnixMillis now) { return {now.value - now.value % kDayMillis}; }

}  // namespace tidemark::ratelimit
