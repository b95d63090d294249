// What `tidemark-sync` does besides serving: once, from the command line, or in the background.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "common/async/periodic.h"
#include "common/random/random.h"
#include "services/sync/engine/purge.h"

namespace tidemark::sync {

// These block, print what was done, and return the process' exit code.
int MigrateSchema(const std::string& owner_url);
int BeginNewEpoch(const std::string& owner_url);
int PurgeOnce(const std::string& postgres_url);

// For a Periodic that purges about every `interval`: replicas that were started together do not purge
// together. Both arguments outlive it.
Periodic::Pause PurgePause(absl::Duration interval, Random& random);
Periodic::Body PurgeBody(Purger& purger);

}  // namespace tidemark::sync
