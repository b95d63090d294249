#include "services/sync/storage/postgres/rows.h"

#include <utility>

#include "common/pg/array_literal.h"
#include "common/pg/cells.h"

namespace tidemark::sync {
namespace {

constexpr int kFirstFieldColumn = 7;
constexpr int kColumnsPerField = 6;
constexpr int kToldColumnsPerField = 2;

using pg::ParseInteger;

std::string Text(const pqxx::field& field) { return {field.c_str(), field.size()}; }
int64_t Integer(const pqxx::field& field) { return ParseInteger({field.c_str(), field.size()}); }
bool Flag(const pqxx::field& field) { return field.c_str()[0] == 't'; }

std::string String(const pg::Cells& cells, int row, int column) {
  return std::string(cells.Text(row, column));
}

FieldValue ReadValue(Field field, const pg::Cells& cells, int row, int column) {
  switch (field) {
    case Field::kContent:
      return String(cells, row, column);
    case Field::kCompleted:
    case Field::kPinned:
      return cells.Flag(row, column);
    case Field::kDeletedAt:
      return UnixMillis{cells.Integer(row, column)};
  }
  return {};
}

StoredField ReadField(Field field, const pg::Cells& cells, int row, int column) {
  return {.value = ReadValue(field, cells, row, column),
          .version = {cells.Integer(row, column + 1)},
          .stamp = {cells.Integer(row, column + 2)},
          .device = DeviceId(String(cells, row, column + 3)),
          .updated_at = {cells.Integer(row, column + 4)},
          .edited_at = {cells.Integer(row, column + 5)}};
}

// Without its fields.
void ReadTaskItself(const pg::Cells& cells, int row, TaskRow& task) {
  task.id = TaskId(String(cells, row, 0));
  task.version = {cells.Integer(row, 1)};
  task.stamp = {cells.Integer(row, 2)};
  task.created_at = {cells.Integer(row, 3)};
  task.updated_at = {cells.Integer(row, 4)};
  task.device = DeviceId(String(cells, row, 5));
  task.alive_since = {cells.Integer(row, 6)};
}

void ReadTask(const pg::Cells& cells, int row, TaskRow& task) {
  ReadTaskItself(cells, row, task);
  int column = kFirstFieldColumn;
  for (Field field : kFields) {
    task.fields[field] = ReadField(field, cells, row, column);
    column += kColumnsPerField;
  }
}

void ReadTold(const pg::Cells& cells, int row, TaskRow& task) {
  ReadTaskItself(cells, row, task);
  int column = kFirstFieldColumn;
  for (Field field : kFields) {
    task.fields[field].value = ReadValue(field, cells, row, column);
    task.fields[field].stamp = {cells.Integer(row, column + 1)};
    column += kToldColumnsPerField;
  }
}

std::vector<TaskRow> ReadEach(const pqxx::result& rows, void (*read)(const pg::Cells&, int, TaskRow&)) {
  const pg::Cells cells(rows);
  std::vector<TaskRow> tasks(static_cast<std::size_t>(cells.rows()));
  for (int row = 0; row < cells.rows(); ++row) read(cells, row, tasks[static_cast<std::size_t>(row)]);
  return tasks;
}

Conflict ReadConflict(const pqxx::row& row) {
  const auto field = static_cast<Field>(Integer(row[1]));
  return {.id = TaskId(Text(row[2])),
          .field = field,
          .winner = Flag(row[3]) ? Winner::kClient : Winner::kServer,
          .kept = {ParseValue(field, Text(row[4])), {Integer(row[5])}, DeviceId(Text(row[6]))},
          .discarded = {ParseValue(field, Text(row[7])), {Integer(row[8])}, DeviceId(Text(row[9]))},
          .at = {Integer(row[0])}};
}

HistoryEntry ReadHistoryEntry(const pqxx::row& row) {
  const auto field = static_cast<Field>(Integer(row[1]));
  return {.id = TaskId(Text(row[8])),
          .field = field,
          .value = ParseValue(field, Text(row[2])),
          .version = {Integer(row[3])},
          .updated_at = {Integer(row[4])},
          .device = DeviceId(Text(row[5])),
          .at = {Integer(row[0])},
          .reason = static_cast<Reason>(Integer(row[6])),
          .was_stored = Flag(row[7])};
}

std::vector<std::string> ReadArray(const pqxx::field& field) {
  std::vector<std::string> elements;
  pqxx::array_parser parser(field.c_str());
  for (auto item = parser.get_next(); item.first != pqxx::array_parser::done; item = parser.get_next()) {
    if (item.first == pqxx::array_parser::string_value) elements.push_back(std::move(item.second));
  }
  return elements;
}

}  // namespace

std::string ValueText(const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return std::to_string(std::get<UnixMillis>(value).value);
}

FieldValue ParseValue(Field field, std::string_view text) {
  if (field == Field::kContent) return std::string(text);
  if (field == Field::kDeletedAt) return UnixMillis{ParseInteger(text)};
  return text == "true";
}

DataSetState ReadDataSetRow(const pqxx::result& rows) {
  const pqxx::row row = rows[0];
  const auto duration = [](const pqxx::field& seconds) {
    return std::max(absl::ZeroDuration(), absl::Seconds(seconds.as<double>()));
  };
  return {.epoch = Epoch(row[0].as<std::string>()),
          .generation = Integer(row[1]),
          .generation_age = duration(row[2]),
          .suspended_for = duration(row[3])};
}

Head ReadHeadRow(const pqxx::result& rows) { return rows.empty() ? Head() : ReadHead(rows[0]); }

Head ReadHead(const pqxx::row& row) {
  return {.high_water = {Integer(row[0])},
          .live_count = Integer(row[1]),
          .version_sum = Integer(row[2]),
          .purged_through = {Integer(row[3])}};
}

bool IsErased(const pqxx::row& head) { return head[4].as<bool>(); }

std::vector<TaskRow> ReadToldRows(const pqxx::result& rows) { return ReadEach(rows, ReadTold); }

std::vector<TaskRow> ReadTaskRows(const pqxx::result& rows) { return ReadEach(rows, ReadTask); }

std::vector<Conflict> ReadConflictRows(const pqxx::result& rows) {
  std::vector<Conflict> conflicts;
  conflicts.reserve(rows.size());
  for (const pqxx::row& row : rows) conflicts.push_back(ReadConflict(row));
  return conflicts;
}

std::vector<HistoryEntry> ReadHistoryRows(const pqxx::result& rows) {
  std::vector<HistoryEntry> entries;
  entries.reserve(rows.size());
  for (const pqxx::row& row : rows) entries.push_back(ReadHistoryEntry(row));
  return entries;
}

void MarkCut(const DeltaQuery& query, Delta& delta) {
  const auto rows_max = static_cast<std::size_t>(query.rows_max);
  delta.tasks_cut = rows_max > 0 && delta.tasks.size() == rows_max;
  delta.conflicts_cut = rows_max > 0 && delta.conflicts.size() >= rows_max;
}

DeviceLedger ReadLedgerRow(const pqxx::row& row) {
  DeviceLedger ledger{.device = DeviceId(Text(row[0])), .highest = {Integer(row[1])}, .applied = {}};
  const std::vector<std::string> ids = ReadArray(row[2]);
  const std::vector<std::string> hashes = ReadArray(row[3]);
  const std::vector<std::string> rejected = ReadArray(row[4]);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    ledger.applied.push_back(
        {{ParseInteger(ids[i])}, static_cast<uint64_t>(ParseInteger(hashes[i])), rejected[i]});
  }
  return ledger;
}

DeviceStatus ReadDeviceRow(const pqxx::row& row) {
  return {.device = DeviceId(Text(row[0])),
          .last_seen = {Integer(row[1])},
          .cursor = {Integer(row[2])},
          .changes_behind = Integer(row[3]),
          .up_to_date = row[4].as<bool>()};
}

void HeadColumns::Add(const UserId& user, const Head& head) {
  user_id.push_back(user.value());
  high_water.push_back(head.high_water.value);
  live_count.push_back(head.live_count);
  version_sum.push_back(head.version_sum);
  purged_through.push_back(head.purged_through.value);
}

void TaskColumns::FieldColumns::Add(const StoredField& field) {
  version.push_back(field.version.value);
  stamp.push_back(field.stamp.value);
  device_id.push_back(field.device.value());
  updated_at.push_back(field.updated_at.value);
  edited_at.push_back(field.edited_at.value);
}

void TaskColumns::Add(int64_t of, const TaskRow& task) {
  place.push_back(of);
  id.push_back(task.id.value());
  version.push_back(task.version.value);
  stamp.push_back(task.stamp.value);
  created_at.push_back(task.created_at.value);
  updated_at.push_back(task.updated_at.value);
  device_id.push_back(task.device.value());
  alive_since.push_back(task.alive_since.value);
  content.push_back(std::get<std::string>(task.fields[Field::kContent].value));
  completed.push_back(std::get<bool>(task.fields[Field::kCompleted].value));
  pinned.push_back(std::get<bool>(task.fields[Field::kPinned].value));
  deleted_at.push_back(std::get<UnixMillis>(task.fields[Field::kDeletedAt].value).value);
  for (Field field : kFields) fields[field].Add(task.fields[field]);
}

void HistoryColumns::Add(int64_t of, const HistoryEntry& entry) {
  place.push_back(of);
  task_id.push_back(entry.id.value());
  at.push_back(entry.at.value);
  field.push_back(static_cast<int64_t>(entry.field));
  value.push_back(ValueText(entry.value));
  version.push_back(entry.version.value);
  updated_at.push_back(entry.updated_at.value);
  device_id.push_back(entry.device.value());
  reason.push_back(static_cast<int64_t>(entry.reason));
  was_stored.push_back(entry.was_stored);
}

void ConflictColumns::Add(int64_t of, const Conflict& conflict) {
  place.push_back(of);
  at.push_back(conflict.at.value);
  field.push_back(static_cast<int64_t>(conflict.field));
  task_id.push_back(conflict.id.value());
  client_won.push_back(conflict.winner == Winner::kClient);
  kept_value.push_back(ValueText(conflict.kept.value));
  kept_updated_at.push_back(conflict.kept.updated_at.value);
  kept_device_id.push_back(conflict.kept.device.value());
  discarded_value.push_back(ValueText(conflict.discarded.value));
  discarded_updated_at.push_back(conflict.discarded.updated_at.value);
  discarded_device_id.push_back(conflict.discarded.device.value());
}

void LedgerColumns::Add(int64_t of, const DeviceLedger& ledger, UnixMillis seen, Stamp cursor) {
  pg::ArrayLiteral ids, hashes, rejected;
  for (const AppliedMutation& entry : ledger.applied) {
    ids.Add(entry.id.value);
    hashes.Add(static_cast<int64_t>(entry.hash));
    rejected.Add(entry.rejected);
  }
  place.push_back(of);
  device_id.push_back(ledger.device.value());
  highest.push_back(ledger.highest.value);
  applied_ids.push_back(ids.text());
  applied_hashes.push_back(hashes.text());
  applied_rejected.push_back(rejected.text());
  last_seen.push_back(seen.value);
  confirmed.push_back(cursor.value);
}

}  // namespace tidemark::sync
