// The Store on PostgreSQL. A pull is one round trip; a push is two (load under lock, write and commit), and
// two more the first time a user is seen, for 1 change as for 1,000. Pushes of different users that wait at
// the same time share them.
#pragma once

#include <algorithm>

#include "common/metrics/metrics.h"
#include "common/pg/pool.h"
#include "services/sync/storage/postgres/pushes.h"
#include "services/sync/storage/store.h"

namespace tidemark::sync {

class PostgresStore : public Store {
 public:
  // `pool` was made with Statements() and outlives this.
  explicit PostgresStore(pg::Pool& pool) : pool_(pool), pushes_(pool) {}

  Task<absl::StatusOr<DataSetState>> ReadDataSet() override;
  Task<absl::StatusOr<DataSetState>> SuspendCache(absl::Duration duration, absl::Duration margin) override;
  Task<absl::StatusOr<Head>> ReadHead(UserId user) override;
  Task<absl::StatusOr<HeadToKeep>> ReadHeadToKeep(UserId user) override;
  bool IsAway() const override { return !pool_.healthy(); }
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

  // Work under way and waiting, as a share of what PostgreSQL is asked for at once; 1: that much, or more.
  double load() const { return std::max(pool_.load(), pushes_.load()); }

  // Adds tidemark_pushes_waiting and tidemark_pushes_refused_total; this outlives `readings`.
  void Show(metrics::Readings& readings) const;

 private:
  pg::Pool& pool_;
  Pushes pushes_;
};

}  // namespace tidemark::sync
