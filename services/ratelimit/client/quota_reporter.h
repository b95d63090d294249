// Hands over to the rate limit service what this process counts of the day's quota, and learns what all
// others have.
//
//   QuotaReporting reporting(loops.Next(), quota, clock, random, ReportTo(limiter));
//
// One report is sent for kReportRequests requests or more, or for what has waited for kReportAge; so counting
// costs few of Redis' commands beside what it counts (four each). Each has a number, under which it is sent
// until it was answered: none is lost or counted twice when an answer is. While nobody takes reports, counts
// are kept, to the day's end. A process that dies loses what it has not reported.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/async/event_loops.h"
#include "common/async/periodic.h"
#include "common/clock/clock.h"
#include "common/random/random.h"
#include "services/ratelimit/client/grpc_limiter.h"
#include "services/ratelimit/client/quota.h"
#include "services/ratelimit/storage/quota_store.h"

namespace tidemark::ratelimit {

inline constexpr int64_t kReportRequests = 200;
inline constexpr absl::Duration kReportAge = absl::Seconds(30);
// One that was not answered is sent again after this.
inline constexpr absl::Duration kReportRetry = absl::Seconds(5);

// As QuotaStore::Add without a time.
using SendReport = std::function<Task<absl::StatusOr<Day>>(QuotaReport)>;
// `limiter` outlives it.
SendReport ReportTo(GrpcLimiter& limiter);

// For one task at a time.
class QuotaReporter {
 public:
  // `quota` and `clock` outlive this. `name` is unique to this process and run.
  QuotaReporter(Quota& quota, const Clock& clock, std::string name, SendReport send);

  // Reports if a report is due. The first is, so that a new process knows the day.
  Task<void> Tick();
  // Reports whatever there is: the process stops.
  Task<void> Flush();

 private:
  bool IsDue() const;
  Task<void> Report();
  // One line whenever the day lets in less or more than before.
  void LogChange();

  Quota& quota_;
  const Clock& clock_;
  const std::string name_;
  const SendReport send_;
  int64_t last_number_ = 0;
  // Not answered yet.
  std::optional<QuotaReport> waiting_;
  std::optional<UnixMillis> last_sent_at_;
  // What was logged last.
  QuotaState state_ = QuotaState::kOpen;
  bool cache_is_off_ = false;
};

// A QuotaReporter that runs on a loop until it is destroyed, and then reports for the last time.
class QuotaReporting {
 public:
  // `loop`, `quota`, `clock`, and what `send` refers to, outlive this.
  QuotaReporting(EventLoop& loop, Quota& quota, const Clock& clock, Random& random, SendReport send);
  // Waits for the last report, or for its failure. Not on the loop's own thread.
  ~QuotaReporting();

 private:
  EventLoop& loop_;
  QuotaReporter reporter_;
  std::optional<Periodic> ticking_;
};

}  // namespace tidemark::ratelimit
