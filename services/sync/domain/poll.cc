#include "services/sync/domain/poll.h"

#include <algorithm>

#include "services/sync/domain/stable_hash.h"

namespace tidemark::sync {
namespace {

constexpr int64_t kHourSeconds = 60 * 60;
constexpr int64_t kActiveMillis = int64_t{7} * 24 * kHourSeconds * 1000;
constexpr double kJitter = 0.1;

// -1 … 1, always the same for one device.
double Place(const UserId& user, const DeviceId& device) {
  constexpr uint64_t kPlaces = 10'000;
  StableHash hash;
  hash.Add(user.value());
  hash.Add(device.value());
  return 2.0 * static_cast<double>(hash.value() % (kPlaces + 1)) / kPlaces - 1.0;
}

}  // namespace

int64_t NextSyncIn(const UserId& user, const DeviceId& device, Stamp high_water, UnixMillis now,
                   double load) {
  // Stamps look like milliseconds.
  const bool active = now.value - high_water.value <= kActiveMillis;
  const auto seconds = static_cast<double>((active ? 6 : 12) * kHourSeconds);
  return static_cast<int64_t>(seconds * (1.0 + kJitter * Place(user, device)) *
                              (1.0 + std::clamp(load, 0.0, 1.0)));
}

}  // namespace tidemark::sync
