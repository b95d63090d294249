// How long to wait before the next attempt to connect.
#pragma once

#include "absl/time/time.h"

namespace tidemark::redis {

// 50 ms after the first failure (`failures` = 1), twice as long after each further one, at most 1 s; of that
// between a half (`jitter` = 0) and all (1), so that the clients of a restarted server do not come back
// together.
absl::Duration Backoff(int failures, double jitter);

}  // namespace tidemark::redis
