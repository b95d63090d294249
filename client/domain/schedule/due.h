// Which sync is due next, and from when on. Pure functions of what the schedule remembers.
#pragma once

#include <optional>

#include "client/domain/schedule/event.h"
#include "client/domain/schedule/settings.h"
#include "client/domain/schedule/state.h"
#include "common/clock/clock.h"

namespace tidemark::client {

struct Due {
  UnixMillis at;
  Trigger trigger = Trigger::kTimer;
  auto operator<=>(const Due&) const = default;
};

std::optional<Due> NextOfV1(const SavedState& state, const Presence& presence,
                            const ScheduleSettings& settings);
std::optional<Due> NextOfFinal(const SavedState& state, const Presence& presence,
                               const ScheduleSettings& settings);

// Who comes back soon goes on with the visit; else a visit begins, and with it the first of the timers in
// front.
void ComeToFront(Presence& presence, const ScheduleSettings& settings, UnixMillis now);
void GoBehind(Presence& presence, UnixMillis now);

}  // namespace tidemark::client
