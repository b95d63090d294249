// The day's counts as a message and back, for both ends of Report.
#pragma once

#include "services/ratelimit/domain/quota.h"
#include "tidemark/v1/ratelimit.pb.h"

namespace tidemark::ratelimit {

void EncodeCounts(const DayCounts& counts, v1::DayCounts& message);
DayCounts DecodeCounts(const v1::DayCounts& message);

}  // namespace tidemark::ratelimit
