#include "common/pg/migrate.h"

#include "absl/strings/str_cat.h"
#include "common/log/log.h"
#include "common/pg/connection.h"
#include "common/pg/failure.h"
#include "common/status/error.h"

namespace tidemark::pg {
namespace {

bool NumberedWithoutGaps(const std::vector<Migration>& migrations) {
  for (size_t i = 0; i < migrations.size(); ++i) {
    if (migrations[i].version != static_cast<int>(i) + 1) return false;
  }
  return true;
}

// Held until the connection ends.
void LockOutOtherReplicas(Connection& db, const std::string& schema) {
  db.Query(absl::StrCat("SELECT pg_advisory_lock(hashtextextended(", db.Quote("tidemark migrates " + schema),
                        ", 0))"));
}

void MakeRecord(Connection& db, const std::string& schema) {
  db.Query(absl::StrCat("SET client_min_messages = warning; CREATE SCHEMA IF NOT EXISTS ", schema,
                        "; CREATE TABLE IF NOT EXISTS ", schema,
                        ".schema_migrations (version int PRIMARY KEY, name text NOT NULL,"
                        " applied_at timestamptz NOT NULL DEFAULT now())"));
}

int VersionOf(Connection& db, const std::string& schema) {
  const pqxx::result rows =
      db.Query(absl::StrCat("SELECT coalesce(max(version), 0) FROM ", schema, ".schema_migrations"));
  return rows[0][0].as<int>();
}

void Apply(Connection& db, const std::string& schema, const Migration& migration, absl::Duration lock_wait) {
  db.Query("BEGIN");
  db.Query(absl::StrCat("SET LOCAL lock_timeout = ", absl::ToInt64Milliseconds(lock_wait)));
  db.Query(migration.sql);
  db.Query(absl::StrCat("INSERT INTO ", schema, ".schema_migrations (version, name) VALUES (",
                        migration.version, ", ", db.Quote(migration.name), ")"));
  db.Query("COMMIT");
}

// False: somebody held a lock that it needs, and nothing was changed.
bool TryToApply(Connection& db, const std::string& schema, const Migration& migration,
                absl::Duration lock_wait) {
  constexpr char kLockNotAvailable[] = "55P03";
  try {
    Apply(db, schema, migration, lock_wait);
    return true;
  } catch (const pqxx::sql_error& error) {
    if (error.sqlstate() != kLockNotAvailable) throw;
    db.Query("ROLLBACK");
    return false;
  }
}

absl::Status ApplyPatiently(Connection& db, const std::string& schema, const Migration& migration,
                            const LockPatience& patience) {
  const auto wait = [&patience](int attempt) {
    return attempt % 10 == 0 ? patience.long_wait : patience.wait;
  };
  for (int attempts = 1; !TryToApply(db, schema, migration, wait(attempts)); ++attempts) {
    if (attempts >= patience.attempts_max) {
      return Error(Code::kUnavailable,
                   absl::StrCat("migration ", migration.version, " (", migration.name, ") of schema ", schema,
                                " got no lock in ", attempts, " attempts; nothing of it was changed"));
    }
    log::Warning("migration_waits_for_a_lock",
                 {{"schema", schema}, {"version", migration.version}, {"attempts", attempts}});
    patience.sleep(patience.pause);
  }
  return absl::OkStatus();
}

absl::Status MigrateAs(Connection& db, const std::string& schema, const std::vector<Migration>& migrations,
                       const LockPatience& patience) {
  LockOutOtherReplicas(db, schema);
  MakeRecord(db, schema);
  const int present = VersionOf(db, schema);
  const int newest = static_cast<int>(migrations.size());
  if (present > newest) {
    return absl::FailedPreconditionError(absl::StrCat("schema ", schema, " is at version ", present,
                                                      "; this program knows versions up to ", newest));
  }
  for (int i = present; i < newest; ++i) {
    if (absl::Status applied = ApplyPatiently(db, schema, migrations[i], patience); !applied.ok()) {
      return applied;
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Migrate(const std::string& owner_url, const std::string& schema,
                     const std::vector<Migration>& migrations, const LockPatience& patience) {
  if (!NumberedWithoutGaps(migrations)) {
    return absl::InternalError(absl::StrCat("migrations of ", schema, " are not numbered 1, 2, 3 …"));
  }
  try {
    PoolOptions options{.url = owner_url};
    // A migration, or the wait for another replica's, takes the time it takes.
    options.statement_timeout = absl::InfiniteDuration();
    Connection db(options);
    return MigrateAs(db, schema, migrations, patience);
  } catch (const std::exception& thrown) {
    return FailureOf(thrown).status;
  }
}

}  // namespace tidemark::pg
