// After a restore from a backup the data set gets a new name (SPEC 3.3, `rewound`).
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "services/sync/domain/types.h"

namespace tidemark::sync {

// new_epoch.sql.
extern const char kNewEpoch[];

struct EpochChange {
  Epoch before;
  Epoch after;
};

// Gives the data set a random new epoch, and raises the generation, so that no cached head of before is used.
// As the owner, like a migration. Blocks.
absl::StatusOr<EpochChange> StartNewEpoch(const std::string& owner_url);

}  // namespace tidemark::sync
