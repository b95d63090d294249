// The port behind which a device keeps what it knows. Adapters: memory, SQLite.
//
//   absl::Status stored = store.Write([&](Transaction& tx) {
//     TaskState task = tx.Get(id);
//     EditTask(task, {.completed = true}, now);
//     tx.Put(task);
//     return absl::OkStatus();
//   });
//
// Nothing is kept in memory between transactions, so several processes may share a store: each operation
// reads what it touches, decides, and writes it, in one transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/domain/protocol.h"
#include "client/domain/replica.h"
#include "client/domain/task_state.h"

namespace tidemark::client {

// A change that the server refused for good: the only copy of what the person did.
struct Rejection {
  Change change = {};
  std::string code = {};
  std::string detail = {};
  UnixMillis at = {};
  bool operator==(const Rejection&) const = default;
};

// Conflicts are kept until there are more than this; the oldest go. The server's history has them all for 90
// days.
inline constexpr int kConflictsKeptMax = 200;

// One transaction, for the time of a call. Not thread-safe.
//
// A failure of the store is remembered: whatever is read after it is empty, and the transaction ends with
// that failure and without effect.
class Transaction {
 public:
  virtual ~Transaction() = default;

  // ---- Scalars
  virtual Replica GetReplica() = 0;
  virtual void PutReplica(const Replica& replica) = 0;
  // Values of whoever drives the client (schedule, state machine, session), each under a name of its own.
  // Empty: none.
  virtual std::string GetNote(std::string_view name) = 0;
  virtual void PutNote(std::string_view name, std::string_view value) = 0;

  // ---- Tasks
  // A state that is empty() but for its id: nothing is known.
  virtual TaskState Get(const TaskId& id) = 0;
  // An empty state is removed.
  virtual void Put(const TaskState& task) = 0;
  // All, dead ones included, by id, after `after`.
  virtual std::vector<TaskState> List(const TaskId& after, int limit) = 0;
  // Ids that begin with `prefix`, at most `limit`.
  virtual std::vector<TaskId> FindByPrefix(std::string_view prefix, int limit) = 0;
  // Living rows that no whole state named since `whole_state`.
  virtual std::vector<TaskId> ListUnnamed(int64_t whole_state) = 0;
  virtual std::vector<TaskId> ListDoomed() = 0;
  // Rows, with nothing pending, of tasks that were deleted before `before`.
  virtual std::vector<TaskId> ListDeadBefore(UnixMillis before, int limit) = 0;

  // ---- The queue
  virtual int64_t CountPending() = 0;
  // When the oldest pending edit was made.
  virtual std::optional<UnixMillis> OldestPending() = 0;
  // With a frozen change, by its number.
  virtual std::vector<TaskState> ListSent() = 0;
  // With something pending and no frozen change, the oldest first.
  virtual std::vector<TaskState> ListEdited(int limit) = 0;
  // Both.
  virtual std::vector<TaskId> ListPending() = 0;

  // ---- Rows of a restored server, kept apart until all have come
  virtual void PutAside(const Row& row) = 0;
  virtual std::optional<Row> GetAside(const TaskId& id) = 0;
  virtual void RemoveAside(const TaskId& id) = 0;
  virtual std::vector<TaskId> ListAside() = 0;
  virtual void ClearAside() = 0;

  // ---- What the person is to be told
  // False: it is known by (at, field), dismissed or not.
  virtual bool AddConflict(const Conflict& conflict) = 0;
  // Those not dismissed, the oldest first.
  virtual std::vector<Conflict> ListConflicts() = 0;
  virtual void DismissConflict(Stamp at, Field field) = 0;
  virtual void AddRejection(const Rejection& rejection) = 0;
  // The oldest first.
  virtual std::vector<Rejection> ListRejections() = 0;
  virtual void DismissRejection(const DeviceId& device, MutationId number) = 0;
};

// Thread-safe.
class LocalStore {
 public:
  using Body = absl::FunctionRef<absl::Status(Transaction&)>;

  virtual ~LocalStore() = default;

  // Runs `body` once, in a transaction of its own. An error of `body` or of the store: nothing of it is
  // stored. OK: it is stored, and outlives a crash of the process at once. kUnavailable: another process
  // holds the store for long; try again. kResourceExhausted: the disk is full. kPermissionDenied: it is for
  // reading alone. kDataLoss: it is broken.
  virtual absl::Status Write(Body body) = 0;
  // The same of one state, for reading alone.
  virtual absl::Status Read(Body body) = 0;
  // Another number after each Write that may have changed something, by any process.
  virtual absl::StatusOr<int64_t> Revision() = 0;
};

}  // namespace tidemark::client
