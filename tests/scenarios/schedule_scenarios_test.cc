// Plays tests/scenarios/{schedule,state}/*.json.
#include <gtest/gtest.h>

#include "tests/scenarios/scenario_files.h"
#include "tests/scenarios/schedule_player.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  tidemark::scenarios::RegisterScenarios("schedule", tidemark::scenarios::PlaySchedule);
  tidemark::scenarios::RegisterScenarios("state", tidemark::scenarios::PlaySchedule);
  return RUN_ALL_TESTS();
}
