// Plays tests/scenarios/sync/*.json.
#include <gtest/gtest.h>

#include "tests/scenarios/scenario_files.h"
#include "tests/scenarios/sync_player.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  tidemark::scenarios::RegisterScenarios("sync", tidemark::scenarios::PlaySync);
  return RUN_ALL_TESTS();
}
