// A small honest service in memory, for tests of what asks it: one user, no conflicts (the last push wins),
// and faults on demand.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "client/transport/sync_transport.h"
#include "common/mutex/mutex.h"

namespace tidemark::client {

// Thread-safe. Outlives its transports.
class FakeService {
 public:
  // ---- What a test does

  // Every later call fails so; OK: no more.
  void FailWith(absl::Status error);
  // Syncs alone fail so.
  void FailSyncsWith(absl::Status error);
  // Syncs are done, and their answers are lost.
  void LoseAnswers(bool lose);
  // So many refreshes are done, and their answers are lost.
  void LoseRefreshes(int count);
  // Later syncs wait until they are cancelled, or until this is called with false.
  void HoldSyncs(bool hold);
  // The same of refreshes.
  void HoldRefreshes(bool hold);
  // The access tokens that were given are refused with expired_token.
  void ExpireTokens();
  // No refresh token is good any more.
  void RevokeSessions();
  // Another device made a task.
  void PutElsewhere(const TaskId& id, const std::string& content);

  std::map<TaskId, std::string> Contents();
  int syncs();
  int checks();
  int refreshes();
  int streams();
  // Accounts that were made.
  int registered();
  // Changes that were applied, and those that came a second time.
  int applied();
  int repeated();
  // A call is held.
  bool is_holding();

 private:
  friend class FakeTransport;

  absl::Status Admit(const Call& call) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Tokens NewTokens() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string Etag() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Apply(const Change& change, Page& page) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status AwaitRelease(const Call& call, const bool& hold) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Mutex mutex_;
  CondVar changed_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  absl::Status sync_failure_ ABSL_GUARDED_BY(mutex_);
  bool lose_ ABSL_GUARDED_BY(mutex_) = false;
  int refreshes_to_lose_ ABSL_GUARDED_BY(mutex_) = 0;
  bool hold_ ABSL_GUARDED_BY(mutex_) = false;
  bool hold_refreshes_ ABSL_GUARDED_BY(mutex_) = false;
  int holding_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<TaskId, Update> tasks_ ABSL_GUARDED_BY(mutex_);
  std::map<TaskId, Stamp> changed_at_ ABSL_GUARDED_BY(mutex_);
  std::map<DeviceId, MutationId> highest_ ABSL_GUARDED_BY(mutex_);
  int64_t high_water_ ABSL_GUARDED_BY(mutex_) = 0;
  int tokens_given_ ABSL_GUARDED_BY(mutex_) = 0;
  int first_good_token_ ABSL_GUARDED_BY(mutex_) = 1;
  bool revoked_ ABSL_GUARDED_BY(mutex_) = false;
  int syncs_ ABSL_GUARDED_BY(mutex_) = 0;
  int checks_ ABSL_GUARDED_BY(mutex_) = 0;
  int refreshes_ ABSL_GUARDED_BY(mutex_) = 0;
  int streams_ ABSL_GUARDED_BY(mutex_) = 0;
  int registered_ ABSL_GUARDED_BY(mutex_) = 0;
  int applied_ ABSL_GUARDED_BY(mutex_) = 0;
  int repeated_ ABSL_GUARDED_BY(mutex_) = 0;
};

// One device's way to it.
class FakeTransport final : public SyncTransport {
 public:
  explicit FakeTransport(FakeService& service) : service_(service) {}

  Reply<CheckAnswer> Check(const Call& call, const CheckAsk& ask) override;
  Reply<Page> Sync(const Call& call, const SyncAsk& ask) override;
  Reply<V1Page> SyncV1(const Call& call, const V1Ask& ask) override;
  absl::Status Watch(const Call& call, absl::FunctionRef<void(const std::string& etag)> on_head) override;
  absl::StatusOr<std::vector<HistoryEntry>> History(const Call& call, const TaskId& id) override;
  absl::StatusOr<std::vector<DeviceStatus>> Devices(const Call& call) override;
  absl::StatusOr<Usage> GetUsage(const Call& call) override;
  absl::StatusOr<Tokens> Register(const Call& call, const Credentials& who, const DeviceId& device) override;
  absl::StatusOr<Tokens> Login(const Call& call, const Credentials& who, const DeviceId& device) override;
  absl::StatusOr<Tokens> Refresh(const Call& call, const std::string& refresh_token) override;
  absl::Status Logout(const Call& call, const std::string& refresh_token) override;
  absl::Status ChangePassword(const Call& call, const std::string& current_password,
                              const std::string& new_password) override;
  absl::StatusOr<std::vector<SessionInfo>> Sessions(const Call& call) override;
  absl::Status RevokeSession(const Call& call, const SessionId& session) override;
  absl::Status DeleteAccount(const Call& call, const std::string& password) override;

 private:
  FakeService& service_;
};

}  // namespace tidemark::client
