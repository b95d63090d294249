#include "services/sync/storage/postgres/postgres_store.h"

#include <functional>
#include <limits>
#include <utility>
#include <variant>

#include "common/pg/connection.h"
#include "services/sync/storage/postgres/rows.h"

namespace tidemark::sync {
namespace {

// Comes before every user's.
constexpr char kNoUuid[] = "00000000-0000-0000-0000-000000000000";
// No id begins with it (SPEC 3.1).
constexpr char kAboveAllIds[] = "~";

// Two statements; ReadDelta takes their results.
void AddDelta(pg::Script& script, const UserId& user, const DeltaQuery& query) {
  const int64_t news_after = query.news_after ? query.news_after->value : std::numeric_limits<int64_t>::max();
  script.Execute("changed_tasks", user.value(), query.after.value, news_after, query.rows_max)
      .Execute("changed_conflicts", user.value(), query.after.value, news_after, query.rows_max);
}

Delta ReadDelta(const pqxx::result& tasks, const pqxx::result& conflicts, const DeltaQuery& query) {
  Delta delta{.tasks = ReadToldRows(tasks), .conflicts = ReadConflictRows(conflicts)};
  MarkCut(query, delta);
  return delta;
}

void AddNote(pg::Script& script, const UserId& user, const Sighting& seen) {
  script.Execute("note_device", user.value(), seen.device.value(), seen.cursor.value, seen.at.value);
}

Snapshot ReadSnapshot(pg::Connection& db, const UserId& user, const DeltaQuery& query) {
  pg::Script script;
  script.BeginSnapshot().Bind(user).Execute("read_head", user.value());
  AddDelta(script, user, query);
  script.Commit();
  if (query.seen) {
    script.Begin().Bind(user);
    AddNote(script, user, *query.seen);
    script.Commit();
  }
  // Results: begin, bind, head, changed tasks, changed conflicts, commit (and four of the note).
  const std::vector<pqxx::result> results = db.QueryEach(script);
  return Snapshot{ReadHeadRow(results[2]), ReadDelta(results[3], results[4], query)};
}

// Begins a transaction and locks the head.
PurgeState LoadForPurge(pg::Connection& db, const UserId& user) {
  pg::Script script;
  script.Begin().Bind(user).Execute("lock_head", user.value()).Execute("v1_seen", user.value());
  script.Execute("progress", user.value());
  // Results: begin, bind, head, V1, devices.
  const std::vector<pqxx::result> results = db.QueryEach(script);
  PurgeState state;
  if (!results[3].empty()) state.v1_seen = {results[3][0][0].as<int64_t>()};
  for (const pqxx::row& row : results[4]) {
    state.devices.push_back({.cursor = {row[0].as<int64_t>()}, .last_seen = {row[1].as<int64_t>()}});
  }
  return state;
}

}  // namespace

Task<absl::StatusOr<DataSetState>> PostgresStore::ReadDataSet() {
  pg::Work<DataSetState> work = [](pg::Connection& db) -> absl::StatusOr<DataSetState> {
    pg::Script script;
    return ReadDataSetRow(db.Query(script.Execute("read_data_set")));
  };
  co_return co_await pool_.Run<DataSetState>(std::move(work));
}

Task<absl::StatusOr<DataSetState>> PostgresStore::SuspendCache(absl::Duration duration,
                                                               absl::Duration margin) {
  pg::Work<DataSetState> work = [duration, margin](pg::Connection& db) -> absl::StatusOr<DataSetState> {
    pg::Script script;
    script.Execute("suspend_cache", absl::ToDoubleSeconds(duration), absl::ToDoubleSeconds(margin));
    return ReadDataSetRow(db.Query(script));
  };
  co_return co_await pool_.Run<DataSetState>(std::move(work));
}

Task<absl::StatusOr<Head>> PostgresStore::ReadHead(UserId user) {
  pg::Work<Head> work = [user](pg::Connection& db) -> absl::StatusOr<Head> {
    pg::Script script;
    return ReadHeadRow(db.Query(script.Bind(user).Execute("read_head", user.value())));
  };
  co_return co_await pool_.Run<Head>(std::move(work), pg::Rank::kRead);
}

Task<absl::StatusOr<HeadToKeep>> PostgresStore::ReadHeadToKeep(UserId user) {
  pg::Work<HeadToKeep> work = [user](pg::Connection& db) -> absl::StatusOr<HeadToKeep> {
    pg::Script script;
    script.Bind(user).Execute("read_unlocked_head", user.value()).Execute("read_head", user.value());
    // Results: bind, head if it is not locked, head.
    const std::vector<pqxx::result> results = db.QueryEach(script);
    if (!results[1].empty()) return HeadToKeep{ReadHeadRow(results[1]), true};
    // A head that is not there is locked by nobody.
    return HeadToKeep{ReadHeadRow(results[2]), results[2].empty()};
  };
  co_return co_await pool_.Run<HeadToKeep>(std::move(work), pg::Rank::kRead);
}

Task<absl::StatusOr<History>> PostgresStore::ReadHistory(UserId user, HistoryQuery query) {
  pg::Work<History> work = [user, query](pg::Connection& db) {
    pg::Script script;
    script.Bind(user).Execute("task_stored", user.value(), query.task.value());
    script.Execute("history", user.value(), query.task.value(), query.after.value, query.entries_max);
    // Results: bind, task, history.
    const std::vector<pqxx::result> results = db.QueryEach(script);
    return History{!results[1].empty(), ReadHistoryRows(results[2])};
  };
  co_return co_await pool_.Run<History>(std::move(work), pg::Rank::kRead);
}

Task<absl::StatusOr<std::vector<TaskRow>>> PostgresStore::ReadTasks(UserId user, TasksQuery query) {
  pg::Work<std::vector<TaskRow>> work = [user, query](pg::Connection& db) {
    pg::Script script;
    script.Bind(user).Execute("all_tasks", user.value(), query.after.value(), query.rows_max);
    return ReadTaskRows(db.Query(script));
  };
  co_return co_await pool_.Run<std::vector<TaskRow>>(std::move(work), pg::Rank::kRead);
}

Task<absl::StatusOr<std::vector<HistoryEntry>>> PostgresStore::ReadHistories(UserId user,
                                                                             HistoriesQuery query) {
  pg::Work<std::vector<HistoryEntry>> work = [user, query](pg::Connection& db) {
    const HistoryPlace before = query.before.value_or(HistoryPlace{TaskId(kAboveAllIds), Stamp{0}});
    pg::Script script;
    script.Bind(user).Execute("all_histories", user.value(), before.task.value(), before.at.value,
                              query.after.value, query.rows_max);
    return ReadHistoryRows(db.Query(script));
  };
  co_return co_await pool_.Run<std::vector<HistoryEntry>>(std::move(work), pg::Rank::kRead);
}

Task<absl::StatusOr<Snapshot>> PostgresStore::Pull(UserId user, DeltaQuery query) {
  pg::Work<Snapshot> work = [user, query](pg::Connection& db) -> absl::StatusOr<Snapshot> {
    if (!query.seen) return ReadSnapshot(db, user, query);
    try {
      return ReadSnapshot(db, user, query);
    } catch (const pqxx::sql_error&) {
      if (db.in_transaction()) db.Query("ROLLBACK");
    }
    DeltaQuery unnoted = query;
    unnoted.seen.reset();
    return ReadSnapshot(db, user, unnoted);
  };
  co_return co_await pool_.Run<Snapshot>(std::move(work), pg::Rank::kRead);
}

Task<absl::StatusOr<Pushed>> PostgresStore::Push(UserId user, PushQuery query, Decide decide) {
  co_return co_await Await<absl::StatusOr<Pushed>>([&](Completion<absl::StatusOr<Pushed>> done) {
    pushes_.Start({.user = user, .query = query, .decide = decide, .done = std::move(done)});
  });
}

Task<absl::Status> PostgresStore::NoteDevice(UserId user, Sighting seen) {
  pg::Work<std::monostate> work = [user, seen](pg::Connection& db) -> absl::StatusOr<std::monostate> {
    pg::Script script;
    script.Bind(user);
    AddNote(script, user, seen);
    db.Query(script);
    return std::monostate();
  };
  const absl::StatusOr<std::monostate> noted = co_await pool_.Run<std::monostate>(std::move(work));
  co_return noted.status();
}

Task<absl::Status> PostgresStore::NoteV1(UserId user, UnixMillis at) {
  pg::Work<std::monostate> work = [user, at](pg::Connection& db) -> absl::StatusOr<std::monostate> {
    pg::Script script;
    db.Query(script.Bind(user).Execute("note_v1", user.value(), at.value));
    return std::monostate();
  };
  const absl::StatusOr<std::monostate> noted = co_await pool_.Run<std::monostate>(std::move(work));
  co_return noted.status();
}

Task<absl::StatusOr<std::vector<DeviceStatus>>> PostgresStore::ReadDevices(UserId user, DevicesQuery query) {
  using Devices = std::vector<DeviceStatus>;
  pg::Work<Devices> work = [user, query](pg::Connection& db) -> absl::StatusOr<Devices> {
    pg::Script script;
    script.Bind(user).Execute("devices", user.value(), query.seen_since.value, query.devices_max);
    Devices devices;
    for (const pqxx::row& row : db.Query(script)) devices.push_back(ReadDeviceRow(row));
    return devices;
  };
  co_return co_await pool_.Run<Devices>(std::move(work), pg::Rank::kRead);
}

Task<absl::StatusOr<UsersToPurge>> PostgresStore::ReadUsersToPurge(UsersQuery query) {
  pg::Work<UsersToPurge> work = [query](pg::Connection& db) -> absl::StatusOr<UsersToPurge> {
    pg::Script script;
    script.Execute("users_to_purge", query.after.empty() ? std::string(kNoUuid) : query.after.value(),
                   query.plan.values_through.value, query.plan.devices_seen_before.value, query.users_max);
    const pqxx::result rows = db.Query(script);
    UsersToPurge found;
    for (const pqxx::row& row : rows) {
      if (row[1].as<bool>()) found.users.push_back(UserId(row[0].as<std::string>()));
    }
    if (static_cast<int>(rows.size()) == query.users_max) {
      found.next_after = UserId(rows.back()[0].as<std::string>());
    }
    return found;
  };
  co_return co_await pool_.Run<UsersToPurge>(std::move(work), pg::Rank::kRead);
}

Task<absl::StatusOr<PurgedRows>> PostgresStore::Purge(UserId user, DecidePurge decide, int rows_max) {
  pg::Work<PurgedRows> work = [user, decide, rows_max](pg::Connection& db) -> absl::StatusOr<PurgedRows> {
    const PurgePlan plan = decide(LoadForPurge(db, user));
    pg::Script script;
    script.Execute("purge", user.value(), plan.tombstones_through.value, plan.values_through.value,
                   plan.devices_seen_before.value, rows_max);
    // Results: purge, commit.
    const pqxx::row counts = db.QueryEach(script.Commit())[0][0];
    return PurgedRows{.tombstones = counts[0].as<int64_t>(),
                      .history = counts[1].as<int64_t>(),
                      .conflicts = counts[2].as<int64_t>(),
                      .devices = counts[3].as<int64_t>()};
  };
  co_return co_await pool_.Run<PurgedRows>(std::move(work), pg::Rank::kRead);
}

Task<absl::StatusOr<bool>> PostgresStore::Erase(UserId user, UnixMillis at, int rows_max) {
  pg::Work<bool> work = [user, at, rows_max](pg::Connection& db) -> absl::StatusOr<bool> {
    pg::Script script;
    script.Begin().Bind(user).Execute("make_head", user.value());
    script.Execute("empty_head", user.value(), at.value).Execute("erase", user.value(), rows_max);
    // Results: begin, bind, made, emptied, erased, commit.
    return db.QueryEach(script.Commit())[4][0][0].as<bool>();
  };
  co_return co_await pool_.Run<bool>(std::move(work));
}

void PostgresStore::Show(metrics::Readings& readings) const {
  readings.Gauge("tidemark_pushes_waiting", "Pushes that wait to share a transaction.", {},
                 [this] { return static_cast<double>(pushes_.waiting()); });
  readings.Counter("tidemark_pushes_refused_total", "Pushes that were refused, as too many waited already.",
                   {}, [this] { return static_cast<double>(pushes_.refused()); });
}

}  // namespace tidemark::sync
