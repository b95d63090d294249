// The day's quota: what all users together may cost in a UTC day, and what is left to them when that is used
// up (SPEC 8). Pure.
//
//   Day day = Added(stored, counts, now);
//   QuotaState state = StateOf(day.counts, budgets);
//
// A budget for the cache never stands in a user's way, not even when nine tenths of it are gone: used up, it
// switches the cache off (CacheIsOff), and the database goes on answering.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "common/clock/clock.h"
#include "services/ratelimit/domain/day.h"

namespace tidemark::ratelimit {

enum class Resource { kRequests, kDatabaseReads, kDatabaseWrites, kCacheReads, kCacheWrites };
inline constexpr std::array kResources = {Resource::kRequests, Resource::kDatabaseReads,
                                          Resource::kDatabaseWrites, Resource::kCacheReads,
                                          Resource::kCacheWrites};

// As in the limits file, e.g. "database_reads".
std::string_view NameOf(Resource resource);

template <typename T>
struct PerResource {
  std::array<T, kResources.size()> values = {};

  T& operator[](Resource resource) { return values[static_cast<size_t>(resource)]; }
  const T& operator[](Resource resource) const { return values[static_cast<size_t>(resource)]; }
  bool operator==(const PerResource&) const = default;
};

// How often each was used. What is counted: statements, reads of cached hashes and writes of them.
using DayCounts = PerResource<int64_t>;
// Nothing: unlimited.
using Budgets = PerResource<std::optional<int64_t>>;

// Counts stay exact in JSON and in the doubles of Redis' Lua.
inline constexpr int64_t kCountMax = kUnixMillisMax;

// INVALID_ARGUMENT: a budget below 1 or above kCountMax.
absl::Status CheckBudgets(const Budgets& budgets);

enum class QuotaState {
  kOpen,
  // More than nine tenths of a budget are used: only writes.
  kReadPaused,
  kExhausted,
};

// "open", "read_paused" or "exhausted".
std::string_view NameOf(QuotaState state);

QuotaState StateOf(const DayCounts& used, const Budgets& budgets);
bool CacheIsOff(const DayCounts& used, const Budgets& budgets);
// Of the budgets that make the state, the one of which the greatest part is used; nothing: all are unlimited.
std::optional<Resource> Scarcest(const DayCounts& used, const Budgets& budgets);

struct Day {
  // Its midnight.
  UnixMillis since;
  DayCounts counts;
  bool operator==(const Day&) const = default;
};

// Whether `now` is in a later day: then nothing of this one counts. A clock that goes back over midnight
// begins no new day.
inline bool IsOver(const Day& day, UnixMillis now) { return MidnightBefore(now) > day.since; }

// The day that `counts` are added to at `now`. Nothing `stored`: the first.
Day Added(const std::optional<Day>& stored, const DayCounts& counts, UnixMillis now);

}  // namespace tidemark::ratelimit
