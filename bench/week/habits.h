// What a person does with their devices in a day, by a profile of client/schedule.json.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/week/week_dice.h"
#include "client/domain/schedule/settings.h"
#include "common/clock/clock.h"

namespace tidemark::week {

enum class Doing { kSwitchesOn, kSwitchesOff, kStarts, kLeaves, kEdits };

struct Deed {
  UnixMillis at;
  int device = 0;
  Doing what = Doing::kStarts;
};

// In order of time. The person's day is the UTC day that begins with `midnight`.
std::vector<Deed> DeedsOfDay(const client::UseProfile& profile, int devices, UnixMillis midnight, Dice& dice);

}  // namespace tidemark::week
