#include "services/ratelimit/domain/quota.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

namespace tidemark::ratelimit {
namespace {

constexpr std::array kOfTheService = {Resource::kRequests, Resource::kDatabaseReads,
                                      Resource::kDatabaseWrites};
constexpr std::array kOfTheCache = {Resource::kCacheReads, Resource::kCacheWrites};

bool IsUsedUp(int64_t used, const std::optional<int64_t>& budget) { return budget && used >= *budget; }

// used > 0.9 * budget, in whole numbers that cannot overflow: nine tenths of 10 a + b are 9 a and 9 b / 10.
bool IsNearlyUsedUp(int64_t used, const std::optional<int64_t>& budget) {
  if (!budget) return false;
  const int64_t tens = *budget / 10;
  return (used - 9 * tens) * 10 > 9 * (*budget % 10);
}

bool AnyOf(const auto& resources, auto is_so, const DayCounts& used, const Budgets& budgets) {
  return std::any_of(resources.begin(), resources.end(),
                     [&](Resource resource) { return is_so(used[resource], budgets[resource]); });
}

}  // namespace

std::string_view NameOf(Resource resource) {
  constexpr std::array<std::string_view, kResources.size()> kNames = {
      "requests", "database_reads", "database_writes", "cache_reads", "cache_writes"};
  return kNames[static_cast<size_t>(resource)];
}

std::string_view NameOf(QuotaState state) {
  constexpr std::array<std::string_view, 3> kNames = {"open", "read_paused", "exhausted"};
  return kNames[static_cast<size_t>(state)];
}

absl::Status CheckBudgets(const Budgets& budgets) {
  for (const Resource resource : kResources) {
    const std::optional<int64_t>& budget = budgets[resource];
    if (!budget || (*budget >= 1 && *budget <= kCountMax)) continue;
    return absl::InvalidArgumentError(absl::StrCat("budget ", std::string(NameOf(resource)), " is ", *budget,
                                                   ", 1 to ", kCountMax, " are possible"));
  }
  return absl::OkStatus();
}

QuotaState StateOf(const DayCounts& used, const Budgets& budgets) {
  if (AnyOf(kOfTheService, IsUsedUp, used, budgets)) return QuotaState::kExhausted;
  return AnyOf(kOfTheService, IsNearlyUsedUp, used, budgets) ? QuotaState::kReadPaused : QuotaState::kOpen;
}

bool CacheIsOff(const DayCounts& used, const Budgets& budgets) {
  return AnyOf(kOfTheCache, IsUsedUp, used, budgets);
}

std::optional<Resource> Scarcest(const DayCounts& used, const Budgets& budgets) {
  std::optional<Resource> scarcest;
  double most = -1;
  for (const Resource resource : kOfTheService) {
    if (!budgets[resource]) continue;
    const double part = static_cast<double>(used[resource]) / static_cast<double>(*budgets[resource]);
    if (part <= most) continue;
    most = part;
    scarcest = resource;
  }
  return scarcest;
}

Day Added(const std::optional<Day>& stored, const DayCounts& counts, UnixMillis now) {
  Day day = stored && !IsOver(*stored, now) ? *stored : Day{MidnightBefore(now), {}};
  for (const Resource resource : kResources) {
    day.counts[resource] = std::min(kCountMax, day.counts[resource] + counts[resource]);
  }
  return day;
}

}  // namespace tidemark::ratelimit
