// Where tasks are kept: the port. Held by store_contract.h to one behaviour, in memory and in PostgreSQL.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/async/task.h"
#include "services/sync/domain/pull.h"
#include "services/sync/domain/purge.h"
#include "services/sync/domain/push.h"
#include "services/sync/domain/types.h"

namespace tidemark::sync {

// A device that asks, and the cursor by which it confirms what it has (SPEC 3.6).
struct Sighting {
  UnixMillis at;
  // Empty: the request named none.
  DeviceId device;
  Stamp cursor;
};

// Which rows a pull wants.
struct DeltaQuery {
  // Rows with a stamp above it, by rising stamp.
  Stamp after;
  // Tombstones and conflicts only above it. Nothing: none at all.
  std::optional<Stamp> news_after;
  // At most this many tasks, and this many conflicts and those of the same stamp. 0: none are read.
  int rows_max = 0;
  // Set: who asks, noted after the rows were read, as by NoteDevice. Where that fails it is not noted. A push
  // notes it with what it writes, and its other `devices` as seen.
  std::optional<Sighting> seen = std::nullopt;
};

// What is true of all users' data.
struct DataSetState {
  Epoch epoch;
  // Cached heads of another generation are void.
  int64_t generation = 0;
  // Since it was raised to this one.
  absl::Duration generation_age;
  // Nobody uses cached heads for so long.
  absl::Duration suspended_for;
};

// What one snapshot showed.
struct Snapshot {
  Head head;
  Delta delta;
};

// Which rows a push wants, read under the lock of the head.
struct PushQuery {
  std::vector<TaskId> tasks;
  std::vector<DeviceId> devices;
  // Set: also what the fields of `tasks` held at this cursor.
  std::optional<Stamp> held_at;
  // Also the edits of `tasks` by these that the history tells of.
  std::vector<DeviceId> heard_of;
  DeltaQuery delta;
};

struct PushLoad {
  PushState state;
  // Read last, with the head locked.
  DataSetState data_set;
  // The user was erased a short while ago: there is nothing, and nothing is to be written.
  bool erased = false;
  // As it was before the push.
  Delta delta;
};

// What a push decides: the result is written and committed; nothing: all is rolled back.
using Decide = std::function<std::optional<PushResult>(const PushLoad&)>;

struct Pushed {
  PushLoad load;
  // What was committed; nothing if `decide` so decided.
  std::optional<PushResult> result;
};

struct HeadToKeep {
  Head head;
  // False: a push is under way that may already have decided, so `head` is not to be cached.
  bool may_be_kept = false;
};

// Which part of a task's history is wanted.
struct HistoryQuery {
  TaskId task;
  // Entries above it.
  Stamp after;
  // At most this many, the newest.
  int entries_max = 0;
};

struct History {
  // The task is stored, dead or alive.
  bool task_stored = false;
  // Newest first.
  std::vector<HistoryEntry> entries;
};

struct DevicesQuery {
  // Those seen since, the latest first.
  UnixMillis seen_since;
  int devices_max = 0;
};

// What a purge may remove, from what is true under the lock of the head.
using DecidePurge = std::function<PurgePlan(const PurgeState&)>;

// How many rows a purge removed.
struct PurgedRows {
  int64_t tombstones = 0;
  int64_t history = 0;
  int64_t conflicts = 0;
  int64_t devices = 0;
  bool operator==(const PurgedRows&) const = default;
};

struct UsersQuery {
  // By rising id, after it.
  UserId after;
  // Of these a purge may remove something: history or conflicts up to here, devices last seen before. Any
  // tombstone may be due.
  PurgePlan plan;
  // At most this many are looked at.
  int users_max = 0;
};

struct UsersToPurge {
  std::vector<UserId> users;
  // Look on after it; nothing: these are all.
  std::optional<UserId> next_after;
};

// Which of all tasks an export wants next.
struct TasksQuery {
  // Ids above it, rising.
  TaskId after;
  int rows_max = 0;
};

struct HistoryPlace {
  TaskId task;
  Stamp at;
};

// Which of all tasks' histories an export wants next: by falling task id, and of a task the newest first.
struct HistoriesQuery {
  // Beyond that place. Nothing: from the beginning.
  std::optional<HistoryPlace> before;
  // Entries with a stamp above it.
  Stamp after;
  // At most this many, and those of the same place.
  int rows_max = 0;
};

// Thread-safe. UNAVAILABLE: the store cannot be reached.
class Store {
 public:
  virtual ~Store() = default;

  virtual Task<absl::StatusOr<DataSetState>> ReadDataSet() = 0;

  // Suspends the cache for `duration` from now, and raises the generation; not while an earlier suspension
  // has more than `margin` to go, for then nobody has used the cache since. Returns what is true now.
  virtual Task<absl::StatusOr<DataSetState>> SuspendCache(absl::Duration duration, absl::Duration margin) = 0;

  // A user never heard of has an empty head.
  virtual Task<absl::StatusOr<Head>> ReadHead(UserId user) = 0;

  // The same, for a cache. Waits for nobody.
  virtual Task<absl::StatusOr<HeadToKeep>> ReadHeadToKeep(UserId user) = 0;

  // The store is known not to answer at all; false where it is merely busy. Does not block.
  virtual bool IsAway() const = 0;

  virtual Task<absl::StatusOr<History>> ReadHistory(UserId user, HistoryQuery query) = 0;

  // Deleted ones too.
  virtual Task<absl::StatusOr<std::vector<TaskRow>>> ReadTasks(UserId user, TasksQuery query) = 0;

  // Also of tasks that are not stored any more.
  virtual Task<absl::StatusOr<std::vector<HistoryEntry>>> ReadHistories(UserId user,
                                                                        HistoriesQuery query) = 0;

  // Head and rows in one snapshot.
  virtual Task<absl::StatusOr<Snapshot>> Pull(UserId user, DeltaQuery query) = 0;

  // Locks the head, loads, lets `decide` decide, writes, commits: all or nothing. Pushes of one user follow
  // each other; those of two users do not wait for each other. `decide` runs once, or again after nothing was
  // stored; it must depend on its argument alone. UNAVAILABLE may mean that the commit was under way: the
  // outcome is then unknown.
  virtual Task<absl::StatusOr<Pushed>> Push(UserId user, PushQuery query, Decide decide) = 0;

  // Keeps what a device has confirmed, in place of what it confirmed before. A cursor beyond the head
  // confirms nothing, and is not kept.
  virtual Task<absl::Status> NoteDevice(UserId user, Sighting seen) = 0;

  // The user has a V1 client. Written at most once a day.
  virtual Task<absl::Status> NoteV1(UserId user, UnixMillis at) = 0;

  virtual Task<absl::StatusOr<std::vector<DeviceStatus>>> ReadDevices(UserId user, DevicesQuery query) = 0;

  virtual Task<absl::StatusOr<UsersToPurge>> ReadUsersToPurge(UsersQuery query) = 0;

  // Locks the head, lets `decide` decide, removes at most `rows_max` rows of each kind, the oldest tombstones
  // first, and raises purged_through to the stamp of the newest one removed: all or nothing. Called again it
  // goes on; two at once follow each other.
  virtual Task<absl::StatusOr<PurgedRows>> Purge(UserId user, DecidePurge decide, int rows_max) = 0;

  // Waits for a push under way, removes at most `rows_max` rows of each kind, and empties the head; from then
  // on pushes see `erased`, and no device is noted, until a purge removes what was not seen since `at`. True:
  // there may be more rows.
  virtual Task<absl::StatusOr<bool>> Erase(UserId user, UnixMillis at, int rows_max) = 0;
};

}  // namespace tidemark::sync
