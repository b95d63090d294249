#include "services/sync/storage/postgres/statements.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace tidemark::sync {
namespace {

// In the order in which rows.cc reads them and writes them.
constexpr char kTaskColumns[] =
    "id, version, stamp, created_at, updated_at, device_id, alive_since, "
    "content, content_version, content_stamp, content_device_id, content_updated_at, content_edited_at, "
    "completed, completed_version, completed_stamp, completed_device_id, completed_updated_at, "
    "completed_edited_at, "
    "pinned, pinned_version, pinned_stamp, pinned_device_id, pinned_updated_at, pinned_edited_at, "
    "deleted_at, deleted_at_version, deleted_at_stamp, deleted_at_device_id, deleted_at_updated_at, "
    "deleted_at_edited_at";

// What a delta tells of a row: half of it, and a first pull costs by the column.
constexpr char kToldColumns[] =
    "id, version, stamp, created_at, updated_at, device_id, alive_since, "
    "content, content_stamp, completed, completed_stamp, pinned, pinned_stamp, deleted_at, deleted_at_stamp";

constexpr char kConflictColumns[] =
    "at, field, task_id, client_won, kept_value, kept_updated_at, kept_device_id, discarded_value, "
    "discarded_updated_at, discarded_device_id";

constexpr char kHistoryColumns[] =
    "at, field, value, version, updated_at, device_id, reason, was_stored, task_id";

constexpr char kLedgerColumns[] =
    "device_id, mutation_highest, applied_ids, applied_hashes, applied_rejected";

// What each user of a group wants to hear of.
constexpr char kEachDelta[] =
    "unnest($1, $2, $3, $4) with ordinality as each (user_id, after, news_after, rows_max, place)";

// Both times in seconds before and after the column `now`.
constexpr char kDataSetColumns[] =
    "epoch, generation, extract(epoch from now - generation_at)::double precision, "
    "extract(epoch from greatest(cache_suspended_until, now) - now)::double precision";

// The clock is read once, and not before the row is locked.
constexpr char kSuspendCache[] = R"sql(
  with locked as materialized (select cache_suspended_until as until from sync.data_set for update),
  timed as materialized (select until, clock_timestamp() as now from locked),
  judged as materialized (select *, until <= now + make_interval(secs => $2) as raises from timed)
  update sync.data_set set
    generation = generation + case when raises then 1 else 0 end,
    generation_at = case when raises then now else generation_at end,
    cache_suspended_until = greatest(until, now + make_interval(secs => $1))
  from judged
  returning )sql";

constexpr char kHeadColumns[] = "high_water, live_count, version_sum, purged_through";
constexpr char kLockedHeadColumns[] = "high_water, live_count, version_sum, purged_through, erased_at > 0";

// Parameters 1–6: users, their heads, and which device of each confirms a cursor (empty: none). 7–38: tasks.
// 39–48: history. 49–59: conflicts. 60–67: ledgers. Each row begins with its user's place.
constexpr char kPushParameters[] =
    "uuid[], bigint[], bigint[], bigint[], bigint[], text[], "
    "int[], text[], bigint[], bigint[], bigint[], bigint[], text[], bigint[], "
    "text[], bigint[], bigint[], text[], bigint[], bigint[], "
    "boolean[], bigint[], bigint[], text[], bigint[], bigint[], "
    "boolean[], bigint[], bigint[], text[], bigint[], bigint[], "
    "bigint[], bigint[], bigint[], text[], bigint[], bigint[], "
    "int[], bigint[], smallint[], text[], bigint[], bigint[], text[], smallint[], boolean[], text[], "
    "int[], bigint[], smallint[], text[], boolean[], text[], bigint[], text[], text[], bigint[], text[], "
    "int[], text[], bigint[], text[], text[], text[], bigint[], bigint[]";

constexpr char kPushTasks[] = R"sql(
  insert into sync.tasks (user_id, %s)
  select $1[place], %s from unnest($7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
                       $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38)
    as written (place, %s)
  on conflict (user_id, id) do update set
    version = excluded.version, stamp = excluded.stamp, updated_at = excluded.updated_at,
    device_id = excluded.device_id, alive_since = excluded.alive_since,
    content = excluded.content, content_version = excluded.content_version, content_stamp = excluded.content_stamp,
    content_device_id = excluded.content_device_id, content_updated_at = excluded.content_updated_at,
    content_edited_at = excluded.content_edited_at,
    completed = excluded.completed, completed_version = excluded.completed_version,
    completed_stamp = excluded.completed_stamp, completed_device_id = excluded.completed_device_id,
    completed_updated_at = excluded.completed_updated_at, completed_edited_at = excluded.completed_edited_at,
    pinned = excluded.pinned, pinned_version = excluded.pinned_version, pinned_stamp = excluded.pinned_stamp,
    pinned_device_id = excluded.pinned_device_id, pinned_updated_at = excluded.pinned_updated_at,
    pinned_edited_at = excluded.pinned_edited_at,
    deleted_at = excluded.deleted_at, deleted_at_version = excluded.deleted_at_version,
    deleted_at_stamp = excluded.deleted_at_stamp, deleted_at_device_id = excluded.deleted_at_device_id,
    deleted_at_updated_at = excluded.deleted_at_updated_at, deleted_at_edited_at = excluded.deleted_at_edited_at
)sql";

constexpr char kPushHistory[] = R"sql(
  insert into sync.history (user_id, %s)
  select $1[place], %s from unnest($39, $40, $41, $42, $43, $44, $45, $46, $47, $48) as written (place, %s)
)sql";

constexpr char kPushConflicts[] = R"sql(
  insert into sync.conflicts (user_id, %s)
  select $1[place], %s from unnest($49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59) as written (place, %s)
)sql";

constexpr char kPushLedgers[] = R"sql(
  insert into sync.devices as stored
    (user_id, device_id, mutation_highest, applied_ids, applied_hashes, applied_rejected, last_seen, cursor)
  select $1[place], device_id, highest, ids::bigint[], hashes::bigint[], rejected::text[], last_seen, cursor
  from unnest($60, $61, $62, $63, $64, $65, $66, $67)
    as ledger (place, device_id, highest, ids, hashes, rejected, last_seen, cursor)
  on conflict (user_id, device_id) do update set
    last_seen = greatest(stored.last_seen, excluded.last_seen),
    cursor = case when stored.device_id = $6[array_position($1, stored.user_id)]
      then excluded.cursor else stored.cursor end,
    mutation_highest = excluded.mutation_highest, applied_ids = excluded.applied_ids,
    applied_hashes = excluded.applied_hashes, applied_rejected = excluded.applied_rejected
)sql";

// Without a join, for which a planner may read all heads.
constexpr char kPushHeads[] = R"sql(
  update sync.heads set
    high_water = $2[array_position($1, user_id)], live_count = $3[array_position($1, user_id)],
    version_sum = $4[array_position($1, user_id)], purged_through = $5[array_position($1, user_id)]
  where user_id = any ($1)
)sql";

// $2 device, $3 cursor, $4 when. Whoever has devices has a head, so that a purge finds them. A head that is
// there is not inserted again: `on conflict` would wait for its push, which may wait for the device's row.
constexpr char kNoteDevice[] = R"sql(
  with head as (
    insert into sync.heads (user_id) select $1 where not exists (select from sync.heads where user_id = $1)
    on conflict do nothing)
  insert into sync.devices as stored
    (user_id, device_id, mutation_highest, applied_ids, applied_hashes, applied_rejected, cursor, last_seen)
  select $1, $2, 0, '{}', '{}', '{}', $3, $4
  where $2 <> '' and $3 <= coalesce((select high_water from sync.heads where user_id = $1), 0)
    and not exists (select from sync.heads where user_id = $1 and erased_at > 0)
  on conflict (user_id, device_id) do update set
    cursor = excluded.cursor, last_seen = greatest(stored.last_seen, excluded.last_seen)
)sql";

// $2 when, in milliseconds as all times are.
constexpr char kNoteV1[] = R"sql(
  insert into sync.heads as stored (user_id, v1_seen) values ($1, $2)
  on conflict (user_id) do update set v1_seen = excluded.v1_seen
  where stored.v1_seen < excluded.v1_seen - 24 * 60 * 60 * 1000
)sql";

// $2 seen since, $3 limit. 10,000 is kChangesBehindMax.
constexpr char kDevices[] = R"sql(
  select device_id, last_seen, cursor,
    (select count(*) from
      (select from sync.tasks where user_id = $1 and stamp > device.cursor limit 10000) as changed),
    cursor >= (select high_water from sync.heads where user_id = $1)
  from sync.devices as device where user_id = $1 and last_seen >= $2
  order by last_seen desc, device_id limit $3
)sql";

// $2 tombstones through, $3 values through, $4 devices seen before, $5 limit. Runs under the lock of the
// head; a device alone may be noted meanwhile, so its time is looked at again when its row is locked.
constexpr char kPurge[] = R"sql(
  with tombstones as (
    delete from sync.tasks where user_id = $1 and id = any (array(
      select id from sync.tasks where user_id = $1 and deleted_at > 0 and stamp <= $2 order by stamp limit $5))
    returning stamp),
  history as (
    delete from sync.history where ctid = any (array(
      select ctid from sync.history where user_id = $1 and at <= $3 order by at limit $5)) and user_id = $1
    returning 1),
  conflicts as (
    delete from sync.conflicts where ctid = any (array(
      select ctid from sync.conflicts where user_id = $1 and at <= $3 order by at limit $5)) and user_id = $1
    returning 1),
  devices as (
    delete from sync.devices where user_id = $1 and last_seen < $4 and device_id = any (array(
      select device_id from sync.devices where user_id = $1 and last_seen < $4 limit $5))
    returning 1),
  erased as (delete from sync.heads where user_id = $1 and erased_at > 0 and erased_at < $4),
  head as (
    update sync.heads set purged_through = greatest(purged_through, (select max(stamp) from tombstones))
    where user_id = $1 and exists (select from tombstones))
  select (select count(*) from tombstones), (select count(*) from history), (select count(*) from conflicts),
    (select count(*) from devices)
)sql";

// $2 when. Locks the head, as a push does.
constexpr char kEmptyHead[] = R"sql(
  update sync.heads set
    high_water = 0, live_count = 0, version_sum = 0, purged_through = 0, v1_seen = 0, erased_at = $2
  where user_id = $1
)sql";

// $2 limit. Tells whether there may be more.
constexpr char kErase[] = R"sql(
  with tasks as (
    delete from sync.tasks where ctid = any (array(
      select ctid from sync.tasks where user_id = $1 limit $2)) and user_id = $1 returning 1),
  history as (
    delete from sync.history where ctid = any (array(
      select ctid from sync.history where user_id = $1 limit $2)) and user_id = $1 returning 1),
  conflicts as (
    delete from sync.conflicts where ctid = any (array(
      select ctid from sync.conflicts where user_id = $1 limit $2)) and user_id = $1 returning 1),
  devices as (
    delete from sync.devices where ctid = any (array(
      select ctid from sync.devices where user_id = $1 limit $2)) and user_id = $1 returning 1)
  select greatest((select count(*) from tasks), (select count(*) from history),
    (select count(*) from conflicts), (select count(*) from devices)) >= $2
)sql";

std::string WithColumns(const char* sql, const char* columns) {
  return absl::StrReplaceAll(sql, {{"%s", columns}});
}

// Rows of the users $1, found for each element of `each` by itself, which `offset 0` or a limit keeps from
// becoming a join of the planner's choice.
std::string OfEach(const char* each, const char* table, const char* columns, const char* condition) {
  return absl::StrCat("select found.*, each.place from ", each, " cross join lateral (select ", columns,
                      " from ", table, " where ", condition, ") as found");
}

// What most pushes have none of is left to statements of its own: beginning an insert costs more than a row.
std::string PushOf(std::string_view more) {
  return absl::StrCat("with tasks as (", WithColumns(kPushTasks, kTaskColumns), "), ", std::string(more),
                      "ledgers as (", kPushLedgers, ")", kPushHeads);
}

}  // namespace

const std::vector<pg::Statement>& Statements() {
  using absl::StrCat;
  static const auto* const statements = new std::vector<pg::Statement>{
      {"read_data_set", "",
       StrCat("select ", kDataSetColumns, " from sync.data_set, (select clock_timestamp() as now) as clock")},
      // $1 duration, $2 margin, in seconds
      {"suspend_cache", "double precision, double precision", StrCat(kSuspendCache, kDataSetColumns)},
      {"read_head", "uuid", StrCat("select ", kHeadColumns, " from sync.heads where user_id = $1")},
      {"read_unlocked_head", "uuid",
       StrCat("select ", kHeadColumns, " from sync.heads where user_id = $1 for share skip locked")},
      {"lock_head", "uuid",
       StrCat("select ", kLockedHeadColumns, " from sync.heads where user_id = $1 for update")},
      {"make_head", "uuid", "insert into sync.heads (user_id) values ($1) on conflict do nothing"},
      // Waits for nobody: a head that is locked, or not there, is left out. What is read for several users is
      // told with its user's place among them.
      {"lock_free_heads", "uuid[]",
       StrCat("select ", kLockedHeadColumns, ", array_position($1, user_id)",
              " from sync.heads where user_id = any ($1) for update skip locked")},
      {"named_tasks", "uuid[], int[], text[]",
       OfEach("unnest($2, $3) as each (place, id)", "sync.tasks", kTaskColumns,
              "user_id = $1[each.place] and id = each.id offset 0")},
      {"ledgers", "uuid[], int[], text[]",
       OfEach("unnest($2, $3) as each (place, device_id)", "sync.devices", kLedgerColumns,
              "user_id = $1[each.place] and device_id = each.device_id offset 0")},
      // $2 after, $3 news_after, $4 limit
      {"each_changed_tasks", "uuid[], bigint[], bigint[], int[]",
       OfEach(kEachDelta, "sync.tasks", kToldColumns,
              "user_id = each.user_id and stamp > each.after and (deleted_at = 0 or deleted_at_stamp > "
              "each.news_after)"
              " order by stamp limit each.rows_max")},
      {"each_changed_conflicts", "uuid[], bigint[], bigint[], int[]",
       OfEach(kEachDelta, "sync.conflicts", kConflictColumns,
              "user_id = each.user_id and at > greatest(each.after, each.news_after)"
              " order by at fetch first (each.rows_max) rows with ties")},
      // $2 after, $3 news_after, $4 limit
      {"changed_tasks", "uuid, bigint, bigint, int",
       StrCat("select ", kToldColumns, " from sync.tasks where user_id = $1 and stamp > $2",
              " and (deleted_at = 0 or deleted_at_stamp > $3) order by stamp limit $4")},
      {"changed_conflicts", "uuid, bigint, bigint, int",
       StrCat("select ", kConflictColumns,
              " from sync.conflicts where user_id = $1 and at > greatest($2, $3)",
              // Conflicts of one stamp are never cut apart: the next page begins after it.
              " order by at fetch first ($4) rows with ties")},
      // $3 after, $4 limit. `place` orders what one change replaced.
      {"history", "uuid, text, bigint, int",
       StrCat("select ", kHistoryColumns,
              " from sync.history where user_id = $1 and task_id = $2 and at > $3"
              " order by at desc, place desc limit $4")},
      // $2 after, $3 limit
      {"all_tasks", "uuid, text, int",
       StrCat("select ", kTaskColumns,
              " from sync.tasks where user_id = $1 and id > $2 order by id limit $3")},
      // $2, $3 before, $4 after, $5 limit. What one change replaced is never cut apart.
      {"all_histories", "uuid, text, bigint, bigint, int",
       StrCat("select ", kHistoryColumns,
              " from (select * from sync.history where user_id = $1 and (task_id, at) < ($2, $3) and at > $4"
              " order by task_id desc, at desc fetch first ($5) rows with ties) as page"
              " order by task_id desc, at desc, place desc")},
      {"task_stored", "uuid, text", "select 1 from sync.tasks where user_id = $1 and id = $2"},
      // The value replaced first after $3 is the one that was stored at $3.
      {"held_values", "uuid, text[], bigint",
       "select distinct on (task_id, field) task_id, field, value from sync.history "
       "where user_id = $1 and task_id = any ($2) and at > $3 and was_stored order by task_id, field, at, "
       "place"},
      {"heard_edits", "uuid, text[], text[]",
       "select distinct task_id, field, value, updated_at, device_id from sync.history "
       "where user_id = $1 and task_id = any ($2) and device_id = any ($3)"},
      {"push", kPushParameters, PushOf("")},
      {"push_with_history", kPushParameters,
       PushOf(StrCat("history as (", WithColumns(kPushHistory, kHistoryColumns), "), "))},
      {"push_with_conflicts", kPushParameters,
       PushOf(StrCat("history as (", WithColumns(kPushHistory, kHistoryColumns), "), conflicts as (",
                     WithColumns(kPushConflicts, kConflictColumns), "), "))},
      {"note_device", "uuid, text, bigint, bigint", kNoteDevice},
      {"note_v1", "uuid, bigint", kNoteV1},
      {"devices", "uuid, bigint, int", kDevices},
      // $1 after, $2 values through, $3 devices seen before, $4 limit
      {"users_to_purge", "uuid, bigint, bigint, int",
       "select user_id, due from sync.users_to_purge($1, $2, $3, $4)"},
      {"v1_seen", "uuid", "select v1_seen from sync.heads where user_id = $1"},
      {"progress", "uuid", "select cursor, last_seen from sync.devices where user_id = $1"},
      {"purge", "uuid, bigint, bigint, bigint, int", kPurge},
      {"empty_head", "uuid, bigint", kEmptyHead},
      {"erase", "uuid, int", kErase},
  };
  return *statements;
}

}  // namespace tidemark::sync
