#include "services/sync/storage/head_cache_rules.h"

#include <utility>

namespace tidemark::sync::head_cache_rules {
namespace {

// Takes `owner` from the fence, which ends with its last owner.
void Leave(Content& key, const std::string& owner) {
  Fence& fence = std::get<Fence>(key);
  fence.owners.erase(owner);
  if (!fence.owners.empty()) return;
  if (fence.newest && !fence.leaves_nothing) {
    key = Head(*fence.newest);
  } else {
    key = Nothing();
  }
}

}  // namespace

CacheRead Read(Content& key, Warmth warmth, std::string token) {
  CacheRead read;
  if (const auto* head = std::get_if<Head>(&key)) {
    read.head = *head;
  } else if (std::holds_alternative<Nothing>(key) && warmth == Warmth::kWarm) {
    key = Lease{token};
    read.lease = std::move(token);
  }
  return read;
}

void Fill(Content& key, const std::string& token, const Head& head) {
  if (key == Content(Lease{token})) key = head;
}

void PutFence(Content& key, Warmth warmth, std::string owner, FenceLeaves leaves) {
  if (!std::holds_alternative<Fence>(key)) key = Fence();
  Fence& fence = std::get<Fence>(key);
  fence.owners.insert(std::move(owner));
  fence.leaves_nothing |= warmth == Warmth::kCold || leaves == FenceLeaves::kNothing;
}

void Publish(Content& key, const std::string& owner, const Head& head) {
  if (auto* fence = std::get_if<Fence>(&key)) {
    if (!fence->owners.contains(owner)) {
      // Its own fence expired or was lost. What this one was put over may be newer.
      fence->leaves_nothing = true;
      return;
    }
    if (!fence->newest || fence->newest->high_water < head.high_water) fence->newest = head;
    Leave(key, owner);
  } else if (std::holds_alternative<Lease>(key)) {
    key = Nothing();
  } else if (const auto* value = std::get_if<Head>(&key)) {
    if (value->high_water < head.high_water) key = head;
  }
}

void Unfence(Content& key, const std::string& owner) {
  if (std::holds_alternative<Fence>(key)) Leave(key, owner);
}

}  // namespace tidemark::sync::head_cache_rules
