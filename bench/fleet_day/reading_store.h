// A replica's store, in which the data set's row is not read but known: it never changes in a fleet's day.
//
// A process reads that row anew when its reading is a second old (engine/data_set.h). The replicas of the
// fleet stand for one process, in which one reading serves all; each by itself, with a clock that leaps from
// one of its requests to the next, would read it for nearly every one. So here nobody does, and how often one
// process would have is found out by a DataSet that is shown all requests in the order of their time
// (data_set_readings.h).
#pragma once

#include <utility>

#include "services/sync/storage/store.h"

namespace tidemark::fleet {

class ReadingStore : public sync::Store {
 public:
  // `store` outlives this.
  ReadingStore(sync::Store& store, sync::DataSetState reading)
      : store_(store), reading_(std::move(reading)) {}

  Task<absl::StatusOr<sync::DataSetState>> ReadDataSet() override {
    ++readings_;
    co_return reading_;
  }
  int64_t readings() const { return readings_; }
  // The machine may be so busy that a probe of the pool is late; nothing of a day may depend on that.
  bool IsAway() const override { return false; }

  Task<absl::StatusOr<sync::DataSetState>> SuspendCache(absl::Duration duration,
                                                        absl::Duration margin) override {
    return store_.SuspendCache(duration, margin);
  }
  Task<absl::StatusOr<sync::Head>> ReadHead(UserId user) override { return store_.ReadHead(std::move(user)); }
  Task<absl::StatusOr<sync::HeadToKeep>> ReadHeadToKeep(UserId user) override {
    return store_.ReadHeadToKeep(std::move(user));
  }
  Task<absl::StatusOr<sync::History>> ReadHistory(UserId user, sync::HistoryQuery query) override {
    return store_.ReadHistory(std::move(user), std::move(query));
  }
  Task<absl::StatusOr<std::vector<sync::TaskRow>>> ReadTasks(UserId user, sync::TasksQuery query) override {
    return store_.ReadTasks(std::move(user), std::move(query));
  }
  Task<absl::StatusOr<std::vector<sync::HistoryEntry>>> ReadHistories(UserId user,
                                                                      sync::HistoriesQuery query) override {
    return store_.ReadHistories(std::move(user), std::move(query));
  }
  Task<absl::StatusOr<sync::Snapshot>> Pull(UserId user, sync::DeltaQuery query) override {
    return store_.Pull(std::move(user), std::move(query));
  }
  Task<absl::StatusOr<sync::Pushed>> Push(UserId user, sync::PushQuery query, sync::Decide decide) override {
    return store_.Push(std::move(user), std::move(query), std::move(decide));
  }
  Task<absl::Status> NoteDevice(UserId user, sync::Sighting seen) override {
    return store_.NoteDevice(std::move(user), std::move(seen));
  }
  Task<absl::Status> NoteV1(UserId user, UnixMillis at) override {
    return store_.NoteV1(std::move(user), at);
  }
  Task<absl::StatusOr<std::vector<sync::DeviceStatus>>> ReadDevices(UserId user,
                                                                    sync::DevicesQuery query) override {
    return store_.ReadDevices(std::move(user), query);
  }
  Task<absl::StatusOr<sync::UsersToPurge>> ReadUsersToPurge(sync::UsersQuery query) override {
    return store_.ReadUsersToPurge(std::move(query));
  }
  Task<absl::StatusOr<sync::PurgedRows>> Purge(UserId user, sync::DecidePurge decide, int rows_max) override {
    return store_.Purge(std::move(user), std::move(decide), rows_max);
  }
  Task<absl::StatusOr<bool>> Erase(UserId user, UnixMillis at, int rows_max) override {
    return store_.Erase(std::move(user), at, rows_max);
  }

 private:
  sync::Store& store_;
  const sync::DataSetState reading_;
  int64_t readings_ = 0;
};

}  // namespace tidemark::fleet
