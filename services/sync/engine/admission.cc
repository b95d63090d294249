#include "services/sync/engine/admission.h"

#include <algorithm>
#include <utility>

namespace tidemark::sync {
namespace {

using ratelimit::Access;

const char* BucketOf(SyncKind kind) { return kind == SyncKind::kLivePull ? "live" : "sync"; }

}  // namespace

absl::Status Admission::Day(Call& call, Access access) { return Told(call, quota_.Check(access)); }

Task<absl::Status> Admission::Check(Call& call) { return Take(call, "check", "Check limit reached"); }

Task<absl::StatusOr<Admission::Deferral>> Admission::SyncV1(Call& call, bool has_changes) {
  if (absl::Status open = Day(call, has_changes ? Access::kWrite : Access::kRead); !open.ok()) co_return open;
  absl::Status taken = co_await Take(call, "v1_sync", "Daily sync limit reached");
  if (!taken.ok()) co_return taken;
  co_return quota_.ReadPause();
}

Task<absl::Status> Admission::Other(Call& call) {
  if (absl::Status open = Day(call, Access::kRead); !open.ok()) co_return open;
  co_return co_await Take(call, "other", "Request limit reached");
}

Task<absl::Status> Admission::Usage(Call& call) { return Take(call, "other", "Request limit reached"); }

Task<absl::StatusOr<Admission::Deferral>> Admission::Sync(Call& call, SyncKind kind) {
  const bool pushes = kind == SyncKind::kPush;
  if (absl::Status open = Day(call, pushes ? Access::kWrite : Access::kRead); !open.ok()) co_return open;
  const ratelimit::Decision decision = co_await Ask(call, BucketOf(kind));
  if (!decision.allowed && !pushes) co_return ratelimit::RateLimitedError(decision, "Sync limit reached");
  Deferral deferral = pushes ? quota_.ReadPause() : std::nullopt;
  if (!decision.allowed) {
    const ratelimit::Decision reserve = co_await Ask(call, "push_reserve");
    if (!reserve.allowed) co_return ratelimit::RateLimitedError(reserve, "Sync limit reached");
    deferral = std::max(deferral, Deferral(decision.retry_after));
  }
  LetIn();
  co_return deferral;
}

Task<absl::Status> Admission::Page(Call& call, SyncKind kind) {
  if (absl::Status open = Day(call, Access::kRead); !open.ok()) co_return open;
  (void)co_await Ask(call, BucketOf(kind), /*cost=*/0);
  LetIn();
  co_return absl::OkStatus();
}

absl::Status Admission::PullInstead(Call& call) { return Told(call, quota_.Check(Access::kRead)); }

Task<ratelimit::Decision> Admission::Ask(Call& call, const char* policy, int64_t cost) {
  ratelimit::Ask ask{.subject = call.user.value(), .policy = policy, .cost = cost};
  const ratelimit::Decision decision = co_await limiter_.Acquire(ask, call.origin);
  call.limit = Call::LimitReport{std::move(ask), decision};
  co_return decision;
}

Task<absl::Status> Admission::Take(Call& call, const char* policy, const char* refusal) {
  const ratelimit::Decision decision = co_await Ask(call, policy);
  if (!decision.allowed) co_return ratelimit::RateLimitedError(decision, refusal);
  LetIn();
  co_return absl::OkStatus();
}

void Admission::LetIn() { quota_.Count(ratelimit::Resource::kRequests); }

absl::Status Admission::Told(Call& call, absl::Status status) const {
  if (status.ok()) return status;
  if (std::optional<ratelimit::QuotaHeaders> headers = ratelimit::HeadersOf(quota_.Look())) {
    call.limit = Call::LimitReport{std::move(headers->ask), headers->decision};
  }
  return status;
}

}  // namespace tidemark::sync
