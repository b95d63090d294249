// Many runs, each of its own seed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tidemark::simulation {

// Events of a run. A run is short, so that what it breaks is soon found and soon shrunk.
inline constexpr int kStepsOfRun = 1'000;

// Nothing, or a report: seed, step, law, and the shrunk trace.
std::optional<std::string> Simulate(uint64_t seed, int steps = kStepsOfRun);

}  // namespace tidemark::simulation
