#include "bench/fleet_day/virtual_head_cache.h"

#include <utility>

namespace tidemark::fleet {

Task<sync::CacheRead> VirtualHeadCache::Read(sync::CacheSpace space, UserId user) {
  if (IsOver(user)) {
    until_.erase(user);
    std::optional<std::string> owner = co_await cache_.Fence(space, user, sync::FenceLeaves::kNothing);
    if (owner) co_await cache_.Unfence(space, user, *std::move(owner));
  }
  sync::CacheRead read = co_await cache_.Read(std::move(space), std::move(user));
  ++(read.head ? hits_ : misses_);
  co_return read;
}

Task<void> VirtualHeadCache::Fill(sync::CacheSpace space, UserId user, std::string lease, sync::Head head) {
  Keep(user);
  return cache_.Fill(std::move(space), std::move(user), std::move(lease), head);
}

Task<std::optional<std::string>> VirtualHeadCache::Fence(sync::CacheSpace space, UserId user,
                                                         sync::FenceLeaves leaves) {
  return cache_.Fence(std::move(space), std::move(user), leaves);
}

Task<void> VirtualHeadCache::Publish(sync::CacheSpace space, UserId user, std::string owner,
                                     sync::Head head) {
  Keep(user);
  return cache_.Publish(std::move(space), std::move(user), std::move(owner), head);
}

Task<void> VirtualHeadCache::Unfence(sync::CacheSpace space, UserId user, std::string owner) {
  return cache_.Unfence(std::move(space), std::move(user), std::move(owner));
}

bool VirtualHeadCache::IsOver(const UserId& user) const {
  const auto until = until_.find(user);
  return until != until_.end() && clock_.Now() >= until->second;
}

void VirtualHeadCache::Keep(const UserId& user) {
  until_[user] = {clock_.Now().value + absl::ToInt64Milliseconds(time_to_live_)};
}

}  // namespace tidemark::fleet
