// Access tokens of the bench's users: as the auth service makes them, under the key that it signs with now,
// so that every service verifies them by the keys it fetches anyway. (A key of the bench's own would be known
// to them only when the auth service has read its keys again, a minute later.)
#pragma once

#include <string>

#include "absl/time/time.h"
#include "bench/seed/owner_connection.h"
#include "common/clock/clock.h"
#include "common/random/random.h"
#include "services/auth/domain/signing_key.h"

namespace tidemark::bench {

class BenchTokens {
 public:
  // `master_key` opens the stored keys: the auth service's setting of that name. Throws Failed, also if the
  // service has never run. `random` outlives this.
  BenchTokens(OwnerConnection& postgres, const std::string& master_key, UnixMillis now,
              absl::Duration lifetime, Random& random);

  // All of the same length.
  std::string TokenOf(const std::string& user) const;

 private:
  const UnixMillis issued_at_;
  const UnixMillis expires_at_;
  Random& random_;
  const auth::SigningKey key_;
};

}  // namespace tidemark::bench
