// The Store in memory, for tests and simulations; held to PostgreSQL's behaviour by store_contract.h.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "common/mutex/mutex.h"
#include "services/sync/storage/store.h"

namespace tidemark::sync {

class MemoryStore : public Store {
 public:
  // `clock` outlives the store.
  MemoryStore(Epoch epoch, const Clock& clock) : epoch_(std::move(epoch)), clock_(clock) {}

  Task<absl::StatusOr<DataSetState>> ReadDataSet() override;
  Task<absl::StatusOr<DataSetState>> SuspendCache(absl::Duration duration, absl::Duration margin) override;
  Task<absl::StatusOr<Head>> ReadHead(UserId user) override;
  Task<absl::StatusOr<HeadToKeep>> ReadHeadToKeep(UserId user) override;
  bool IsAway() const override { return false; }
  Task<absl::StatusOr<History>> ReadHistory(UserId user, HistoryQuery query) override;
  Task<absl::StatusOr<std::vector<TaskRow>>> ReadTasks(UserId user, TasksQuery query) override;
  Task<absl::StatusOr<std::vector<HistoryEntry>>> ReadHistories(UserId user, HistoriesQuery query) override;
  Task<absl::StatusOr<Snapshot>> Pull(UserId user, DeltaQuery query) override;
  Task<absl::StatusOr<Pushed>> Push(UserId user, PushQuery query, Decide decide) override;
  Task<absl::Status> NoteDevice(UserId user, Sighting seen) override;
  Task<absl::Status> NoteV1(UserId user, UnixMillis at) override;
  Task<absl::StatusOr<std::vector<DeviceStatus>>> ReadDevices(UserId user, DevicesQuery query) override;
  Task<absl::StatusOr<UsersToPurge>> ReadUsersToPurge(UsersQuery query) override;
  Task<absl::StatusOr<PurgedRows>> Purge(UserId user, DecidePurge decide, int rows_max) override;
  Task<absl::StatusOr<bool>> Erase(UserId user, UnixMillis at, int rows_max) override;

  // As if every device had confirmed `through`, and there had been a tombstone at it.
  void Purge(const UserId& user, Stamp through);
  // As a backup would restore it, under a new epoch.
  std::unique_ptr<MemoryStore> Copy(Epoch epoch);

 private:
  struct UserData {
    Head head;
    std::map<TaskId, TaskRow> tasks;
    std::map<DeviceId, DeviceLedger> ledgers;
    std::map<DeviceId, DeviceProgress> devices;
    UnixMillis v1_seen;
    // By rising stamp.
    std::vector<Conflict> conflicts;
    std::vector<HistoryEntry> history;
    // 0: it was not.
    UnixMillis erased_at;
  };

  static Delta ReadDelta(const UserData& data, const DeltaQuery& query);
  DataSetState State() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  PushLoad Load(const UserData& data, const PushQuery& query) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static void Write(UserData& data, const PushResult& result);
  static void Note(UserData& data, const Sighting& seen);
  static bool WasErasedBefore(const UserData& data, UnixMillis time);
  static bool MayPurge(const UserData& data, const PurgePlan& plan);

  const Epoch epoch_;
  const Clock& clock_;
  Mutex mutex_;
  int64_t generation_ ABSL_GUARDED_BY(mutex_) = 1;
  UnixMillis generation_at_ ABSL_GUARDED_BY(mutex_);
  UnixMillis cache_suspended_until_ ABSL_GUARDED_BY(mutex_);
  std::map<UserId, UserData> users_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::sync
