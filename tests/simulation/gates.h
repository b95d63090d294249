// Where a call of the service waits before each step towards its store or cache, until the world lets it
// through: so the world decides in which order the steps of all calls happen, and which of them fail.
//
//   gate.Enter(call);           // what runs from here to the next Pass belongs to `call`
//   …the call runs up to its first step…
//   gate.Open(call, Fate::kAnswerLost);
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/async/completion.h"
#include "services/ratelimit/client/limiter.h"
#include "services/sync/storage/head_cache.h"
#include "services/sync/storage/store.h"
#include "tests/simulation/requests.h"

namespace tidemark::simulation {

// What becomes of a step.
enum class Fate {
  kDone,
  // Nothing happens, and the call is told that the other side is away.
  kRefused,
  // It happens, and the call is told that the other side is away.
  kAnswerLost,
};

// Single-threaded.
class Gate {
 public:
  Task<Fate> Pass(std::string step);
  // Waits at least until `due`; who opens it sees to that.
  Task<void> Sleep(UnixMillis due);

  void Enter(CallId call) { current_ = call; }
  // The call that runs.
  CallId current() const { return current_; }
  // `call` waits here. It goes on when the executor runs.
  void Open(CallId call, Fate fate);
  // `call` never goes on: its process has died. True if it waited here.
  bool Drop(CallId call) { return waiting_.erase(call) > 0; }

  struct Waiting {
    std::string step;
    Completion<Fate> go;
    // Of a sleeper.
    UnixMillis due;
    bool asleep() const { return due.value > 0; }
  };
  const std::map<CallId, Waiting>& waiting() const { return waiting_; }

 private:
  CallId current_ = 0;
  std::map<CallId, Waiting> waiting_;
};

// Sees what pushes commit.
class CommitWatcher {
 public:
  virtual ~CommitWatcher() = default;
  // Within the step that commits, before anybody can read it.
  virtual void Committed(CallId call, const UserId& user, const sync::PushLoad& load,
                         const sync::PushResult& result) = 0;
};

// The store behind its gate. Which store can be changed between steps, as by a restore from a backup.
class GatedStore : public sync::Store {
 public:
  GatedStore(Gate& gate, CommitWatcher& watcher) : gate_(gate), watcher_(watcher) {}
  void UseStore(sync::Store& store) { store_ = &store; }

  Task<absl::StatusOr<sync::DataSetState>> ReadDataSet() override;
  Task<absl::StatusOr<sync::DataSetState>> SuspendCache(absl::Duration duration,
                                                        absl::Duration margin) override;
  Task<absl::StatusOr<sync::Head>> ReadHead(UserId user) override;
  Task<absl::StatusOr<sync::HeadToKeep>> ReadHeadToKeep(UserId user) override;
  bool IsAway() const override { return false; }
  Task<absl::StatusOr<sync::History>> ReadHistory(UserId user, sync::HistoryQuery query) override;
  Task<absl::StatusOr<std::vector<sync::TaskRow>>> ReadTasks(UserId user, sync::TasksQuery query) override;
  Task<absl::StatusOr<std::vector<sync::HistoryEntry>>> ReadHistories(UserId user,
                                                                      sync::HistoriesQuery query) override;
  Task<absl::StatusOr<sync::Snapshot>> Pull(UserId user, sync::DeltaQuery query) override;
  Task<absl::StatusOr<sync::Pushed>> Push(UserId user, sync::PushQuery query, sync::Decide decide) override;
  // These pass at once: no answer depends on them.
  Task<absl::Status> NoteDevice(UserId user, sync::Sighting seen) override;
  Task<absl::Status> NoteV1(UserId user, UnixMillis at) override;
  Task<absl::StatusOr<std::vector<sync::DeviceStatus>>> ReadDevices(UserId user,
                                                                    sync::DevicesQuery query) override;
  Task<absl::StatusOr<sync::UsersToPurge>> ReadUsersToPurge(sync::UsersQuery query) override;
  Task<absl::StatusOr<sync::PurgedRows>> Purge(UserId user, sync::DecidePurge decide, int rows_max) override;
  Task<absl::StatusOr<bool>> Erase(UserId user, UnixMillis at, int rows_max) override;

 private:
  Gate& gate_;
  CommitWatcher& watcher_;
  sync::Store* store_ = nullptr;
};

// The cache behind its gate.
class GatedHeadCache : public sync::HeadCache {
 public:
  GatedHeadCache(Gate& gate, sync::HeadCache& cache) : gate_(gate), cache_(cache) {}
  Task<sync::CacheRead> Read(sync::CacheSpace space, UserId user) override;
  Task<void> Fill(sync::CacheSpace space, UserId user, std::string lease, sync::Head head) override;
  Task<std::optional<std::string>> Fence(sync::CacheSpace space, UserId user,
                                         sync::FenceLeaves leaves) override;
  Task<void> Publish(sync::CacheSpace space, UserId user, std::string owner, sync::Head head) override;
  Task<void> Unfence(sync::CacheSpace space, UserId user, std::string owner) override;

 private:
  Gate& gate_;
  sync::HeadCache& cache_;
};

// Always has a token, except that `sync` can be made empty for pushes.
class OpenLimiter : public ratelimit::Limiter {
 public:
  bool sync_is_empty = false;
  Task<ratelimit::Decision> Acquire(ratelimit::Ask ask, Origin origin) override;
};

}  // namespace tidemark::simulation
