// A few short runs of the device simulation whose devices keep their tasks in SQLite.
#include <gtest/gtest.h>

#include "tests/simulation/simulation.h"
#include "tests/simulation/sqlite_disk.h"

namespace tidemark::simulation {
namespace {

TEST(SqliteSimulation, NoEditIsLostSkippedOrAppliedTwice) {
  constexpr int kSteps = 400;
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const std::optional<std::string> report = Simulate(seed, kSteps, MakeSqliteDisk);
    ASSERT_FALSE(report) << *report;
  }
}

}  // namespace
}  // namespace tidemark::simulation
