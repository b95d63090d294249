// Tells whoever uses the library what changed: on a thread of its own, one thing at a time, with no lock
// held. It looks for changes by other processes as well.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "client/sync_manager.h"
#include "common/mutex/mutex.h"

namespace tidemark::client {

// Thread-safe, but for Start and Stop, which one thread calls in turn.
class Notifier {
 public:
  struct Hooks {
    // Called at each look, on the thread of the notifier.
    std::function<void()> look;
    // Nothing: it cannot be told now.
    std::function<std::optional<SyncStatus>()> status;
  };

  // How often it looks. Short: a person sees what they did in another window.
  static constexpr absl::Duration kLookEvery = absl::Milliseconds(200);
  // More than that are told as "any".
  static constexpr std::size_t kTasksToldMax = 1'000;

  explicit Notifier(Hooks hooks) : hooks_(std::move(hooks)) {}
  ~Notifier() { Stop(); }

  void Start(SyncCallbacks callbacks);
  // What has not been told by then is not told.
  void Stop();

  void TasksChanged(const std::set<TaskId>& tasks);
  void AnyTaskChanged();
  void StatusChanged();
  void Synced(const RunEnd& end);

 private:
  struct News {
    std::set<TaskId> tasks;
    bool any_task = false;
    bool status = false;
    std::vector<RunEnd> ends;

    bool empty() const { return tasks.empty() && !any_task && !status && ends.empty(); }
  };

  void Run();
  // Nothing: it is to end.
  std::optional<News> Await();
  void Tell(const News& news);

  const Hooks hooks_;
  // Of the thread alone.
  SyncCallbacks callbacks_;
  std::optional<SyncStatus> told_;
  std::thread thread_;

  Mutex mutex_;
  CondVar changed_;
  News news_ ABSL_GUARDED_BY(mutex_);
  bool running_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tidemark::client
