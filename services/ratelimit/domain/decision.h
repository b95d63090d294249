// The answer to one ask for tokens.
#pragma once

#include <cstdint>

#include "absl/time/time.h"

namespace tidemark::ratelimit {

struct Decision {
  bool allowed = false;
  // Whole tokens left.
  int64_t remaining = 0;
  // The bucket's capacity or the day's limit.
  int64_t limit = 0;
  // Until the cost asked for can be taken; zero when allowed.
  absl::Duration retry_after = absl::ZeroDuration();
  // Until the bucket is full or the day ends.
  absl::Duration reset_after = absl::ZeroDuration();
  // How long an empty bucket takes to be full; a day for a daily counter.
  absl::Duration window = absl::ZeroDuration();
};

}  // namespace tidemark::ratelimit
