// Migrates as the next version's program would, by the migrator of this one:
//
//   tidemark-widen SCHEMA SQL…      after all that SCHEMA (sync or auth) has, each SQL as one more migration
//
// The variable TIDEMARK_POSTGRES_OWNER_URL says where. Prints why not, where it cannot.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "common/pg/migrate.h"
#include "services/auth/migrations/migrations.h"
#include "services/sync/migrations/migrations.h"

namespace tidemark {
namespace {

int Main(const std::vector<std::string>& arguments) {
  const char* owner_url = std::getenv("TIDEMARK_POSTGRES_OWNER_URL");
  if (arguments.empty() || owner_url == nullptr) return 2;
  const std::string& schema = arguments[0];
  std::vector<pg::Migration> migrations = schema == "auth" ? auth::Migrations() : sync::Migrations();
  for (size_t i = 1; i < arguments.size(); ++i) {
    migrations.push_back(
        {.version = static_cast<int>(migrations.size()) + 1, .name = "added", .sql = arguments[i]});
  }
  const absl::Status migrated = pg::Migrate(owner_url, schema, migrations);
  if (!migrated.ok()) std::fprintf(stderr, "%s\n", migrated.ToString().c_str());
  return migrated.ok() ? 0 : 1;
}

}  // namespace
}  // namespace tidemark

int main(int argc, char** argv) { return tidemark::Main({argv + 1, argv + argc}); }
