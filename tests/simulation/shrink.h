// Makes a failing run short enough to be read: leaves out events as long as the same law is still broken.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/simulation/world.h"

namespace tidemark::simulation {

// Those of `events` that still break `law`.
std::vector<Event> Shrink(uint64_t seed, std::vector<Event> events, const std::string& law);

// What happens in the run, a line each, with the failure at the end.
std::string Trace(uint64_t seed, const std::vector<Event>& events);

}  // namespace tidemark::simulation
