#include "services/sync/engine/admission.h"

namespace tidemark::sync {

Task<absl::Status> Admission::Check(Call& call) {
  const ratelimit::Decision decision = co_await Ask(call, "check");
  if (decision.allowed) co_return absl::OkStatus();
  co_return ratelimit::RateLimitedError(decision, "Check limit reached");
}

Task<absl::Status> Admission::SyncV1(Call& call) {
  const ratelimit::Decision decision = co_await Ask(call, "v1_sync");
  if (decision.allowed) co_return absl::OkStatus();
  co_return ratelimit::RateLimitedError(decision, "Daily sync limit reached");
}

Task<absl::Status> Admission::Other(Call& call) {
  const ratelimit::Decision decision = co_await Ask(call, "other");
  if (decision.allowed) co_return absl::OkStatus();
  co_return ratelimit::RateLimitedError(decision, "Request limit reached");
}

Task<absl::StatusOr<std::optional<absl::Duration>>> Admission::Sync(Call& call, bool has_changes) {
  using Admitted = std::optional<absl::Duration>;
  const ratelimit::Decision decision = co_await Ask(call, "sync");
  if (decision.allowed) co_return Admitted();
  if (!has_changes) co_return ratelimit::RateLimitedError(decision, "Sync limit reached");
  const ratelimit::Decision reserve = co_await Ask(call, "push_reserve");
  if (reserve.allowed) co_return Admitted(decision.retry_after);
  co_return ratelimit::RateLimitedError(reserve, "Sync limit reached");
}

Task<ratelimit::Decision> Admission::Ask(Call& call, const char* policy) {
  ratelimit::Ask ask{.subject = call.user.value(), .policy = policy};
  const ratelimit::Decision decision = co_await limiter_.Acquire(ask, call.request_id);
  call.limit = Call::LimitReport{std::move(ask), decision};
  co_return decision;
}

}  // namespace tidemark::sync
