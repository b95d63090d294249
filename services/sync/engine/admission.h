// Which bucket a request takes from, and what an empty bucket means for it (SPEC 7).
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "services/sync/engine/requests.h"

namespace tidemark::sync {

class Admission {
 public:
  explicit Admission(ratelimit::Limiter& limiter) : limiter_(limiter) {}

  // All return `rate_limited` when the request must wait, and fill in call.limit. `call` outlives the task.
  Task<absl::Status> Check(Call& call);
  Task<absl::Status> SyncV1(Call& call);
  // History, devices, usage, export.
  Task<absl::Status> Other(Call& call);
  // A duration: store the push but defer the pull by it (the `sync` bucket is empty, the reserve for pushes
  // is not).
  Task<absl::StatusOr<std::optional<absl::Duration>>> Sync(Call& call, bool has_changes);

 private:
  // Asks one bucket.
  Task<ratelimit::Decision> Ask(Call& call, const char* policy);

  ratelimit::Limiter& limiter_;
};

}  // namespace tidemark::sync
