#include "common/http/admission.h"

#include <utility>

#include "common/net/ip.h"

namespace tidemark::http {

Admission::Admission(Bounds bounds) : bounds_(std::move(bounds)) {}

Admission::Place Admission::Enter(const std::string& address) {
  if (HasRoomFor(address)) {
    ++served_;
    ++by_network_[NetworkOf(address)];
    return Place::kServed;
  }
  if (turned_away_ >= kTurnedAwayMax) return Place::kNone;
  ++turned_away_;
  return Place::kTurnedAway;
}

void Admission::Leave(Place place, const std::string& address) {
  if (place == Place::kTurnedAway) {
    --turned_away_;
    return;
  }
  --served_;
  const auto found = by_network_.find(NetworkOf(address));
  if (--found->second == 0) by_network_.erase(found);
}

bool Admission::HasRoomFor(const std::string& address) const {
  if (served_ >= bounds_.connections_max) return false;
  const auto found = by_network_.find(NetworkOf(address));
  if (found == by_network_.end() || found->second < bounds_.per_address_max) return true;
  return bounds_.is_shared != nullptr && bounds_.is_shared(address);
}

}  // namespace tidemark::http
