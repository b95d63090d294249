// Between rows of the schema `sync` and the domain's values. For postgres_store.cc alone: includes libpqxx.
#pragma once

#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "services/sync/domain/ledger.h"
#include "services/sync/domain/pull.h"
#include "services/sync/domain/types.h"
#include "services/sync/storage/store.h"

namespace tidemark::sync {

// A value as history and conflicts keep it: the text, "true" or "false", or milliseconds.
std::string ValueText(const FieldValue& value);
FieldValue ParseValue(Field field, std::string_view text);

DataSetState ReadDataSetRow(const pqxx::result& rows);
Head ReadHeadRow(const pqxx::result& rows);
std::vector<TaskRow> ReadTaskRows(const pqxx::result& rows);
// As a Delta holds them.
std::vector<TaskRow> ReadToldRows(const pqxx::result& rows);
std::vector<Conflict> ReadConflictRows(const pqxx::result& rows);
std::vector<HistoryEntry> ReadHistoryRows(const pqxx::result& rows);
DeviceLedger ReadLedgerRow(const pqxx::row& row);
DeviceStatus ReadDeviceRow(const pqxx::row& row);

// Columns of one kind of row, side by side, as unnest() takes them.
struct TaskColumns {
  explicit TaskColumns(std::size_t rows);
  void Add(const TaskRow& task);

  struct FieldColumns {
    std::vector<int64_t> version, stamp, updated_at, edited_at;
    std::vector<std::string> device_id;
    void Add(const StoredField& field);
  };
  std::vector<std::string> id, device_id, content;
  std::vector<int64_t> version, stamp, created_at, updated_at, alive_since, deleted_at;
  std::vector<bool> completed, pinned;
  PerField<FieldColumns> fields;
};

struct HistoryColumns {
  void Add(const HistoryEntry& entry);
  std::vector<std::string> task_id, value, device_id;
  std::vector<int64_t> at, field, version, updated_at, reason;
  std::vector<bool> was_stored;
};

struct ConflictColumns {
  void Add(const Conflict& conflict);
  std::vector<std::string> task_id, kept_value, kept_device_id, discarded_value, discarded_device_id;
  std::vector<int64_t> at, field, kept_updated_at, discarded_updated_at;
  std::vector<bool> client_won;
};

struct LedgerColumns {
  void Add(const DeviceLedger& ledger);
  std::vector<std::string> device_id, applied_ids, applied_hashes, applied_rejected;
  std::vector<int64_t> highest;
};

}  // namespace tidemark::sync
