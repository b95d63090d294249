// What a request must have to be served: room in the day's quota (SPEC 8) and a token of a bucket (SPEC 7).
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "services/ratelimit/client/quota.h"
#include "services/sync/engine/requests.h"

namespace tidemark::sync {

enum class SyncKind {
  kPull,
  // By a session that has a stream open.
  kLivePull,
  kPush,
};

// All return `rate_limited`, `read_paused` or `quota_exhausted` when the request must wait, and fill in
// call.limit. `call` outlives the task.
class Admission {
 public:
  // A duration: store the push, and defer the pull by it. Nothing: do both.
  using Deferral = std::optional<absl::Duration>;

  // Both outlive this.
  Admission(ratelimit::Limiter& limiter, ratelimit::Quota& quota) : limiter_(limiter), quota_(quota) {}

  // The quota alone, for what takes its token later; nothing is counted before.
  absl::Status Day(Call& call, ratelimit::Access access);

  // A check that Day has let in.
  Task<absl::Status> Check(Call& call);
  Task<absl::StatusOr<Deferral>> SyncV1(Call& call, bool has_changes);
  // History, devices, export.
  Task<absl::Status> Other(Call& call);
  // How the day and the buckets stand can be asked on any day.
  Task<absl::Status> Usage(Call& call);
  // A push is deferred where the `sync` bucket is empty and the reserve for pushes is not, and while reads
  // are paused.
  Task<absl::StatusOr<Deferral>> Sync(Call& call, SyncKind kind);
  // A page after the first of its series: costs no token.
  Task<absl::Status> Page(Call& call, SyncKind kind);

  // A push was let in, but can only be answered with a pull.
  absl::Status PullInstead(Call& call);

 private:
  // Asks one bucket.
  Task<ratelimit::Decision> Ask(Call& call, const char* policy, int64_t cost = 1);
  Task<absl::Status> Take(Call& call, const char* policy, const char* refusal);
  // Counts a request of the day. What is refused, by either, is none: else one user in a loop would use up
  // everybody's day.
  void LetIn();
  absl::Status Told(Call& call, absl::Status status) const;

  ratelimit::Limiter& limiter_;
  ratelimit::Quota& quota_;
};

}  // namespace tidemark::sync
