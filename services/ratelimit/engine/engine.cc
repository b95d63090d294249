#include "services/ratelimit/engine/engine.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace tidemark::ratelimit {
namespace {

absl::Status Invalid(std::string_view pointer, const std::string& detail) {
  return Error(Code::kValidation, detail, {.pointer = std::string(pointer)});
}

absl::Status CheckSubject(const std::string& subject) {
  if (!subject.empty() && subject.size() <= kSubjectBytesMax) return absl::OkStatus();
  return Invalid("/subject", absl::StrCat("subject has ", subject.size(), " bytes, 1 to ", kSubjectBytesMax,
                                          " are possible"));
}

absl::Status CheckCost(int64_t cost, const Policy& policy) {
  if (cost >= 0 && cost <= LimitOf(policy)) return absl::OkStatus();
  return Invalid("/cost", absl::StrCat("cost is ", cost, ", 0 to ", LimitOf(policy),
                                       " are possible for policy ", policy.name));
}

absl::Status CheckNow(std::optional<UnixMillis> now) {
  static const int64_t kNowMax = kUnixMillisMax - absl::ToInt64Milliseconds(kWindowMax);
  if (!now || (now->value >= 0 && now->value <= kNowMax)) return absl::OkStatus();
  return Invalid("/now", absl::StrCat("now is ", now->value, ", 0 to ", kNowMax, " are possible"));
}

absl::Status Check(const AcquireCommand& command, const Policy& policy) {
  if (absl::Status subject = CheckSubject(command.subject); !subject.ok()) return subject;
  if (absl::Status cost = CheckCost(command.cost, policy); !cost.ok()) return cost;
  return CheckNow(command.now);
}

absl::Status Check(const PeekCommand& command) {
  if (absl::Status subject = CheckSubject(command.subject); !subject.ok()) return subject;
  const size_t policies = command.policies.size();
  if (policies < 1 || policies > kPeekedMax) {
    return Invalid("/policies", absl::StrCat(policies, " policies, 1 to ", kPeekedMax, " are possible"));
  }
  return CheckNow(command.now);
}

absl::Status Check(const ReportCommand& command) {
  const QuotaReport& report = command.report;
  if (report.reporter.size() > kReporterBytesMax) {
    return Invalid("/reporter", absl::StrCat("reporter has ", report.reporter.size(), " bytes, at most ",
                                             kReporterBytesMax, " are possible"));
  }
  if (!report.reporter.empty() && (report.number < 1 || report.number > kCountMax)) {
    return Invalid("/number",
                   absl::StrCat("number is ", report.number, ", 1 to ", kCountMax, " are possible"));
  }
  for (const Resource resource : kResources) {
    const int64_t count = report.counts[resource];
    if (count >= 0 && count <= kCountMax) continue;
    return Invalid(absl::StrCat("/counts/", std::string(NameOf(resource))),
                   absl::StrCat("a count is ", count, ", 0 to ", kCountMax, " are possible"));
  }
  return CheckNow(command.now);
}

}  // namespace

Engine::Engine(const Versioned<Limits>& limits, BucketStore& buckets, QuotaStore& quota,
               DecisionCounters& counters, const Clock& clock)
    : limits_(limits), buckets_(buckets), quota_(quota), counters_(counters), clock_(clock) {}

Task<absl::StatusOr<Acquired>> Engine::Acquire(AcquireCommand command) {
  const absl::StatusOr<const Policy*> policy = FindPolicy(command.policy);
  if (!policy.ok()) co_return policy.status();
  if (absl::Status checked = Check(command, **policy); !checked.ok()) co_return checked;
  const absl::StatusOr<Decision> taken = co_await buckets_.Take(
      **policy, std::move(command.subject), command.cost, command.now, std::move(command.origin));
  if (!taken.ok()) co_return taken.status();
  if (command.cost > 0) counters_.Count(command.policy, taken->allowed);
  was_asked_.store(true, std::memory_order_relaxed);
  co_return Acquired{*taken, StateAt(command.now)};
}

Task<absl::StatusOr<std::vector<Decision>>> Engine::Peek(PeekCommand command) {
  if (absl::Status checked = Check(command); !checked.ok()) co_return checked;
  std::vector<Decision> decisions;
  for (const std::string& name : command.policies) {
    const absl::StatusOr<const Policy*> policy = FindPolicy(name);
    if (!policy.ok()) co_return policy.status();
    const absl::StatusOr<Decision> seen =
        co_await buckets_.Take(**policy, command.subject, /*cost=*/0, command.now, command.origin);
    if (!seen.ok()) co_return seen.status();
    decisions.push_back(*seen);
  }
  co_return decisions;
}

Task<absl::StatusOr<Reported>> Engine::Report(ReportCommand command) {
  if (absl::Status checked = Check(command); !checked.ok()) co_return checked;
  const absl::StatusOr<Day> day = co_await quota_.Add(std::move(command.report), command.now);
  if (!day.ok()) co_return day.status();
  co_return Keep(*day);
}

Task<void> Engine::Tick() {
  if (!was_asked_.exchange(false)) co_return;
  QuotaReport nothing;
  const absl::StatusOr<Day> day = co_await quota_.Add(std::move(nothing), std::nullopt);
  // While the store is away, the last state stands, to the day's end.
  if (day.ok()) Keep(*day);
}

absl::StatusOr<const Policy*> Engine::FindPolicy(const std::string& name) const {
  const Policy* policy = limits_.Get().policies.Find(name);
  if (policy == nullptr) return Error(Code::kNotFound, absl::StrCat("no policy is named \"", name, "\""));
  return policy;
}

Reported Engine::Keep(const Day& day) {
  const QuotaState state = StateOf(day.counts, limits_.Get().budgets);
  known_day_ = day.since.value;
  known_state_ = state;
  was_asked_ = false;
  return {day, state};
}

QuotaState Engine::StateAt(std::optional<UnixMillis> now) const {
  const Day known{.since = {known_day_}, .counts = {}};
  return IsOver(known, now.value_or(clock_.Now())) ? QuotaState::kOpen : known_state_.load();
}

}  // namespace tidemark::ratelimit
