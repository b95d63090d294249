#include "common/redis/backoff.h"

#include <algorithm>

namespace tidemark::redis {
namespace {

constexpr absl::Duration kFirst = absl::Milliseconds(50);
constexpr absl::Duration kLongest = absl::Seconds(1);
// Doubling further would overflow and is cut to kLongest anyway.
constexpr int kDoublingsMax = 10;

}  // namespace

absl::Duration Backoff(int failures, double jitter) {
  const int doublings = std::clamp(failures - 1, 0, kDoublingsMax);
  const absl::Duration full = std::min(kLongest, kFirst * (1 << doublings));
  return full * (0.5 + 0.5 * jitter);
}

}  // namespace tidemark::redis
