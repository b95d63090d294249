#include "tests/simulation/device.h"

namespace tidemark::simulation {

TaskId PickTask(Dice& dice) { return TaskId("t" + std::to_string(dice.Below(7))); }

}  // namespace tidemark::simulation
