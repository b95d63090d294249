// What bench/fleet reads: the counts of a scenario as JSON.
#pragma once

#include <string>

#include "bench/fleet_day/fleet_day.h"
#include "bench/fleet_day/settings.h"

namespace tidemark::fleet {

// The same result gives the same text, but for `real_seconds`.
std::string ResultJson(const Settings& settings, const Scenario& scenario, const Result& result,
                       double real_seconds);

}  // namespace tidemark::fleet
