// Keeps a person's tasks on this device in step with the service. This header is the manual of the library.
//
//   SyncOptions options;
//   options.address = "127.0.0.1:50051";
//   options.auth_address = "127.0.0.1:50052";
//   options.store_path = folder + "/tasks.db";
//   absl::StatusOr<std::unique_ptr<SyncManager>> manager = SyncManager::Open(std::move(options));
//   if (!manager.ok()) …
//   (*manager)->Login({.email = "ada@example.org", .password = password});
//   (*manager)->Start({.on_tasks = redraw});      // syncs by itself from now on
//   (*manager)->Add("milk");                      // stored at once, sent soon
//   for (const Task& task : *(*manager)->List()) …
//
// A program that ends after one thing needs no Start():
//
//   (*manager)->Add("milk");
//   (*manager)->SyncIfDue(absl::Seconds(2));      // whatever it says: "milk" is stored
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

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/credentials/credential_store.h"
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
  // The sync service: "host:port", or "https://host:port".
  std::string address;
  // The auth service. Empty: at the same address.
  std::string auth_address = {};
  // PEM of who may vouch for a server that speaks TLS. Empty: the machine's.
  std::string ca_file = {};
  // The SQLite file. It and its folder are made if they are not there. Beside it are kept the tokens and what
  // makes one process wait for another. Empty, with a `store` given: these are kept in memory.
  std::string store_path = {};
  Generation generation = Generation::kFinal;
  // Null: the machine's. Otherwise they outlive the manager.
  const Clock* clock = nullptr;
  Random* random = nullptr;
  // Null: SQLite at store_path, gRPC, a file beside the store.
  std::unique_ptr<LocalStore> store = nullptr;
  std::unique_ptr<SyncTransport> transport = nullptr;
  std::unique_ptr<CredentialStore> credentials = nullptr;
};

// How this device stands, for a person to see.
struct SyncStatus {
  enum class State { kOnline, kDegraded, kOffline, kSignInNeeded };
  State state = State::kOnline;
  UnixMillis since = {};
  // What to tell the person; empty: nothing.
  std::string message = {};
  // Who is logged in, or was last. Empty: nobody ever was.
  std::string email = {};
  // What the service calls this device. Empty: it has not synced yet.
  DeviceId device = {};
  // Edits that the server has not answered, and when the oldest was made.
  int64_t pending = 0;
  std::optional<UnixMillis> oldest_pending = {};
  // It has been waiting for more than a day: the person is to be told.
  bool overdue = false;
  int64_t rejected = 0;
  int64_t conflicts = 0;
  // Set: AgreeToMassChange or RefuseMassChange is asked for.
  std::optional<HeldAnswer> held = {};
  // 0: never.
  UnixMillis synced_at = {};
  // When the next sync is due, if a program is there to do it. Nothing: not before something happens.
  std::optional<UnixMillis> next_due = {};
  // A live stream is open: edits elsewhere come at once.
  bool live = false;
  // This manager is at it.
  bool syncing = false;

  bool operator==(const SyncStatus&) const = default;
};

// Which tasks may look otherwise than before. Empty: any.
using ChangedTasks = std::vector<TaskId>;

struct SyncCallbacks {
  // Tasks changed: by this manager, by a sync, or by another process. List() says how they are now.
  std::function<void(const ChangedTasks&)> on_tasks = nullptr;
  // Something of the status changed, also that there are conflicts, rejected edits, or a held answer.
  std::function<void(const SyncStatus&)> on_status = nullptr;
  // A sync ended.
  std::function<void(const RunEnd&)> on_synced = nullptr;
};

// What a task has in `field`, to be compared with the values of a conflict.
FieldValue ValueOf(const Task& task, Field field);
// Of two values of one field. Any two times of a deletion say the same.
bool IsSame(const FieldValue& a, const FieldValue& b);

// What a person does to tasks. Each is stored on the device at once.
class TaskEdits {
 public:
  virtual ~TaskEdits() = default;

  // Errors as of local_tasks.h.
  virtual absl::StatusOr<Task> Add(std::string_view content) = 0;
  virtual absl::StatusOr<Task> Edit(const TaskId& id, std::string_view content) = 0;
  virtual absl::StatusOr<Task> Complete(const TaskId& id, bool completed) = 0;
  virtual absl::StatusOr<Task> Pin(const TaskId& id, bool pinned) = 0;
  virtual absl::Status Delete(const TaskId& id) = 0;
  virtual absl::StatusOr<Task> Restore(const TaskId& id) = 0;

  virtual absl::Status DismissRejected(const Rejection& rejection) = 0;
  virtual absl::Status DismissConflict(const Conflict& conflict) = 0;
  // Takes up the discarded value by an edit, and dismisses the conflict.
  virtual absl::StatusOr<Task> RestoreDiscarded(const Conflict& conflict) = 0;
};

// How a logout went.
struct Farewell {
  // False: nobody was.
  bool was_logged_in = false;
  // Not OK: the service could not be told. The session ends there by itself when it is not used for long.
  absl::Status told = absl::OkStatus();
};

// Thread-safe. Callbacks run on a thread of the manager, one at a time, with no lock held; they may call
// anything but Start(), Stop() and the destructor.
//
// Errors that any method may return: kUnavailable and kDataLoss as LocalStore says; those that ask the
// service also what it answered (a code of common/status/error.h), kUnavailable without a code if nobody did
// (kUnimplemented, if something else is at the address), whose message says why,
// kUnauthenticated if the person has to log in, and kCancelled after Stop().
class SyncManager : public TaskEdits {
 public:
  // kInvalidArgument: an address or a path that cannot be. kNotFound: no such ca_file.
  static absl::StatusOr<std::unique_ptr<SyncManager>> Open(SyncOptions options);
  // As Stop().
  ~SyncManager() override = default;

  // ---- Who. These ask the service.

  // Whether the sync service is at its address; before an account is made and the address is remembered.
  // kUnimplemented: something else answers there.
  virtual absl::Status Probe() = 0;
  // kEmailTaken, kWeakPassword, kInvalidEmail, kRateLimited.
  virtual absl::Status Register(const Credentials& who) = 0;
  // kBadCredentials, kRateLimited. kFailedPrecondition: the store belongs to another person.
  virtual absl::Status Login(const Credentials& who) = 0;
  // Tasks and pending edits stay. Works without a network as well.
  virtual absl::StatusOr<Farewell> Logout() = 0;
  // Ends the person's other sessions. kBadCredentials, kWeakPassword.
  virtual absl::Status ChangePassword(const std::string& current_password,
                                      const std::string& new_password) = 0;
  virtual absl::StatusOr<std::vector<SessionInfo>> Sessions() = 0;
  // kNotFound.
  virtual absl::Status RevokeSession(const SessionId& session) = 0;
  // All that the service keeps for the person. What is on this device stays. kBadCredentials.
  virtual absl::Status DeleteAccount(const std::string& password) = 0;

  // ---- Tasks: on the device, at once

  // Of TaskEdits, several in one transaction: all of it or, if `edits` says an error, nothing. Quick, however
  // many there are. `edits` asks nothing of the manager meanwhile.
  virtual absl::Status Together(absl::FunctionRef<absl::Status(TaskEdits&)> edits) = 0;

  virtual absl::StatusOr<std::vector<Task>> List() = 0;
  virtual absl::StatusOr<std::vector<Task>> ListDeleted() = 0;
  // By the whole id, or by a beginning that no other has.
  virtual absl::StatusOr<Task> Find(std::string_view prefix) = 0;
  virtual absl::StatusOr<Task> FindDeleted(std::string_view prefix) = 0;

  // ---- What went otherwise than the person meant

  // Of each task that waits, the fields that do.
  virtual absl::StatusOr<std::vector<Change>> Pending() = 0;
  virtual absl::StatusOr<std::vector<Rejection>> Rejected() = 0;
  // Without those whose discarded value is the task's again, on whichever device it was taken up.
  virtual absl::StatusOr<std::vector<Conflict>> Conflicts() = 0;

  // kNotFound: no answer is held.
  virtual absl::Status AgreeToMassChange() = 0;
  virtual absl::Status RefuseMassChange() = 0;

  // ---- What only the service knows

  // kNotFound: a task without a history.
  virtual absl::StatusOr<std::vector<HistoryEntry>> History(const TaskId& id) = 0;
  virtual absl::StatusOr<std::vector<DeviceStatus>> Devices() = 0;
  virtual absl::StatusOr<Usage> GetUsage() = 0;

  // ---- Syncing

  // The person asks: syncs on the calling thread, and waits while another thread or process does.
  // OK: all is sent; RunEnd says whether all was pulled. Otherwise what is pending stays pending, and
  // the error says why: kDeadlineExceeded (`patience` is over), kRateLimited with retry_after (asking now
  // would be in vain), and what the service said.
  virtual absl::StatusOr<RunEnd> SyncNow(absl::Duration patience) = 0;
  // For a program that ends: does what is due, or would be once edits had rested for a few seconds, which is
  // what a program that stays waits for. Nothing is due: OK, and no request is made. kRateLimited with
  // retry_after: edits wait because of the state of the connection or to spare tokens, and no request was
  // made.
  virtual absl::StatusOr<RunEnd> SyncIfDue(absl::Duration patience) = 0;

  // Syncs by itself, on threads of its own, until Stop().
  virtual void Start(SyncCallbacks callbacks) = 0;
  // Returns when nothing of the manager runs any more; a request under way is given up, also another
  // thread's, which then returns kCancelled. Start() may follow.
  virtual void Stop() = 0;
  // Whether the person is looking: then edits elsewhere are followed live, and timers are shorter. At first:
  // no.
  virtual void SetForeground(bool foreground) = 0;
  // A hint that the network is back.
  virtual void NetworkIsBack() = 0;
  virtual absl::StatusOr<SyncStatus> Status() = 0;

  // ---- Moving house

  // All visible tasks as JSON, one a line.
  virtual absl::StatusOr<std::string> Export() = 0;
  // Adds the tasks of such a text, or of what `GET /export` answers, that are not here (by id); says how
  // many. kValidation: the text is neither; nothing is added.
  virtual absl::StatusOr<int> Import(std::string_view text) = 0;
};

}  // namespace tidemark::client
