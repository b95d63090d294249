// How many different users synced today (UTC), in all processes together.
//
//   users.Note(call.user);                         // per sync: a look into a set
//   co_await users.Report(counter);                // now and then: adds the new ones, learns the day's count
//
// What is new here may be known elsewhere: the counter knows each user once, so nothing is counted twice
// across replicas, nor when it is told again. A process that dies takes with it whom it has not reported.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "common/clock/clock.h"
#include "common/ids/ids.h"
#include "common/metrics/metrics.h"
#include "common/mutex/mutex.h"
#include "services/sync/storage/user_counter.h"

namespace tidemark::sync {

// Thread-safe.
class ActiveUsers {
 public:
  // About 2 MB. Beyond, users are told to the counter again; and while it is away, some are not.
  static constexpr std::size_t kKnownMax = 100'000;

  // `clock` outlives this.
  explicit ActiveUsers(const Clock& clock) : clock_(clock) {}

  void Note(const UserId& user);
  // One call at a time. What the counter does not take is told to it again.
  Task<void> Report(UserCounter& counter);
  // As of the last report; nothing: none of today has been answered.
  std::optional<int64_t> Today() const;
  // Adds tidemark_active_users; this outlives `readings`.
  void Show(metrics::Readings& readings) const;

 private:
  struct Batch {
    DayNumber day;
    std::vector<uint64_t> users;
  };

  DayNumber CurrentDay() const;
  void BeginDayIfNew() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Batch TakeNew();
  void Learn(const Batch& batch, const absl::StatusOr<int64_t>& count);

  const Clock& clock_;
  mutable Mutex mutex_;
  DayNumber day_ ABSL_GUARDED_BY(mutex_);
  // Of the day: by their hashes.
  absl::flat_hash_set<uint64_t> known_ ABSL_GUARDED_BY(mutex_);
  // Of those, the ones that no report has taken yet.
  std::vector<uint64_t> new_ ABSL_GUARDED_BY(mutex_);
  std::optional<int64_t> count_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::sync
