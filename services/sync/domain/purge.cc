#include "services/sync/domain/purge.h"

#include <algorithm>
#include <optional>

namespace tidemark::sync {
namespace {

// The least that a device in use has confirmed; nothing: none is known.
std::optional<Stamp> ConfirmedByAll(const std::vector<DeviceProgress>& devices, UnixMillis seen_since) {
  std::optional<Stamp> confirmed;
  for (const DeviceProgress& device : devices) {
    if (device.last_seen < seen_since) continue;
    confirmed = std::min(confirmed.value_or(device.cursor), device.cursor);
  }
  return confirmed;
}

}  // namespace

PurgePlan PlanPurgeByAge(UnixMillis now) {
  // Stamps look like milliseconds.
  const Stamp old{std::max<int64_t>(0, now.value - kKeptMillis)};
  return {.tombstones_through = old,
          .values_through = old,
          .devices_seen_before = {std::max<int64_t>(0, now.value - kSeenMillis)}};
}

PurgePlan PlanPurge(const PurgeState& state, UnixMillis now) {
  PurgePlan plan = PlanPurgeByAge(now);
  const UnixMillis seen_since = plan.devices_seen_before;
  if (state.v1_seen.value > 0 && state.v1_seen >= seen_since) return plan;
  const std::optional<Stamp> confirmed = ConfirmedByAll(state.devices, seen_since);
  if (confirmed) plan.tombstones_through = std::max(plan.tombstones_through, *confirmed);
  return plan;
}

}  // namespace tidemark::sync
