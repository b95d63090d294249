#include "services/auth/client/verified_tokens.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "services/auth/domain/crypto.h"

namespace tidemark::auth {

TokenDigest DigestOf(std::string_view token) {
  static_assert(sizeof(TokenDigest) == kHashBytes);
  const std::string hash = Hash(token);
  TokenDigest digest;
  std::memcpy(digest.data(), hash.data(), sizeof(digest));
  return digest;
}

VerifiedTokens::VerifiedTokens(int max)
    : shard_max_(std::max<size_t>(1, static_cast<size_t>(max) / kShards)) {}

std::optional<Identity> VerifiedTokens::Find(const TokenDigest& digest) const {
  const Shard& shard = ShardOf(digest);
  MutexLock lock(&shard.mutex);
  auto found = shard.identities.find(digest);
  if (found == shard.identities.end()) return std::nullopt;
  return found->second;
}

void VerifiedTokens::Add(const TokenDigest& digest, const Identity& identity) {
  Shard& shard = ShardOf(digest);
  MutexLock lock(&shard.mutex);
  if (!shard.identities.emplace(digest, identity).second) return;
  shard.by_age.push_back(digest);
  if (shard.by_age.size() <= shard_max_) return;
  shard.identities.erase(shard.by_age.front());
  shard.by_age.pop_front();
}

}  // namespace tidemark::auth
