// What devices confirm, and how far each has got (SPEC 3.6).
#include "services/sync/engine/engine.h"

namespace tidemark::sync {
namespace {

// More than a person has; bounds the answer.
constexpr int kDevicesMax = 100;

}  // namespace

Task<void> Engine::Confirm(UserId user, DeviceId device, Stamp cursor) {
  if (device.empty() || store_.IsAway()) co_return;
  const Sighting seen{.at = clock_.Now(), .device = std::move(device), .cursor = cursor};
  if (!sightings_.IsNews(user, seen)) co_return;
  // Where it fails, the device's next request tells it again.
  const absl::Status noted = co_await store_.NoteDevice(user, seen);
  if (noted.ok()) sightings_.Note(user, seen);
}

std::optional<Sighting> Engine::NewsOf(const UserId& user, const SyncRequest& request) const {
  if (request.device.empty()) return std::nullopt;
  Sighting seen{.at = clock_.Now(), .device = request.device, .cursor = request.last_sync};
  // A device that begins anew may have been served by another process since.
  if (seen.cursor.value > 0 && !sightings_.IsNews(user, seen)) return std::nullopt;
  return seen;
}

Task<void> Engine::SawV1(UserId user) {
  const Sighting seen{.at = clock_.Now(), .device = {}, .cursor = {}};
  if (!sightings_.IsNews(user, seen)) co_return;
  const absl::Status noted = co_await store_.NoteV1(user, seen.at);
  if (noted.ok()) sightings_.Note(user, seen);
}

Task<absl::StatusOr<std::vector<DeviceStatus>>> Engine::ListDevices(Call& call) {
  if (absl::Status admitted = co_await admission_.Other(call); !admitted.ok()) co_return admitted;
  const DevicesQuery query{.seen_since = {clock_.Now().value - kKeptMillis}, .devices_max = kDevicesMax};
  co_return co_await store_.ReadDevices(call.user, query);
}

}  // namespace tidemark::sync
