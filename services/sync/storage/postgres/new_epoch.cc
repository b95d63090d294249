#include "services/sync/storage/postgres/new_epoch.h"

#include "common/pg/connection.h"
#include "common/pg/failure.h"

namespace tidemark::sync {

absl::StatusOr<EpochChange> StartNewEpoch(const std::string& owner_url) {
  try {
    pg::Connection db({.url = owner_url});
    const pqxx::result rows = db.Query(kNewEpoch);
    return EpochChange{Epoch(rows[0][0].as<std::string>()), Epoch(rows[0][1].as<std::string>())};
  } catch (const std::exception& thrown) {
    return pg::FailureOf(thrown).status;
  }
}

}  // namespace tidemark::sync
