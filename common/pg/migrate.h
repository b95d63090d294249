// Forward-only, versioned migrations of one schema (SPEC 9: each service owns a schema and its migrations).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace tidemark::pg {

struct Migration {
  // 1, 2, 3 … without gaps. Never edited once released.
  int version;
  std::string name;
  std::string sql;
};

// Whoever comes after a migration that waits for a lock waits behind it. So it waits shortly, gives up and
// lets them through, and tries again.
struct LockPatience {
  // For each lock: what people may notice.
  absl::Duration wait = absl::Milliseconds(500);
  // The same each tenth time, longer than PostgreSQL's deadlock_timeout (1 s): only then does it end an
  // autovacuum that holds the lock.
  absl::Duration long_wait = absl::Milliseconds(1500);
  // Between two attempts.
  absl::Duration pause = absl::Seconds(2);
  // Of each migration, in about ten minutes.
  int attempts_max = 240;
  std::function<void(absl::Duration)> sleep = absl::SleepFor;
};

// Brings `schema` up to the newest of `migrations`, each in a transaction of its own, recorded in
// `<schema>.schema_migrations`. Runs as the owner. Safe when several replicas start at once (an advisory
// lock), and a no-op when there is nothing to do. Blocks; called from main before anything serves.
// FAILED_PRECONDITION: the schema is newer than this program. UNAVAILABLE: the server is away, or somebody
// held a lock for too long; the migrations before are applied, and of this one nothing.
absl::Status Migrate(const std::string& owner_url, const std::string& schema,
                     const std::vector<Migration>& migrations, const LockPatience& patience = {});

}  // namespace tidemark::pg
