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

}  // namespace

Engine::Engine(const PolicySet& policies, BucketStore& store, DecisionCounters& counters)
    : policies_(policies), store_(store), counters_(counters) {}

Task<absl::StatusOr<Decision>> Engine::Acquire(AcquireCommand command) {
  const Policy* policy = policies_.Find(command.policy);
  if (policy == nullptr) {
    co_return Error(Code::kNotFound, absl::StrCat("no policy is named \"", command.policy, "\""));
  }
  if (absl::Status checked = Check(command, *policy); !checked.ok()) co_return checked;
  absl::StatusOr<Decision> taken =
      co_await store_.Take(*policy, std::move(command.subject), command.cost, command.now);
  if (taken.ok() && command.cost > 0) counters_.Count(policy->name, taken->allowed);
  co_return taken;
}

}  // namespace tidemark::ratelimit
