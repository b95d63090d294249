// Forward-only, versioned migrations of one schema (SPEC 9: each service owns a schema and its migrations).
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace tidemark::pg {

struct Migration {
  // 1, 2, 3 … without gaps. Never edited once released.
  int version;
  std::string name;
  std::string sql;
};

// Brings `schema` up to the newest of `migrations`, each in a transaction of its own, recorded in
// `<schema>.schema_migrations`. Runs as the owner. Safe when several replicas start at once (an advisory
// lock), and a no-op when there is nothing to do. Blocks; called from main before anything serves.
// FAILED_PRECONDITION: the schema is newer than this program.
absl::Status Migrate(const std::string& owner_url, const std::string& schema,
                     const std::vector<Migration>& migrations);

}  // namespace tidemark::pg
