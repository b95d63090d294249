#include "services/ratelimit/client/quota.h"

#include <algorithm>
#include <string>

#include "common/status/error.h"

namespace tidemark::ratelimit {

Quota::Quota(const Versioned<Limits>& limits, const Clock& clock)
    : limits_(limits), clock_(clock), since_(MidnightBefore(clock.Now()).value) {}

void Quota::Count(Resource resource, int64_t by) {
  unreported_[resource].fetch_add(by, std::memory_order_relaxed);
  used_[resource].fetch_add(by, std::memory_order_relaxed);
}

absl::Status Quota::Check(Access access) const {
  const QuotaState state = StateOf(Used(), limits_.Get().budgets);
  if (state == QuotaState::kExhausted) {
    return Error(Code::kQuotaExhausted, "The service is at capacity for today",
                 {.retry_after = UntilMidnight()});
  }
  if (state == QuotaState::kReadPaused && access == Access::kRead) {
    return Error(Code::kReadPaused, "Read-only sync paused", {.retry_after = UntilMidnight()});
  }
  return absl::OkStatus();
}

std::optional<absl::Duration> Quota::ReadPause() const {
  if (StateOf(Used(), limits_.Get().budgets) == QuotaState::kOpen) return std::nullopt;
  return UntilMidnight();
}

bool Quota::CacheIsOff() const { return ratelimit::CacheIsOff(Used(), limits_.Get().budgets); }

Today Quota::Look() const {
  const Budgets& budgets = limits_.Get().budgets;
  const DayCounts used = Used();
  return {.since = MidnightBefore(clock_.Now()),
          .reset_after = UntilMidnight(),
          .state = StateOf(used, budgets),
          .cache_is_off = ratelimit::CacheIsOff(used, budgets),
          .used = used,
          .budgets = budgets};
}

DayCounts Quota::Unreported() const {
  DayCounts counts;
  for (const Resource resource : kResources) counts[resource] = unreported_[resource];
  return counts;
}

DayCounts Quota::TakeUnreported() {
  DayCounts taken;
  for (const Resource resource : kResources) {
    taken[resource] = unreported_[resource].exchange(0);
    known_[resource] += taken[resource];
  }
  return taken;
}

void Quota::Learn(const Day& day) {
  for (const Resource resource : kResources) {
    used_[resource] += day.counts[resource] - known_[resource];
  }
  known_ = day.counts;
  // Last, so that what the old day used is never taken for the new one's.
  since_ = day.since.value;
}

bool Quota::DayIsOver() const { return IsOver({.since = {since_}, .counts = {}}, clock_.Now()); }

void Quota::BeginDay() {
  TakeUnreported();
  Learn({.since = MidnightBefore(clock_.Now()), .counts = {}});
}

DayCounts Quota::Used() const {
  DayCounts used;
  if (DayIsOver()) return used;
  for (const Resource resource : kResources) {
    used[resource] = std::max<int64_t>(0, used_[resource].load(std::memory_order_relaxed));
  }
  return used;
}

absl::Duration Quota::UntilMidnight() const {
  const UnixMillis now = clock_.Now();
  return absl::Milliseconds(MidnightBefore(now).value + kDayMillis - now.value);
}

std::function<void(int reads, int writes)> CountStatements(Quota& quota) {
  return [&quota](int reads, int writes) {
    quota.Count(Resource::kDatabaseReads, reads);
    quota.Count(Resource::kDatabaseWrites, writes);
  };
}

std::optional<QuotaHeaders> HeadersOf(const Today& today) {
  const std::optional<Resource> scarcest = Scarcest(today.used, today.budgets);
  if (!scarcest) return std::nullopt;
  const int64_t budget = *today.budgets[*scarcest];
  return QuotaHeaders{.ask = {.subject = "", .policy = std::string(NameOf(*scarcest))},
                      .decision = {.remaining = std::max<int64_t>(0, budget - today.used[*scarcest]),
                                   .limit = budget,
                                   .reset_after = today.reset_after,
                                   .window = kDay}};
}

}  // namespace tidemark::ratelimit
