// What tidemark-sync alone knows for the status page.
#pragma once

#include "common/vitals/hit_share.h"
#include "common/vitals/vitals.h"
#include "services/ratelimit/client/quota.h"

namespace tidemark::sync {

// Reads of the head cache: those that reached Redis' tier, and all.
struct CacheShares {
  vitals::HitShare redis;
  vitals::HitShare all;
};

// The day's quota and the cache's tiers. `has_near`: what Redis' tier was not asked, the process' own memory
// (--near-cache) has answered.
void TellDay(const ratelimit::Today& today, const CacheShares& shares, bool has_near,
             v1::GetStatusResponse& status);

}  // namespace tidemark::sync
