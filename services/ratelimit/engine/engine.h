// What the rate limit service does, apart from how it is called.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/clock/clock.h"
#include "common/mutex/versioned.h"
#include "services/ratelimit/domain/decision.h"
#include "services/ratelimit/domain/limits.h"
#include "services/ratelimit/engine/decision_counters.h"
#include "services/ratelimit/storage/bucket_store.h"
#include "services/ratelimit/storage/quota_store.h"

namespace tidemark::ratelimit {

inline constexpr size_t kSubjectBytesMax = 256;
inline constexpr size_t kPeekedMax = 16;
inline constexpr size_t kReporterBytesMax = 64;

struct AcquireCommand {
  // 1 … kSubjectBytesMax bytes.
  std::string subject;
  std::string policy;
  // 0 (only look) … the policy's limit.
  int64_t cost = 1;
  // Absent: the store's clock.
  std::optional<UnixMillis> now = std::nullopt;
  Origin origin = {};
};

struct Acquired {
  Decision decision;
  // The day's, as this process knows it.
  QuotaState quota_state = QuotaState::kOpen;
};

struct PeekCommand {
  std::string subject;
  // 1 … kPeekedMax.
  std::vector<std::string> policies;
  std::optional<UnixMillis> now = std::nullopt;
  Origin origin = {};
};

struct ReportCommand {
  QuotaReport report;
  std::optional<UnixMillis> now = std::nullopt;
};

struct Reported {
  Day day;
  QuotaState quota_state = QuotaState::kOpen;
};

// Thread-safe. NOT_FOUND not_found: no policy has that name. INVALID_ARGUMENT validation: a value is out of
// bounds. Other errors are the stores'.
class Engine {
 public:
  // As often as a process reports that has little to report, so that this is not what costs Redis most.
  static constexpr absl::Duration kDayReadEvery = absl::Seconds(30);

  // All outlive the engine.
  Engine(const Versioned<Limits>& limits, BucketStore& buckets, QuotaStore& quota, DecisionCounters& counters,
         const Clock& clock);

  Task<absl::StatusOr<Acquired>> Acquire(AcquireCommand command);
  // In the order of the policies.
  Task<absl::StatusOr<std::vector<Decision>>> Peek(PeekCommand command);
  Task<absl::StatusOr<Reported>> Report(ReportCommand command);

  // To be called each kDayReadEvery, each call after the last has ended: reads the day anew where anybody has
  // asked for tokens, and with them for its state, since this process was last told of it.
  Task<void> Tick();

 private:
  absl::StatusOr<const Policy*> FindPolicy(const std::string& name) const;
  Reported Keep(const Day& day);
  QuotaState StateAt(std::optional<UnixMillis> now) const;

  const Versioned<Limits>& limits_;
  BucketStore& buckets_;
  QuotaStore& quota_;
  DecisionCounters& counters_;
  const Clock& clock_;
  // The last day that was heard of.
  std::atomic<int64_t> known_day_ = 0;
  std::atomic<QuotaState> known_state_ = QuotaState::kOpen;
  std::atomic<bool> was_asked_ = true;
};

}  // namespace tidemark::ratelimit
