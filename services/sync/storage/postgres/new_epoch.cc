#include "services/sync/storage/postgres/new_epoch.h"

#include "common/pg/connection.h"
#include "common/pg/failure.h"

namespace tidemark::sync {
namespace {

constexpr char kNewEpoch[] = R"sql(
  with before as materialized (select epoch from sync.data_set for update)
  update sync.data_set as data_set set
    epoch = substr(replace(gen_random_uuid()::text, '-', ''), 1, 12),
    generation = generation + 1,
    generation_at = clock_timestamp()
  from before
  returning before.epoch, data_set.epoch
)sql";

}  // namespace

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
