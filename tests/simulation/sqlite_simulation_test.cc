// A few runs of the device simulation whose devices keep their tasks in SQLite.
#include <gtest/gtest.h>

#include "tests/simulation/simulation.h"
#include "tests/simulation/sqlite_disk.h"

namespace tidemark::simulation {
namespace {

TEST(SqliteSimulation, NoEditIsLostSkippedOrAppliedTwice) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const std::optional<std::string> report = Simulate(seed, kStepsOfRun, MakeSqliteDisk);
    ASSERT_FALSE(report) << *report;
  }
}

}  // namespace
}  // namespace tidemark::simulation
