// Between rows of the schema `sync` and the domain's values. For the .cc files beside it: includes libpqxx.
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
// An empty one if there is no row.
Head ReadHeadRow(const pqxx::result& rows);
Head ReadHead(const pqxx::row& row);
// Of a head that was locked.
bool IsErased(const pqxx::row& head);
std::vector<TaskRow> ReadTaskRows(const pqxx::result& rows);
// As a Delta holds them.
std::vector<TaskRow> ReadToldRows(const pqxx::result& rows);
std::vector<Conflict> ReadConflictRows(const pqxx::result& rows);
std::vector<HistoryEntry> ReadHistoryRows(const pqxx::result& rows);
// Sets its flags.
void MarkCut(const DeltaQuery& query, Delta& delta);
DeviceLedger ReadLedgerRow(const pqxx::row& row);
DeviceStatus ReadDeviceRow(const pqxx::row& row);

// Columns of one kind of row, side by side, as unnest() takes them.
struct HeadColumns {
  void Add(const UserId& user, const Head& head);
  std::vector<std::string> user_id;
  std::vector<int64_t> high_water, live_count, version_sum, purged_through;
};

// The other rows begin with the place of their user among the heads, from 1.
struct TaskColumns {
  void Add(int64_t of, const TaskRow& task);

  struct FieldColumns {
    std::vector<int64_t> version, stamp, updated_at, edited_at;
    std::vector<std::string> device_id;
    void Add(const StoredField& field);
  };
  std::vector<std::string> id, device_id, content;
  std::vector<int64_t> place, version, stamp, created_at, updated_at, alive_since, deleted_at;
  std::vector<bool> completed, pinned;
  PerField<FieldColumns> fields;
};

struct HistoryColumns {
  void Add(int64_t of, const HistoryEntry& entry);
  std::vector<std::string> task_id, value, device_id;
  std::vector<int64_t> place, at, field, version, updated_at, reason;
  std::vector<bool> was_stored;
};

struct ConflictColumns {
  void Add(int64_t of, const Conflict& conflict);
  std::vector<std::string> task_id, kept_value, kept_device_id, discarded_value, discarded_device_id;
  std::vector<int64_t> place, at, field, kept_updated_at, discarded_updated_at;
  std::vector<bool> client_won;
};

struct LedgerColumns {
  // Its device was seen, and has confirmed `cursor`.
  void Add(int64_t of, const DeviceLedger& ledger, UnixMillis seen, Stamp cursor);
  std::vector<std::string> device_id, applied_ids, applied_hashes, applied_rejected;
  std::vector<int64_t> place, highest, last_seen, confirmed;
};

}  // namespace tidemark::sync
