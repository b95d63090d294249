#include "client/store/sqlite/sqlite_transaction.h"

#include <limits>
#include <utility>

#include "client/store/sqlite/columns.h"

namespace tidemark::client {
namespace {

enum Kind : int64_t { kRestated, kSent, kEdit };

std::optional<int64_t> NumberOf(const std::optional<Resync>& resync) {
  if (!resync) return std::nullopt;
  return *resync == Resync::kPurged ? 0 : 1;
}

std::optional<Series> SeriesOf(ColumnReader& columns) {
  Series series;
  const std::optional<std::string> page = columns.MaybeText();
  series.last_sync = {columns.Number()};
  const std::optional<int64_t> resync = columns.MaybeNumber();
  if (resync) series.resync = *resync == 0 ? Resync::kPurged : Resync::kRewound;
  series.tasks_before = columns.Number();
  series.whole_state = columns.Number();
  if (!page) return std::nullopt;
  series.page = *page;
  return series;
}

std::optional<HeldAnswer> HeldOf(ColumnReader& columns) {
  HeldAnswer held;
  const std::optional<int64_t> removes = columns.MaybeNumber();
  held.of = columns.Number();
  held.since = columns.Time();
  const std::optional<int64_t> cursor = columns.MaybeNumber();
  if (cursor) held.cursor = Stamp{*cursor};
  held.etag = columns.Text();
  held.whole_state = columns.Number();
  if (!removes) return std::nullopt;
  held.removes = *removes;
  return held;
}

std::optional<Verdict> VerdictOf(ColumnReader& columns) {
  const std::optional<int64_t> outcome = columns.MaybeNumber();
  Verdict verdict;
  verdict.code = columns.Text();
  verdict.detail = columns.Text();
  if (!outcome) return std::nullopt;
  verdict.outcome = static_cast<Outcome>(*outcome);
  return verdict;
}

}  // namespace

// ---- scalars

Replica SqliteTransaction::GetReplica() {
  Statement& find = database_.Prepare(
      "SELECT device_id, last_number, acked, epoch, cursor, etag, synced_at, series_page, series_last_sync,"
      " series_resync, series_tasks_before, series_whole_state, held_removes, held_of, held_since, "
      "held_cursor, held_etag,"
      " held_whole_state, whole_state, live_count, version_sum, healed_at, edited_at FROM replica");
  Replica replica;
  while (find.Step()) {
    ColumnReader columns(find);
    replica.device = DeviceId(columns.Text());
    replica.last_number = {columns.Number()};
    replica.acked = {columns.Number()};
    if (const auto epoch = columns.MaybeText()) replica.epoch = Epoch(*epoch);
    replica.cursor = {columns.Number()};
    replica.etag = columns.Text();
    replica.synced_at = columns.Time();
    replica.series = SeriesOf(columns);
    replica.held = HeldOf(columns);
    replica.whole_state = columns.Number();
    replica.live_count = columns.Number();
    replica.version_sum = columns.Number();
    replica.healed_at = columns.Time();
    replica.edited_at = columns.Time();
  }
  return replica;
}

void SqliteTransaction::PutReplica(const Replica& replica) {
  ColumnWriter columns(
      database_.Prepare("INSERT OR REPLACE INTO replica VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
                        "?11, ?12, ?13, ?14, ?15,"
                        " ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)"));
  columns.Text(replica.device.value()).Number(replica.last_number.value).Number(replica.acked.value);
  columns.Text(replica.epoch ? std::optional(replica.epoch->value()) : std::nullopt);
  columns.Number(replica.cursor.value).Text(replica.etag).Number(replica.synced_at.value);
  if (const auto& series = replica.series) {
    columns.Text(series->page).Number(series->last_sync.value).Number(NumberOf(series->resync));
    columns.Number(series->tasks_before).Number(series->whole_state);
  } else {
    columns.Null().Null().Null().Null().Null();
  }
  if (const auto& held = replica.held) {
    columns.Number(held->removes).Number(held->of).Number(held->since.value);
    columns.Number(held->cursor ? std::optional(held->cursor->value) : std::nullopt);
    columns.Text(held->etag).Number(held->whole_state);
  } else {
    columns.Null().Null().Null().Null().Null().Null();
  }
  columns.Number(replica.whole_state).Number(replica.live_count).Number(replica.version_sum);
  columns.Number(replica.healed_at.value).Number(replica.edited_at.value).Run();
}

std::string SqliteTransaction::GetNote(std::string_view name) {
  Statement& find = database_.Prepare("SELECT value FROM notes WHERE name = ?1");
  find.Bind(1, name);
  std::string value;
  while (find.Step()) value = find.Text(0);
  return value;
}

void SqliteTransaction::PutNote(std::string_view name, std::string_view value) {
  ColumnWriter columns(database_.Prepare("INSERT OR REPLACE INTO notes VALUES (?1, ?2)"));
  columns.Text(name).Text(value).Run();
}

// ---- tasks

namespace {

constexpr const char* kTaskColumns =
    "SELECT id, version, created_at, updated_at, deleted_at, device_id, content, completed, pinned, doomed, "
    "named_in,"
    " since FROM tasks ";

std::string Select(const char* where) { return std::string(kTaskColumns) + where; }

}  // namespace

TaskState SqliteTransaction::TaskOf(const Statement& row, bool& has_pending) {
  TaskState task{.id = TaskId(row.Text(0))};
  if (!row.IsNull(1)) task.row = ColumnReader(row).Row();
  task.doomed = row.Number(9) != 0;
  task.named_in = row.Number(10);
  has_pending = !row.IsNull(11);
  return task;
}

void SqliteTransaction::LoadPending(TaskState& task) {
  Statement& find = database_.Prepare(
      "SELECT kind, number, base, created_at, updated_at, since, device_id, content, completed, pinned, "
      "deleted_at,"
      " overlapped, restated, was_sent, outcome, code, detail FROM pending WHERE id = ?1");
  find.Bind(1, task.id.value());
  while (find.Step()) {
    ColumnReader columns(find);
    const int64_t kind = columns.Number();
    const MutationId number{columns.Number()};
    Edit edit;
    edit.base = {columns.Number()};
    edit.created_at = columns.MaybeTime();
    edit.updated_at = columns.Time();
    edit.since = columns.Time();
    const DeviceId device(columns.Text());
    edit.fields = columns.Fields();
    edit.overlapped = columns.Flag();
    const bool restated = columns.Flag();
    edit.was_sent = columns.Flag();
    const std::optional<Verdict> verdict = VerdictOf(columns);
    if (kind == kSent) {
      task.sent = Sent{.change = {.id = task.id,
                                  .number = number,
                                  .version = {edit.base.value + 1},
                                  .created_at = edit.created_at,
                                  .updated_at = edit.updated_at,
                                  .device = device,
                                  .fields = edit.fields},
                       .since = edit.since,
                       .overlapped = edit.overlapped,
                       .restated = restated,
                       .verdict = verdict};
    } else {
      (kind == kRestated ? task.restated : task.edit) = edit;
    }
  }
}

TaskState SqliteTransaction::Get(const TaskId& id) {
  static const std::string sql = Select("WHERE id = ?1");
  Statement& find = database_.Prepare(sql);
  find.Bind(1, id.value());
  TaskState task{.id = id};
  bool has_pending = false;
  while (find.Step()) task = TaskOf(find, has_pending);
  if (has_pending) LoadPending(task);
  return task;
}

void SqliteTransaction::Put(const TaskState& task) {
  Statement& clear = database_.Prepare("DELETE FROM pending WHERE id = ?1");
  clear.Bind(1, task.id.value()).Run();
  if (task.empty()) {
    Statement& remove = database_.Prepare("DELETE FROM tasks WHERE id = ?1");
    remove.Bind(1, task.id.value()).Run();
    return;
  }
  ColumnWriter columns(database_.Prepare(
      "INSERT INTO tasks VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
      " ON CONFLICT (id) DO UPDATE SET version = ?2, created_at = ?3, updated_at = ?4, deleted_at = ?5,"
      " device_id = ?6, content = ?7, completed = ?8, pinned = ?9, doomed = ?10, named_in = ?11, since = ?12,"
      " number = ?13"));
  if (task.row) {
    columns.Row(*task.row);
  } else {
    columns.Text(task.id.value()).Null().Null().Null().Null().Null().Null().Null().Null();
  }
  columns.Number(task.doomed ? 1 : 0).Number(task.named_in);
  columns.Time(task.pending() ? std::optional(task.since()) : std::nullopt);
  columns.Number(task.sent ? std::optional(task.sent->change.number.value) : std::nullopt).Run();
  PutPending(task);
}

void SqliteTransaction::PutPending(const TaskState& task) {
  const auto put = [&](Kind kind, const Edit& edit, const Sent* sent) {
    ColumnWriter columns(database_.Prepare(
        "INSERT INTO pending VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
        " ?17, ?18)"));
    columns.Text(task.id.value()).Number(kind);
    columns.Number(sent ? std::optional(sent->change.number.value) : std::nullopt);
    columns.Number(edit.base.value).Time(edit.created_at).Number(edit.updated_at.value);
    columns.Number(edit.since.value);
    columns.Text(sent ? std::optional(sent->change.device.value()) : std::nullopt);
    columns.Fields(edit.fields).Number(edit.overlapped ? 1 : 0).Number(sent && sent->restated ? 1 : 0);
    columns.Number(edit.was_sent ? 1 : 0);
    if (sent && sent->verdict) {
      columns.Number(static_cast<int64_t>(sent->verdict->outcome));
      columns.Text(sent->verdict->code).Text(sent->verdict->detail);
    } else {
      columns.Null().Null().Null();
    }
    columns.Run();
  };
  if (task.restated) put(kRestated, *task.restated, nullptr);
  if (task.edit) put(kEdit, *task.edit, nullptr);
  if (!task.sent) return;
  const Change& change = task.sent->change;
  const Edit frozen{.base = {change.version.value - 1},
                    .created_at = change.created_at,
                    .updated_at = change.updated_at,
                    .since = task.sent->since,
                    .fields = change.fields,
                    .overlapped = task.sent->overlapped};
  put(kSent, frozen, &*task.sent);
}

std::vector<TaskState> SqliteTransaction::States(Statement& statement) {
  std::vector<TaskState> tasks;
  std::vector<std::size_t> with_pending;
  while (statement.Step()) {
    bool has_pending = false;
    tasks.push_back(TaskOf(statement, has_pending));
    if (has_pending) with_pending.push_back(tasks.size() - 1);
  }
  for (const std::size_t index : with_pending) LoadPending(tasks[index]);
  return tasks;
}

std::vector<TaskId> SqliteTransaction::Ids(Statement& statement) {
  std::vector<TaskId> ids;
  while (statement.Step()) ids.emplace_back(statement.Text(0));
  return ids;
}

std::vector<TaskState> SqliteTransaction::List(const TaskId& after, int limit) {
  static const std::string sql = Select("WHERE id > ?1 ORDER BY id LIMIT ?2");
  Statement& find = database_.Prepare(sql);
  return States(find.Bind(1, after.value()).Bind(2, int64_t{limit}));
}

std::vector<TaskId> SqliteTransaction::FindByPrefix(std::string_view prefix, int limit) {
  // Ids are ASCII: none that begins so comes after this.
  const std::string end = std::string(prefix) + "\x7f";
  Statement& find = database_.Prepare("SELECT id FROM tasks WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3");
  return Ids(find.Bind(1, prefix).Bind(2, std::string_view(end)).Bind(3, int64_t{limit}));
}

std::vector<TaskId> SqliteTransaction::ListUnnamed(int64_t whole_state) {
  Statement& find =
      database_.Prepare("SELECT id FROM tasks WHERE named_in < ?1 AND deleted_at = 0 ORDER BY id");
  return Ids(find.Bind(1, whole_state));
}

std::vector<TaskId> SqliteTransaction::ListDoomed() {
  return Ids(database_.Prepare("SELECT id FROM tasks WHERE doomed = 1 ORDER BY id"));
}

std::vector<TaskId> SqliteTransaction::ListDeadBefore(UnixMillis before, int limit) {
  Statement& find = database_.Prepare(
      "SELECT id FROM tasks WHERE deleted_at > 0 AND deleted_at < ?1 AND since IS NULL ORDER BY deleted_at "
      "LIMIT ?2");
  return Ids(find.Bind(1, before.value).Bind(2, int64_t{limit}));
}

// ---- the queue

int64_t SqliteTransaction::CountPending() {
  Statement& count = database_.Prepare("SELECT count(*) FROM tasks WHERE since IS NOT NULL");
  int64_t pending = 0;
  while (count.Step()) pending = count.Number(0);
  return pending;
}

std::optional<UnixMillis> SqliteTransaction::OldestPending() {
  Statement& find =
      database_.Prepare("SELECT since FROM tasks WHERE since IS NOT NULL ORDER BY since LIMIT 1");
  std::optional<UnixMillis> oldest;
  while (find.Step()) oldest = UnixMillis{find.Number(0)};
  return oldest;
}

std::vector<TaskState> SqliteTransaction::ListSent() {
  static const std::string sql = Select("WHERE number IS NOT NULL ORDER BY number");
  return States(database_.Prepare(sql));
}

std::vector<TaskState> SqliteTransaction::ListEdited(int limit) {
  static const std::string sql =
      Select("WHERE since IS NOT NULL AND number IS NULL ORDER BY since, id LIMIT ?1");
  return States(database_.Prepare(sql).Bind(1, int64_t{limit}));
}

std::vector<TaskId> SqliteTransaction::ListPending() {
  return Ids(database_.Prepare("SELECT id FROM tasks WHERE since IS NOT NULL ORDER BY since, id"));
}

// ---- aside

void SqliteTransaction::PutAside(const Row& row) {
  ColumnWriter(database_.Prepare("INSERT OR REPLACE INTO aside VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"))
      .Row(row)
      .Run();
}

std::optional<Row> SqliteTransaction::GetAside(const TaskId& id) {
  Statement& find = database_.Prepare("SELECT * FROM aside WHERE id = ?1");
  find.Bind(1, id.value());
  std::optional<Row> row;
  while (find.Step()) row = ColumnReader(find).Row();
  return row;
}

void SqliteTransaction::RemoveAside(const TaskId& id) {
  database_.Prepare("DELETE FROM aside WHERE id = ?1").Bind(1, id.value()).Run();
}

std::vector<TaskId> SqliteTransaction::ListAside() {
  return Ids(database_.Prepare("SELECT id FROM aside ORDER BY id"));
}

void SqliteTransaction::ClearAside() { database_.Prepare("DELETE FROM aside").Run(); }

// ---- what the person is to be told

bool SqliteTransaction::AddConflict(const Conflict& conflict) {
  ColumnWriter add(
      database_.Prepare("INSERT INTO conflicts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0) ON "
                        "CONFLICT (at, field) DO NOTHING"));
  add.Number(conflict.at.value).Number(static_cast<int64_t>(conflict.field)).Text(conflict.id.value());
  add.Number(conflict.winner == Winner::kServer ? 0 : 1);
  for (const FieldEdit* side : {&conflict.kept, &conflict.discarded}) {
    add.Text(EncodeValue(side->value)).Number(side->updated_at.value).Text(side->device.value());
  }
  add.Run();
  Statement& count = database_.Prepare("SELECT changes()");
  bool is_new = false;
  while (count.Step()) is_new = count.Number(0) > 0;
  if (!is_new) return false;
  Statement& trim = database_.Prepare(
      "DELETE FROM conflicts WHERE dismissed = 0 AND (at, field) <= (SELECT at, field FROM conflicts"
      " WHERE dismissed = 0 ORDER BY at DESC, field DESC LIMIT 1 OFFSET ?1)");
  trim.Bind(1, int64_t{kConflictsKeptMax}).Run();
  return true;
}

std::vector<Conflict> SqliteTransaction::ListConflicts() {
  Statement& find = database_.Prepare(
      "SELECT at, field, id, winner, kept, kept_updated_at, kept_device_id, discarded, discarded_updated_at,"
      " discarded_device_id FROM conflicts WHERE dismissed = 0 ORDER BY at, field");
  std::vector<Conflict> conflicts;
  while (find.Step()) {
    ColumnReader columns(find);
    Conflict conflict;
    conflict.at = {columns.Number()};
    conflict.field = static_cast<Field>(columns.Number());
    conflict.id = TaskId(columns.Text());
    conflict.winner = columns.Number() == 0 ? Winner::kServer : Winner::kClient;
    for (FieldEdit* side : {&conflict.kept, &conflict.discarded}) {
      side->value = DecodeValue(conflict.field, columns.Text());
      side->updated_at = columns.Time();
      side->device = DeviceId(columns.Text());
    }
    conflicts.push_back(std::move(conflict));
  }
  return conflicts;
}

void SqliteTransaction::DismissConflict(Stamp at, Field field) {
  Statement& dismiss = database_.Prepare(
      "UPDATE conflicts SET dismissed = 1, kept = '', discarded = '' WHERE at = ?1 AND field = ?2");
  dismiss.Bind(1, at.value).Bind(2, static_cast<int64_t>(field)).Run();
}

void SqliteTransaction::AddRejection(const Rejection& rejection) {
  const Change& change = rejection.change;
  ColumnWriter columns(database_.Prepare(
      "INSERT INTO rejections VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"));
  columns.Number(change.number.value).Text(change.device.value()).Text(change.id.value());
  columns.Number(change.version.value - 1).Time(change.created_at).Number(change.updated_at.value);
  columns.Fields(change.fields).Text(rejection.code).Text(rejection.detail).Number(rejection.at.value).Run();
}

std::vector<Rejection> SqliteTransaction::ListRejections() {
  Statement& find = database_.Prepare("SELECT * FROM rejections ORDER BY rowid");
  std::vector<Rejection> rejections;
  while (find.Step()) {
    ColumnReader columns(find);
    Rejection rejection;
    rejection.change.number = {columns.Number()};
    rejection.change.device = DeviceId(columns.Text());
    rejection.change.id = TaskId(columns.Text());
    rejection.change.version = {columns.Number() + 1};
    rejection.change.created_at = columns.MaybeTime();
    rejection.change.updated_at = columns.Time();
    rejection.change.fields = columns.Fields();
    rejection.code = columns.Text();
    rejection.detail = columns.Text();
    rejection.at = columns.Time();
    rejections.push_back(std::move(rejection));
  }
  return rejections;
}

void SqliteTransaction::DismissRejection(const DeviceId& device, MutationId number) {
  Statement& dismiss = database_.Prepare("DELETE FROM rejections WHERE device_id = ?1 AND number = ?2");
  dismiss.Bind(1, device.value()).Bind(2, number.value).Run();
}

}  // namespace tidemark::client
