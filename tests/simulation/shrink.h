// Makes a failing run short enough to be read: leaves out events as long as the same law is still broken.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/simulation/world.h"

namespace tidemark::simulation {

// What makes a run, apart from its events.
struct Setup {
  uint64_t seed = 0;
  MakeDisk make_disk = MakeMemoryDisk;
};

// Those of `events` that still break `law`.
std::vector<Event> Shrink(const Setup& setup, std::vector<Event> events, const std::string& law);

// What happens in the run, a line each, with the failure at the end.
std::string Trace(const Setup& setup, const std::vector<Event>& events);

}  // namespace tidemark::simulation
