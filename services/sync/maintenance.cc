#include "services/sync/maintenance.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "common/log/log.h"
#include "common/pg/migrate.h"
#include "common/pg/pool.h"
#include "services/sync/migrations/migrations.h"
#include "services/sync/storage/postgres/new_epoch.h"
#include "services/sync/storage/postgres/postgres_store.h"
#include "services/sync/storage/postgres/statements.h"

namespace tidemark::sync {
namespace {

template <typename... Parts>
void Print(const Parts&... parts) {
  std::puts(absl::StrCat(parts...).c_str());
}

int Fail(std::string_view event, const absl::Status& status) {
  log::Error(event, {{"status", status.ToString()}});
  return 1;
}

// A half to one and a half.
absl::Duration Jittered(absl::Duration interval, Random& random) {
  const std::string byte = random.Bytes(1);
  return interval * (0.5 + static_cast<unsigned char>(byte[0]) / 255.0);
}

Task<void> PurgeAndLog(Purger& purger, const std::atomic<bool>& stopping) {
  const std::function<bool()> is_stopping = [&stopping] { return stopping.load(); };
  const absl::StatusOr<PurgeReport> report = co_await purger.PurgeAll(is_stopping);
  if (!report.ok()) {
    log::Warning("purge_failed", {{"status", report.status().ToString()}});
    co_return;
  }
  const PurgedRows& removed = report->removed;
  log::Info("purged", {{"users", report->users},
                       {"users_failed", report->users_failed},
                       {"tombstones", removed.tombstones},
                       {"history", removed.history},
                       {"conflicts", removed.conflicts},
                       {"devices", removed.devices}});
}

}  // namespace

int MigrateSchema(const std::string& owner_url) {
  const absl::Status status = pg::Migrate(owner_url, "sync", Migrations());
  return status.ok() ? 0 : Fail("migration_failed", status);
}

int BeginNewEpoch(const std::string& owner_url) {
  const absl::StatusOr<EpochChange> epoch = StartNewEpoch(owner_url);
  if (!epoch.ok()) return Fail("new_epoch_failed", epoch.status());
  Print("epoch ", epoch->before.value(), " is now ", epoch->after.value());
  return 0;
}

int PurgeOnce(const std::string& postgres_url) {
  const SystemClock clock;
  EventLoops loops(1);
  pg::Pool postgres({.url = postgres_url, .connections = 1, .statements = Statements()});
  PostgresStore store(postgres);
  Purger purger(store, clock);
  const absl::StatusOr<PurgeReport> report = RunBlocking<absl::StatusOr<PurgeReport>>(
      loops.Next(), [&purger] { return purger.PurgeAll([] { return false; }); });
  if (!report.ok()) return Fail("purge_failed", report.status());
  const PurgedRows& removed = report->removed;
  Print("removed of ", report->users, " users: ", removed.tombstones, " tombstones, ", removed.history,
        " history entries, ", removed.conflicts, " conflicts, ", removed.devices, " devices");
  if (report->users_failed > 0) Print("failed for ", report->users_failed, " users");
  return report->users_failed == 0 ? 0 : 1;
}

Periodic::Pause PurgePause(absl::Duration interval, Random& random) {
  return [interval, &random] { return Jittered(interval, random); };
}

Periodic::Body PurgeBody(Purger& purger) {
  return [&purger](const std::atomic<bool>& stopping) { return PurgeAndLog(purger, stopping); };
}

}  // namespace tidemark::sync
