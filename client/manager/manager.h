// SyncManager on its ports (sync_manager.h says what it does). Threads: one drives (schedule, exchange), one
// follows the live stream, one tells what changed; none of them before Start().
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "client/domain/schedule/settings.h"
#include "client/manager/gate.h"
#include "client/manager/live_stream.h"
#include "client/manager/notifier.h"
#include "client/manager/schedule_keeper.h"
#include "client/manager/session.h"
#include "client/manager/sync_run.h"
#include "client/manager/watched_store.h"
#include "client/sync_manager.h"
#include "common/mutex/mutex.h"

namespace tidemark::client {

struct ManagerParts {
  std::unique_ptr<LocalStore> store;
  std::unique_ptr<SyncTransport> transport;
  std::unique_ptr<CredentialStore> credentials;
  // These outlive the manager.
  const Clock* clock = nullptr;
  Random* random = nullptr;
  const ScheduleSettings* settings = nullptr;
  Generation generation = Generation::kFinal;
  // Files to lock, while a sync runs and while tokens change. Empty: no other process has the store.
  std::string sync_lock_path = {};
  std::string token_lock_path = {};
};

class Manager final : public SyncManager {
 public:
  explicit Manager(ManagerParts parts);
  ~Manager() override { Stop(); }

  // How long the driver leaves a store alone after so many failures in a row: an answer that cannot be stored
  // is asked for again, and asking costs tokens.
  static absl::Duration RestAfter(int failures);

  // Brings in step what is kept in two places. Before anything else.
  absl::Status Prepare();

  absl::Status Probe() override;
  absl::Status Register(const Credentials& who) override;
  absl::Status Login(const Credentials& who) override;
  absl::StatusOr<Farewell> Logout() override;
  absl::Status ChangePassword(const std::string& current_password, const std::string& new_password) override;
  absl::StatusOr<std::vector<SessionInfo>> Sessions() override;
  absl::Status RevokeSession(const SessionId& session) override;
  absl::Status DeleteAccount(const std::string& password) override;

  absl::StatusOr<Task> Add(std::string_view content) override;
  absl::StatusOr<Task> Edit(const TaskId& id, std::string_view content) override;
  absl::StatusOr<Task> Complete(const TaskId& id, bool completed) override;
  absl::StatusOr<Task> Pin(const TaskId& id, bool pinned) override;
  absl::Status Delete(const TaskId& id) override;
  absl::StatusOr<Task> Restore(const TaskId& id) override;
  absl::Status Together(absl::FunctionRef<absl::Status(TaskEdits&)> edits) override;
  absl::StatusOr<std::vector<Task>> List() override;
  absl::StatusOr<std::vector<Task>> ListDeleted() override;
  absl::StatusOr<Task> Find(std::string_view prefix) override;
  absl::StatusOr<Task> FindDeleted(std::string_view prefix) override;

  absl::StatusOr<std::vector<Change>> Pending() override;
  absl::StatusOr<std::vector<Rejection>> Rejected() override;
  absl::Status DismissRejected(const Rejection& rejection) override;
  absl::StatusOr<std::vector<Conflict>> Conflicts() override;
  absl::Status DismissConflict(const Conflict& conflict) override;
  absl::StatusOr<Task> RestoreDiscarded(const Conflict& conflict) override;
  absl::Status AgreeToMassChange() override;
  absl::Status RefuseMassChange() override;

  absl::StatusOr<std::vector<HistoryEntry>> History(const TaskId& id) override;
  absl::StatusOr<std::vector<DeviceStatus>> Devices() override;
  absl::StatusOr<Usage> GetUsage() override;

  absl::StatusOr<RunEnd> SyncNow(absl::Duration patience) override;
  absl::StatusOr<RunEnd> SyncIfDue(absl::Duration patience) override;
  void Start(SyncCallbacks callbacks) override;
  void Stop() override;
  void SetForeground(bool foreground) override;
  void NetworkIsBack() override;
  absl::StatusOr<SyncStatus> Status() override;

  absl::StatusOr<std::string> Export() override;
  absl::StatusOr<int> Import(std::string_view text) override;

 private:
  // A call that Stop() ends and waits for.
  class Work {
   public:
    explicit Work(Manager& manager);
    ~Work();
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    Cancellation& cancellation() { return *cancellation_; }

   private:
    Manager& manager_;
    std::shared_ptr<Cancellation> cancellation_;
  };

  // manager.cc
  absl::Status BringInStep(const std::optional<SavedSession>& saved);
  void Wake();
  void WakeDriver();
  void Look();
  absl::Status Tell(const Event& event);
  Event AppStarted() const;
  LiveStream::Hooks StreamHooks();

  // manager_account.cc
  absl::Status Enter(absl::StatusOr<Tokens> tokens, const std::string& email, Work& work);
  // Empty: the device has no name yet.
  absl::StatusOr<DeviceId> DeviceOf();
  // Asks with an access token, and once more with a new one where it was refused.
  absl::Status Authorized(absl::FunctionRef<absl::Status(const Call&)> ask);
  template <typename T>
  absl::StatusOr<T> Asked(absl::FunctionRef<absl::StatusOr<T>(const Call&)> ask) {
    absl::StatusOr<T> answer;
    const absl::Status status = Authorized([&](const Call& call) {
      answer = ask(call);
      return answer.status();
    });
    if (!status.ok()) return status;
    return answer;
  }
  // For a run the schedule has to know why there is no token, so that it says when to try again.
  enum class For { kRun, kOther };
  absl::StatusOr<Renewed> Token(For purpose, Cancellation& cancellation);
  absl::StatusOr<Renewed> Renew(For purpose, const std::string& refused, Cancellation& cancellation);
  absl::StatusOr<Renewed> TellRenewal(For purpose, absl::StatusOr<Renewed> renewed);

  // manager_tasks.cc
  absl::StatusOr<Task> EditOne(absl::FunctionRef<absl::StatusOr<Task>(TaskEdits&)> edit);
  void Edited(const std::set<TaskId>& tasks);

  // manager_sync.cc
  using Deadline = CondVar::Deadline;
  void Drive(Cancellation& cancellation);
  // kElsewhere: another process is at it.
  enum class Served { kAll, kElsewhere, kFailed };
  Served Serve(Cancellation& cancellation, bool& may_have_died);
  bool IsDue() const;
  void Await();
  void Rest(absl::Duration rest, Cancellation& cancellation);
  // With the gate passed.
  absl::StatusOr<RunEnd> RunDue(Deadline until, absl::Duration horizon, Cancellation& cancellation);
  absl::StatusOr<RunEnd> RunOne(Trigger trigger, Deadline until, Cancellation& cancellation);
  absl::StatusOr<RunReport> Exchanged(Trigger trigger, Deadline until, const std::string& token,
                                      Cancellation& cancellation);
  // False: another has renewed it, or logged out.
  bool IsSaved(const std::string& token);
  absl::Status RenewDue(Cancellation& cancellation);
  absl::Status WaitsError() const;

  const std::unique_ptr<LocalStore> stored_;
  const std::unique_ptr<SyncTransport> transport_;
  const std::unique_ptr<CredentialStore> credentials_;
  const Clock& clock_;
  Random& random_;
  const ScheduleSettings& settings_;
  const Generation generation_;

  WatchedStore store_;
  Gate sync_gate_;
  Gate token_gate_;
  ScheduleKeeper schedule_;
  Session session_;
  std::atomic<bool> foreground_ = false;
  std::atomic<bool> live_ = false;
  std::atomic<bool> syncing_ = false;
  // Of the notifier's thread: the clock at the last look.
  UnixMillis looked_at_;

  Mutex mutex_;
  CondVar changed_;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  int working_ ABSL_GUARDED_BY(mutex_) = 0;
  // Of all that runs now; a new one after each Stop().
  std::shared_ptr<Cancellation> cancellation_ ABSL_GUARDED_BY(mutex_);
  // The access token that the last run was refused with.
  std::string refused_token_ ABSL_GUARDED_BY(mutex_);

  // Last, so that they end first.
  Notifier notifier_;
  LiveStream stream_;
  std::thread driver_;
};

}  // namespace tidemark::client
