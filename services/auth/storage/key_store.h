// The port through which the auth engine keeps signing keys.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "services/auth/domain/key_schedule.h"

namespace tidemark::auth {

struct StoredKey {
  KeyPeriod period;
  // The key's seed under domain/crypto.h's Seal.
  std::string sealed_seed;
};

// Thread-safe. UNAVAILABLE and DEADLINE_EXCEEDED as in AccountStore.
class KeyStore {
 public:
  virtual ~KeyStore() = default;

  // All keys there ever were (one a month), by number.
  virtual Task<absl::StatusOr<std::vector<StoredKey>>> LoadKeys() = 0;

  // ALREADY_EXISTS: another replica has made the key of this number.
  virtual Task<absl::Status> AddKey(StoredKey key) = 0;
};

}  // namespace tidemark::auth
