#include "services/ratelimit/client/quota_metrics.h"

#include <optional>
#include <string>

namespace tidemark::ratelimit {

void ShowQuota(const Quota& quota, metrics::Readings& readings) {
  for (const Resource resource : kResources) {
    const metrics::Labels labels = {{"resource", std::string(NameOf(resource))}};
    readings.Gauge("tidemark_quota_used", "Used of the day's budget since midnight UTC, by all processes.",
                   labels, [&quota, resource] { return static_cast<double>(quota.Look().used[resource]); });
    readings.Gauge("tidemark_quota_limit", "The day's budget; none is shown where it is unlimited.", labels,
                   [&quota, resource]() -> std::optional<double> {
                     const std::optional<int64_t> limit = quota.Look().budgets[resource];
                     if (!limit) return std::nullopt;
                     return static_cast<double>(*limit);
                   });
  }
  for (const QuotaState state : {QuotaState::kOpen, QuotaState::kReadPaused, QuotaState::kExhausted}) {
    readings.Gauge("tidemark_quota_state", "1 for the state that the day is in, else 0.",
                   {{"state", std::string(NameOf(state))}},
                   [&quota, state] { return quota.Look().state == state ? 1.0 : 0.0; });
  }
  readings.Gauge("tidemark_quota_cache_off", "1 while the cache's budget is used up and the cache is off.",
                 {}, [&quota] { return quota.CacheIsOff() ? 1.0 : 0.0; });
}

}  // namespace tidemark::ratelimit
