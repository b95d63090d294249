// Access tokens that were verified before: looking one up costs a hash, verifying it a hundred times that.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "common/mutex/mutex.h"
#include "services/auth/client/token_verifier.h"

namespace tidemark::auth {

// Known by the token's BLAKE2b hash: no other token has it, and no token is kept.
using TokenDigest = std::array<uint64_t, 4>;

TokenDigest DigestOf(std::string_view token);

// Thread-safe. Holds a bounded number; the oldest go first, which are also those that expire first.
class VerifiedTokens {
 public:
  explicit VerifiedTokens(int max);
  // Also returns identities that have expired: the caller knows the time.
  std::optional<Identity> Find(const TokenDigest& digest) const;
  void Add(const TokenDigest& digest, const Identity& identity);

 private:
  // So that event loops seldom wait for each other.
  static constexpr size_t kShards = 16;
  struct Shard {
    mutable Mutex mutex;
    absl::flat_hash_map<TokenDigest, Identity> identities ABSL_GUARDED_BY(mutex);
    std::deque<TokenDigest> by_age ABSL_GUARDED_BY(mutex);
  };

  Shard& ShardOf(const TokenDigest& digest) { return shards_[digest[0] % kShards]; }
  const Shard& ShardOf(const TokenDigest& digest) const { return shards_[digest[0] % kShards]; }

  const size_t shard_max_;
  std::array<Shard, kShards> shards_;
};

}  // namespace tidemark::auth
