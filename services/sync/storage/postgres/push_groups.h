// Which of the pushes that wait share a transaction, and how many such transactions there are at once.
//
//   switch (groups.Add(push)) …                   // kStart: start a job
//   PushGroup group = groups.Take();              // when the job begins
//   if (groups.Done()) …one more job…             // when it is over
//
// One transaction at a time is best: the next group gathers while it is under way, and the larger a group,
// the less a push costs. A second one begins only where as much waits as a group holds, in pushes or tasks.
#pragma once

#include <list>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "common/async/completion.h"
#include "common/mutex/mutex.h"
#include "services/sync/storage/store.h"

namespace tidemark::sync {

// See Store::Push.
struct WaitingPush {
  UserId user;
  PushQuery query;
  Decide decide;
  Completion<absl::StatusOr<Pushed>> done;
};

// Of different users.
using PushGroup = std::vector<std::unique_ptr<WaitingPush>>;

// False: it reads history, which is asked for one user at a time, or so much that others would wait for it.
bool MayShare(const PushQuery& query);

// Thread-safe.
class PushGroups {
 public:
  static constexpr std::size_t kPushesMax = 32;
  // Named by all pushes of a group: nobody waits long for another's changes.
  static constexpr std::size_t kTasksMax = 256;

  enum class Added { kStart, kWaits, kFull };

  explicit PushGroups(std::size_t waiting_max) : waiting_max_(waiting_max) {}

  // kStart: one more job is to be started for a group. kFull: `push` was not taken, and is left as it was.
  Added Add(std::unique_ptr<WaitingPush>& push);
  // Those that wait longest, of each user one. Empty: nobody waits.
  PushGroup Take();
  // A job is over. True: there is to be one more in its place.
  bool Done();
  // How many pushes wait, as a share of a group; 1: as many as a group holds, or more.
  double load() const;
  std::size_t waiting() const;
  // How many found it full.
  int64_t refused() const;

 private:
  // Whether enough waits for one more job beside `jobs`.
  bool WantBeside(std::size_t jobs) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::size_t waiting_max_;
  mutable Mutex mutex_;
  std::list<std::unique_ptr<WaitingPush>> waiting_ ABSL_GUARDED_BY(mutex_);
  int64_t refused_ ABSL_GUARDED_BY(mutex_) = 0;
  // Named by those in waiting_.
  std::size_t tasks_waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  // Started and not over.
  std::size_t jobs_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tidemark::sync
