#include "tests/model/key.h"

namespace tidemark::model {
namespace {

namespace rules = sync::head_cache_rules;

Small BitOf(const std::string& token) { return static_cast<Small>(1U << (token[0] - 'a')); }

}  // namespace

std::string TokenName(Small token) { return std::string(1, static_cast<char>('a' + token)); }

sync::Head HeadOf(Small head) {
  return {.high_water = {head}, .live_count = head, .version_sum = head, .purged_through = {}};
}

Small NumberOf(const sync::Head& head) { return static_cast<Small>(head.high_water.value); }

rules::Content Unpack(const Key& key) {
  std::set<std::string> tokens;
  for (Small token = 0; token < kTokens; ++token) {
    if (key.tokens & (1U << token)) tokens.insert(TokenName(token));
  }
  switch (key.kind) {
    case Key::Kind::kNothing:
      return rules::Nothing();
    case Key::Kind::kHead:
      return HeadOf(key.head);
    case Key::Kind::kLease:
      return rules::Lease{*tokens.begin()};
    case Key::Kind::kFence:
      break;
  }
  rules::Fence fence{.owners = tokens, .newest = {}, .leaves_nothing = key.leaves_nothing};
  if (key.head > 0) fence.newest = HeadOf(static_cast<Small>(key.head - 1));
  return fence;
}

Key Pack(const rules::Content& content) {
  Key key;
  if (const auto* head = std::get_if<sync::Head>(&content)) {
    key.kind = Key::Kind::kHead;
    key.head = NumberOf(*head);
  } else if (const auto* lease = std::get_if<rules::Lease>(&content)) {
    key.kind = Key::Kind::kLease;
    key.tokens = BitOf(lease->token);
  } else if (const auto* fence = std::get_if<rules::Fence>(&content)) {
    key.kind = Key::Kind::kFence;
    for (const std::string& owner : fence->owners) key.tokens = static_cast<Small>(key.tokens | BitOf(owner));
    // What is left when the fence is gone does not depend on it.
    if (fence->newest && !fence->leaves_nothing) key.head = static_cast<Small>(NumberOf(*fence->newest) + 1);
    key.leaves_nothing = fence->leaves_nothing;
  }
  return key;
}

}  // namespace tidemark::model
