// One key of the head cache and what each step does to it: the protocol of head_cache.h as plain values.
//
//                  Fence                             Publish or Unfence by the last owner
//   anything ───────────────────► Fence ────────────────────────────────────────────────► Head or Nothing
//            Read                        Fill by its token
//   Nothing ─────────────────────► Lease ─────────────────► Head
//
// MemoryHeadCache is made of these functions, head_cache_contract.h holds Redis' scripts to the same, and
// tests/model tries what they can do to each other. docs/cache.md has them in one table.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <variant>

#include "services/sync/domain/types.h"
#include "services/sync/storage/head_cache.h"

namespace tidemark::sync::head_cache_rules {

struct Nothing {
  bool operator==(const Nothing&) const = default;
};

// The reader who holds `token` may fill.
struct Lease {
  std::string token;
  bool operator==(const Lease&) const = default;
};

// Pushes are under way.
struct Fence {
  // Never empty.
  std::set<std::string> owners;
  // Of the heads that its owners have published.
  std::optional<Head> newest;
  // Whatever is published under it.
  bool leaves_nothing = false;
  bool operator==(const Fence&) const = default;
};

using Content = std::variant<Nothing, Head, Lease, Fence>;

// Cold: a push may be under way whose fence was lost with the cache.
enum class Warmth { kCold, kWarm };

// Each is one atomic script of Redis.
CacheRead Read(Content& key, Warmth warmth, std::string token);
void Fill(Content& key, const std::string& token, const Head& head);
void PutFence(Content& key, Warmth warmth, std::string owner, FenceLeaves leaves);
void Publish(Content& key, const std::string& owner, const Head& head);
void Unfence(Content& key, const std::string& owner);

}  // namespace tidemark::sync::head_cache_rules
