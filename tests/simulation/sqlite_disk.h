// Devices whose stores are SQLite files: a crash closes them and opens them anew.
#pragma once

#include <memory>

#include "tests/simulation/client_device.h"

namespace tidemark::simulation {

// In a temporary folder, gone with the disk.
std::unique_ptr<Disk> MakeSqliteDisk();

}  // namespace tidemark::simulation
