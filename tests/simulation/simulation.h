// Many runs, each of its own seed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/simulation/client_device.h"

namespace tidemark::simulation {

// Events of a run. A run is short, so that what it breaks is soon found and soon shrunk.
inline constexpr int kStepsOfRun = 1'000;

// `make_disk`: where devices keep their stores. Nothing, or a report: seed, step, law, and the shrunk trace.
std::optional<std::string> Simulate(uint64_t seed, int steps = kStepsOfRun,
                                    MakeDisk make_disk = MakeMemoryDisk);

}  // namespace tidemark::simulation
