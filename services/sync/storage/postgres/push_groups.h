// Which of the pushes that wait for a connection share a transaction.
//
//   groups.Add(push);                             // when it arrives, with a job for it in the pool
//   PushGroup group = groups.TakeWith(push);      // when a worker begins that job
//   if (groups.PutBack(push)) …a job for it…      // where the group did not work out for it
//
// A push that another's group took along leaves its own job with nothing to do. So each waiting push has a
// job of its own, nobody is forgotten whatever becomes of a job, and the pool's bound is that of the pushes.
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
  // Shares with nobody. PushGroups' own, as is the next.
  bool alone = false;
  // A job for it has not begun yet.
  bool has_job = false;
};

// Of different users. Empty: there is nothing to do.
using PushGroup = std::vector<std::shared_ptr<WaitingPush>>;

// Thread-safe.
class PushGroups {
 public:
  static constexpr std::size_t kPushesMax = 16;
  // Named by all pushes of a group: nobody waits long for another's changes.
  static constexpr std::size_t kTasksMax = 64;

  void Add(std::shared_ptr<WaitingPush> push);
  // Its job begins: `push` and those waiting longest that may share its transaction; none if it was taken
  // before. Of a user only the one that waits longest is taken along.
  PushGroup TakeWith(const std::shared_ptr<WaitingPush>& push);
  // Its job is over without having begun: takes `push` alone. False: it was taken before.
  bool Take(const std::shared_ptr<WaitingPush>& push);
  // What was taken waits again, for a transaction of its own. True: it needs a new job.
  bool PutBack(const std::shared_ptr<WaitingPush>& push);

 private:
  bool TakeForItsJob(const std::shared_ptr<WaitingPush>& push) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Mutex mutex_;
  std::list<std::shared_ptr<WaitingPush>> waiting_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::sync
