// 120 runs of the device simulation; docs/simulation.md says what it is and how to run more.
#include "tests/simulation/simulation.h"

#include <gtest/gtest.h>

namespace tidemark::simulation {
namespace {

void NoLawBreaks(uint64_t first_seed, uint64_t seeds) {
  for (uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
    const std::optional<std::string> report = Simulate(seed);
    ASSERT_FALSE(report) << *report;
  }
}

// In four parts, so that they run side by side.
TEST(Simulation, NoEditIsLostSkippedOrAppliedTwiceInRuns1To30) { NoLawBreaks(1, 30); }
TEST(Simulation, NoEditIsLostSkippedOrAppliedTwiceInRuns31To60) { NoLawBreaks(31, 30); }
TEST(Simulation, NoEditIsLostSkippedOrAppliedTwiceInRuns61To90) { NoLawBreaks(61, 30); }
TEST(Simulation, NoEditIsLostSkippedOrAppliedTwiceInRuns91To120) { NoLawBreaks(91, 30); }

}  // namespace
}  // namespace tidemark::simulation
