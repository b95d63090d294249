// Where a verifier gets the published keys from.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/origin/origin.h"
#include "services/auth/domain/signing_key.h"

namespace tidemark::auth {

// Thread-safe.
class KeySource {
 public:
  virtual ~KeySource() = default;
  // On behalf of `origin`. UNAVAILABLE, DEADLINE_EXCEEDED: try again later.
  virtual Task<absl::StatusOr<std::vector<PublicKey>>> Fetch(Origin origin) = 0;
};

}  // namespace tidemark::auth
