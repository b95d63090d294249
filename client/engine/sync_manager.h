// Keeps a person's tasks on this device in step with the service. This header is the manual of the library.
//
//   auto manager = SyncManager::Open({.address = "127.0.0.1:50051", .auth_address = "127.0.0.1:50052",
//                                     .store_path = "tidemark/tasks.db"});
//   if (!manager.ok()) …
//   (*manager)->Login({.email = "ada@example.org", .password = password});
//   (*manager)->Start();                          // syncs by itself from now on
//   (*manager)->Add("milk");                      // stored at once, sent soon
//   absl::StatusOr<std::vector<Task>> tasks = (*manager)->List();
//
// Everything a person does is stored on the device first and never waits for the network. Several processes
// may open the same store: they see each other's edits, and one of them syncs at a time.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/domain/protocol.h"
#include "client/domain/replica.h"
#include "client/domain/self_check.h"
#include "client/domain/view.h"
#include "client/engine/exchange.h"
#include "client/engine/local_tasks.h"
#include "client/store/local_store.h"
#include "client/transport/sync_transport.h"
#include "common/clock/clock.h"
#include "common/random/random.h"

namespace tidemark::client {

struct SyncOptions {
  // "host:port" of the sync service and of the auth service.
  std::string address;
  std::string auth_address;
  // The SQLite file. It and its folder are made if they are not there.
  std::string store_path;
  Generation generation = Generation::kFinal;
  // Null: the machine's. Otherwise they outlive the manager.
  const Clock* clock = nullptr;
  Random* random = nullptr;
  // Null: SQLite at store_path, and gRPC.
  std::unique_ptr<LocalStore> store = nullptr;
  std::unique_ptr<SyncTransport> transport = nullptr;
};

// How this device stands, for a person to see.
struct SyncStatus {
  enum class State { kOnline, kDegraded, kOffline, kSignInNeeded };
  State state = State::kOnline;
  UnixMillis since;
  // What to tell the person; empty: nothing.
  std::string message;
  // Edits that the server has not answered, and how old the oldest is.
  int64_t pending = 0;
  std::optional<absl::Duration> oldest_pending;
  int64_t rejected = 0;
  int64_t conflicts = 0;
  // Set: AgreeToMassChange or RefuseMassChange is asked for.
  std::optional<HeldAnswer> held;
  // 0: never.
  UnixMillis synced_at;
  // Nothing: not running, or there is nothing to wait for.
  std::optional<UnixMillis> next_due;
  bool syncing = false;
};

struct SyncCallbacks {
  // Tasks changed, by a sync or by another process. List() says how they are now.
  std::function<void()> on_tasks = nullptr;
  std::function<void(const SyncStatus&)> on_status = nullptr;
  // A sync ended.
  std::function<void(const RunEnd&)> on_synced = nullptr;
};

// Thread-safe. Callbacks run on a thread of the manager, one at a time, with no lock held; they may call
// anything but Stop() and the destructor.
class SyncManager {
 public:
  // kUnavailable, kDataLoss: the store's.
  static absl::StatusOr<std::unique_ptr<SyncManager>> Open(SyncOptions options);
  // As Stop().
  virtual ~SyncManager() = default;

  // ---- Who

  // The session is kept in the store. kBadCredentials, kEmailTaken, kWeakPassword, kInvalidEmail,
  // kRateLimited.
  virtual absl::Status Register(const Credentials& who) = 0;
  // kFailedPrecondition: the store belongs to another person.
  virtual absl::Status Login(const Credentials& who) = 0;
  // Tasks and pending edits stay.
  virtual absl::Status Logout() = 0;

  // ---- Tasks: on the device, at once

  // Errors as of local_tasks.h.
  virtual absl::StatusOr<Task> Add(std::string_view content) = 0;
  virtual absl::StatusOr<Task> Edit(const TaskId& id, std::string_view content) = 0;
  virtual absl::StatusOr<Task> Complete(const TaskId& id, bool completed) = 0;
  virtual absl::StatusOr<Task> Pin(const TaskId& id, bool pinned) = 0;
  virtual absl::Status Delete(const TaskId& id) = 0;
  virtual absl::StatusOr<Task> Restore(const TaskId& id) = 0;

  virtual absl::StatusOr<std::vector<Task>> List() = 0;
  virtual absl::StatusOr<std::vector<Task>> ListDeleted() = 0;
  // By the whole id, or by a beginning that no other has.
  virtual absl::StatusOr<Task> Find(std::string_view prefix) = 0;

  // ---- What went otherwise than the person meant

  virtual absl::StatusOr<std::vector<Change>> Pending() = 0;
  virtual absl::StatusOr<std::vector<Rejection>> Rejected() = 0;
  virtual absl::Status DismissRejected(const Rejection& rejection) = 0;
  virtual absl::StatusOr<std::vector<Conflict>> Conflicts() = 0;
  virtual absl::Status DismissConflict(const Conflict& conflict) = 0;
  // Takes up the discarded value by an edit, and dismisses the conflict.
  virtual absl::StatusOr<Task> RestoreDiscarded(const Conflict& conflict) = 0;
  // Asks the service.
  virtual absl::StatusOr<std::vector<HistoryEntry>> History(const TaskId& id) = 0;
  virtual absl::StatusOr<std::vector<DeviceStatus>> Devices() = 0;

  // kNotFound: no answer is held.
  virtual absl::Status AgreeToMassChange() = 0;
  virtual absl::Status RefuseMassChange() = 0;

  // ---- Syncing

  // Syncs now, on the calling thread; waits while another thread or process does.
  virtual absl::StatusOr<RunEnd> SyncNow() = 0;
  // Syncs by itself, on a thread of its own, until Stop(). `callbacks` may be empty.
  virtual void Start(SyncCallbacks callbacks) = 0;
  // Returns when nothing of the manager runs any more; a request under way is given up. Start() may follow.
  virtual void Stop() = 0;
  // Whether the person is looking: timers differ.
  virtual void SetForeground(bool foreground) = 0;
  // A hint that the network is back.
  virtual void NetworkIsBack() = 0;
  virtual absl::StatusOr<SyncStatus> Status() = 0;

  // ---- Moving house

  // All visible tasks as JSON, one a line.
  virtual absl::StatusOr<std::string> Export() = 0;
  // Adds the tasks of such a text that are not here; says how many.
  virtual absl::StatusOr<int> Import(std::string_view text) = 0;
};

}  // namespace tidemark::client
