// The day's quota in /metrics: tidemark_quota_used{resource}, tidemark_quota_limit{resource} and
// tidemark_quota_state{state}.
#pragma once

#include "common/metrics/metrics.h"
#include "services/ratelimit/client/quota.h"

namespace tidemark::ratelimit {

// `quota` outlives `readings`. Each process tells all processes' use, as it knows it.
void ShowQuota(const Quota& quota, metrics::Readings& readings);

}  // namespace tidemark::ratelimit
