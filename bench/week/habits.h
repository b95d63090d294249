// What a person does with their devices in a day, by a profile of client/schedule.json.
#pragma once

#include <cstdint>
#include <functional>
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

// When in the day a visit begins, in milliseconds from `low` to `high`.
using DrawBegin = std::function<double(double low, double high, Dice& dice)>;
// As likely at one time as at another.
double AnyTime(double low, double high, Dice& dice);

// In order of time. The person's day is the UTC day that begins with `midnight`.
std::vector<Deed> DeedsOfDay(const client::UseProfile& profile, int devices, UnixMillis midnight, Dice& dice,
                             const DrawBegin& draw_begin = AnyTime);

}  // namespace tidemark::week
