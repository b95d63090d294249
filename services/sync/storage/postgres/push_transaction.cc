#include "services/sync/storage/postgres/push_transaction.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "services/sync/storage/postgres/rows.h"

namespace tidemark::sync {
namespace {

template <typename IdType>
std::vector<std::string> Texts(const std::vector<IdType>& ids) {
  std::vector<std::string> texts;
  texts.reserve(ids.size());
  for (const IdType& id : ids) texts.push_back(id.value());
  return texts;
}

std::map<TaskId, PerField<std::optional<FieldValue>>> ReadHeld(const pqxx::result& rows) {
  std::map<TaskId, PerField<std::optional<FieldValue>>> held;
  for (const pqxx::row& row : rows) {
    const auto field = static_cast<Field>(row[1].as<int>());
    held[TaskId(row[0].as<std::string>())][field] = ParseValue(field, row[2].as<std::string>());
  }
  return held;
}

std::map<TaskId, PerField<std::vector<FieldEdit>>> ReadHeard(const pqxx::result& rows) {
  std::map<TaskId, PerField<std::vector<FieldEdit>>> heard;
  for (const pqxx::row& row : rows) {
    const auto field = static_cast<Field>(row[1].as<int>());
    FieldEdit edit{ParseValue(field, row[2].as<std::string>()),
                   {row[3].as<int64_t>()},
                   DeviceId(row[4].as<std::string>())};
    heard[TaskId(row[0].as<std::string>())][field].push_back(std::move(edit));
  }
  return heard;
}

// What the pushes name, each name with the place of its user, from 1.
struct Names {
  template <typename IdType>
  void Add(int64_t of, const std::vector<IdType>& ids) {
    // Names repeat where changes do.
    for (const IdType& id : std::set<IdType>(ids.begin(), ids.end())) {
      place.push_back(of);
      name.push_back(id.value());
    }
  }
  std::vector<int64_t> place;
  std::vector<std::string> name;
};

// Four statements; ReadNamed and ReadDeltas take their results.
void AddReads(pg::Script& script, const PushGroup& group) {
  std::vector<std::string> users;
  Names tasks, devices;
  std::vector<int64_t> after, news_after, rows_max;
  for (const std::unique_ptr<WaitingPush>& push : group) {
    const PushQuery& query = push->query;
    users.push_back(push->user.value());
    const auto place = static_cast<int64_t>(users.size());
    tasks.Add(place, query.tasks);
    devices.Add(place, query.devices);
    after.push_back(query.delta.after.value);
    news_after.push_back(query.delta.news_after.value_or(Stamp{std::numeric_limits<int64_t>::max()}).value);
    rows_max.push_back(query.delta.rows_max);
  }
  script.Execute("named_tasks", users, tasks.place, tasks.name)
      .Execute("ledgers", users, devices.place, devices.name)
      .Execute("each_changed_tasks", users, after, news_after, rows_max)
      .Execute("each_changed_conflicts", users, after, news_after, rows_max);
}

// Whose row it is: its last column tells the place.
std::size_t OwnerOf(const pqxx::row& row) { return row.back().as<std::size_t>() - 1; }

// To each load its own of `rows`, which were read from `results`.
template <typename Row, typename Give>
void GiveOut(const pqxx::result& results, std::vector<Row> rows, std::vector<PushLoad>& loads, Give give) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const pqxx::row row = results[static_cast<pqxx::result::size_type>(i)];
    give(loads.at(OwnerOf(row)), std::move(rows[i]));
  }
}

void ReadNamed(const pqxx::result& tasks, const pqxx::result& ledgers, std::vector<PushLoad>& loads) {
  GiveOut(tasks, ReadTaskRows(tasks), loads, [](PushLoad& load, TaskRow task) {
    TaskId id = task.id;
    load.state.tasks.emplace(std::move(id), std::move(task));
  });
  for (const pqxx::row& row : ledgers) {
    DeviceLedger ledger = ReadLedgerRow(row);
    DeviceId device = ledger.device;
    loads.at(OwnerOf(row)).state.ledgers.emplace(std::move(device), std::move(ledger));
  }
}

// SQL promises no order to rows that were found for each user, though they come in it.
void ReadDeltas(const pqxx::result& tasks, const pqxx::result& conflicts, const PushGroup& group,
                std::vector<PushLoad>& loads) {
  GiveOut(tasks, ReadToldRows(tasks), loads,
          [](PushLoad& load, TaskRow task) { load.delta.tasks.push_back(std::move(task)); });
  GiveOut(conflicts, ReadConflictRows(conflicts), loads,
          [](PushLoad& load, Conflict conflict) { load.delta.conflicts.push_back(std::move(conflict)); });
  for (std::size_t i = 0; i < loads.size(); ++i) {
    Delta& delta = loads[i].delta;
    std::ranges::sort(delta.tasks, {}, &TaskRow::stamp);
    std::ranges::stable_sort(delta.conflicts, {}, &Conflict::at);
    MarkCut(group[i]->query.delta, delta);
  }
}

// Nothing: the user has no head yet.
std::optional<PushLoad> LoadAlone(pg::Connection& db, const PushGroup& alone) {
  const WaitingPush& push = *alone.front();
  const std::string& user = push.user.value();
  const PushQuery& query = push.query;
  pg::Script script;
  script.Begin().Bind(push.user).Execute("lock_head", user);
  AddReads(script, alone);
  if (query.held_at) script.Execute("held_values", user, Texts(query.tasks), query.held_at->value);
  if (!query.heard_of.empty()) {
    script.Execute("heard_edits", user, Texts(query.tasks), Texts(query.heard_of));
  }
  script.Execute("read_data_set");
  // Results: begin, bind, head, tasks, ledgers, changed tasks, changed conflicts, (held values,) (heard
  // edits,) data set.
  const std::vector<pqxx::result> results = db.QueryEach(script);
  if (results[2].empty()) return std::nullopt;
  std::vector<PushLoad> loads(1);
  ReadNamed(results[3], results[4], loads);
  ReadDeltas(results[5], results[6], alone, loads);
  PushLoad& load = loads.front();
  load.state.head = ReadHeadRow(results[2]);
  load.erased = IsErased(results[2][0]);
  load.data_set = ReadDataSetRow(results.back());
  if (query.held_at) load.state.held = ReadHeld(results[7]);
  if (!query.heard_of.empty()) load.state.heard = ReadHeard(results[results.size() - 2]);
  return std::move(load);
}

void MakeHead(pg::Connection& db, const UserId& user) {
  pg::Script script;
  db.Query(script.Execute("make_head", user.value()).Commit());
}

PushLoad WaitAndLoad(pg::Connection& db, const PushGroup& alone) {
  std::optional<PushLoad> load;
  while (!(load = LoadAlone(db, alone))) MakeHead(db, alone.front()->user);
  return *std::move(load);
}

// Nothing for those whose head could not be locked.
std::vector<std::optional<Pushed>> LoadTogether(pg::Connection& db, const PushGroup& group) {
  std::vector<UserId> users;
  for (const std::unique_ptr<WaitingPush>& push : group) users.push_back(push->user);
  pg::Script script;
  script.Begin().Bind(users).Execute("lock_free_heads", Texts(users));
  AddReads(script, group);
  script.Execute("read_data_set");
  // Results: begin, bind, heads, tasks, ledgers, changed tasks, changed conflicts, data set.
  const std::vector<pqxx::result> results = db.QueryEach(script);
  std::vector<PushLoad> loads(group.size());
  ReadNamed(results[3], results[4], loads);
  ReadDeltas(results[5], results[6], group, loads);
  const DataSetState data_set = ReadDataSetRow(results[7]);
  std::vector<std::optional<Pushed>> loaded(group.size());
  for (const pqxx::row& row : results[2]) {
    const std::size_t owner = OwnerOf(row);
    PushLoad& load = loads.at(owner);
    load.state.head = ReadHead(row);
    load.erased = IsErased(row);
    load.data_set = data_set;
    loaded[owner] = Pushed{std::move(load), std::nullopt};
  }
  return loaded;
}

// What is to be written of all pushes of a transaction.
class PushColumns {
 public:
  void Add(const WaitingPush& push, const PushResult& result) {
    const Sighting seen = push.query.delta.seen.value_or(Sighting());
    heads_.Add(push.user, result.state.head);
    confirming_.push_back(seen.device.value());
    const auto place = static_cast<int64_t>(confirming_.size());
    for (const TaskId& id : result.written) tasks_.Add(place, result.state.tasks.at(id));
    for (const HistoryEntry& entry : result.history) history_.Add(place, entry);
    for (const Conflict& conflict : result.conflicts) conflicts_.Add(place, conflict);
    for (const auto& [device, ledger] : result.state.ledgers) AddLedger(place, ledger, seen);
    // All devices of the query were loaded: without a ledger it has none.
    if (!seen.device.empty() && !result.state.ledgers.contains(seen.device)) {
      AddLedger(place, {.device = seen.device, .highest = {}, .applied = {}}, seen);
    }
  }

  // And commits, in one round trip.
  void Write(pg::Connection& db) const {
    if (heads_.user_id.empty()) return;
    const auto& content = tasks_.fields[Field::kContent];
    const auto& completed = tasks_.fields[Field::kCompleted];
    const auto& pinned = tasks_.fields[Field::kPinned];
    const auto& deleted = tasks_.fields[Field::kDeletedAt];
    pg::Script script;
    script.Execute(
        Statement(), heads_.user_id, heads_.high_water, heads_.live_count, heads_.version_sum,
        heads_.purged_through, confirming_, tasks_.place, tasks_.id, tasks_.version, tasks_.stamp,
        tasks_.created_at, tasks_.updated_at, tasks_.device_id, tasks_.alive_since, tasks_.content,
        content.version, content.stamp, content.device_id, content.updated_at, content.edited_at,
        tasks_.completed, completed.version, completed.stamp, completed.device_id, completed.updated_at,
        completed.edited_at, tasks_.pinned, pinned.version, pinned.stamp, pinned.device_id, pinned.updated_at,
        pinned.edited_at, tasks_.deleted_at, deleted.version, deleted.stamp, deleted.device_id,
        deleted.updated_at, deleted.edited_at, history_.place, history_.at, history_.field, history_.value,
        history_.version, history_.updated_at, history_.device_id, history_.reason, history_.was_stored,
        history_.task_id, conflicts_.place, conflicts_.at, conflicts_.field, conflicts_.task_id,
        conflicts_.client_won, conflicts_.kept_value, conflicts_.kept_updated_at, conflicts_.kept_device_id,
        conflicts_.discarded_value, conflicts_.discarded_updated_at, conflicts_.discarded_device_id,
        ledgers_.place, ledgers_.device_id, ledgers_.highest, ledgers_.applied_ids, ledgers_.applied_hashes,
        ledgers_.applied_rejected, ledgers_.last_seen, ledgers_.confirmed);
    db.Query(script.Commit());
  }

 private:
  void AddLedger(int64_t place, const DeviceLedger& ledger, const Sighting& seen) {
    ledgers_.Add(place, ledger, seen.at, ledger.device == seen.device ? seen.cursor : Stamp{0});
  }

  const char* Statement() const {
    if (!conflicts_.at.empty()) return "push_with_conflicts";
    return history_.at.empty() ? "push" : "push_with_history";
  }

  HeadColumns heads_;
  std::vector<std::string> confirming_;
  TaskColumns tasks_;
  HistoryColumns history_;
  ConflictColumns conflicts_;
  LedgerColumns ledgers_;
};

}  // namespace

Pushed PushAlone(pg::Connection& db, const PushGroup& alone) {
  Pushed pushed{WaitAndLoad(db, alone), std::nullopt};
  const WaitingPush& push = *alone.front();
  pushed.result = push.decide(pushed.load);
  if (!pushed.result) return pushed;
  PushColumns columns;
  columns.Add(push, *pushed.result);
  columns.Write(db);
  return pushed;
}

std::vector<std::optional<Pushed>> PushTogether(pg::Connection& db, const PushGroup& group) {
  std::vector<std::optional<Pushed>> pushed = LoadTogether(db, group);
  PushColumns columns;
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (!pushed[i]) continue;
    pushed[i]->result = group[i]->decide(pushed[i]->load);
    if (pushed[i]->result) columns.Add(*group[i], *pushed[i]->result);
  }
  columns.Write(db);
  return pushed;
}

}  // namespace tidemark::sync
