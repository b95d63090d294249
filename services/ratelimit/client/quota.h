// The day's quota (SPEC 8) as one process knows it: what all processes had counted when it last asked, and
// what it has counted itself since. So where one process serves, it is exact but for the requests that wait
// for their bucket, and where several do, it is one report of each late (quota_reporter.h).
//
//   Quota quota(limits, clock);
//   if (absl::Status open = quota.Check(Access::kRead); !open.ok()) co_return open;
//   …                                             // a bucket may refuse it, too
//   quota.Count(Resource::kRequests);
#pragma once

#include <atomic>
#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "common/mutex/versioned.h"
#include "services/ratelimit/client/limiter.h"
#include "services/ratelimit/domain/limits.h"

namespace tidemark::ratelimit {

enum class Access {
  // Stores nothing for its user, who loses nothing by waiting for midnight.
  kRead,
  kWrite,
};

// How the day stands.
struct Today {
  UnixMillis since;
  absl::Duration reset_after;
  QuotaState state = QuotaState::kOpen;
  bool cache_is_off = false;
  DayCounts used;
  Budgets budgets;
};

// Thread-safe, and without locks.
class Quota {
 public:
  // Both outlive this.
  Quota(const Versioned<Limits>& limits, const Clock& clock);

  void Count(Resource resource, int64_t by = 1);

  // Whether the day has room for a request: else `read_paused` for reads, `quota_exhausted` for both, with
  // the time to midnight as retry_after. It is to be counted when it is let in, and not where it is refused,
  // here or by a bucket: whoever asks in vain takes nothing away from those who have something to store.
  absl::Status Check(Access access) const;

  // Set: reads are paused for so long.
  std::optional<absl::Duration> ReadPause() const;

  // The cache's budget is used up.
  bool CacheIsOff() const;

  Today Look() const;

  // For its reporter, one call at a time.
  // What was counted and not yet taken.
  DayCounts Unreported() const;
  DayCounts TakeUnreported();
  // The day as it is with all that was taken.
  void Learn(const Day& day);
  // Midnight has come, and nobody has told of the new day yet.
  bool DayIsOver() const;
  // Begins the new day with nothing, and forgets what was counted and not taken.
  void BeginDay();

 private:
  using Counters = PerResource<std::atomic<int64_t>>;

  // Nothing once the day is over.
  DayCounts Used() const;
  absl::Duration UntilMidnight() const;

  const Versioned<Limits>& limits_;
  const Clock& clock_;
  std::atomic<int64_t> since_;
  // Of the day, by all: known_ and what was counted since. Changed by sums alone, so that no count is lost.
  Counters used_;
  Counters unreported_;
  // What used_ holds but for unreported_. The reporter's.
  DayCounts known_;
};

// What pg::PoolOptions::on_statements wants. `quota` outlives it.
std::function<void(int reads, int writes)> CountStatements(Quota& quota);

// The RateLimit headers of an answer that the quota stands behind: the scarcest budget, under the name of its
// resource. Nothing: none is bounded.
struct QuotaHeaders {
  Ask ask;
  Decision decision;
};
std::optional<QuotaHeaders> HeadersOf(const Today& today);

}  // namespace tidemark::ratelimit
