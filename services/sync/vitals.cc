#include "services/sync/vitals.h"

#include <algorithm>

#include "services/sync/transport/convert.h"

namespace tidemark::sync {
namespace {

void AddTier(const char* name, int64_t reads, int64_t hits, v1::GetStatusResponse& status) {
  v1::CacheTierStatus& tier = *status.add_cache_tiers();
  tier.set_name(name);
  tier.set_reads(reads);
  tier.set_hits(hits);
}

}  // namespace

void TellDay(const ratelimit::Today& today, const CacheShares& shares, bool has_near,
             v1::GetStatusResponse& status) {
  ToProto(today, *status.mutable_quota());
  // In this order, so that a read that comes meanwhile is not counted as one of memory's.
  const vitals::Reads all = shares.all.InLastHour();
  const vitals::Reads redis = shares.redis.InLastHour();
  if (has_near) {
    AddTier("memory", all.all, std::max<int64_t>(0, all.all - redis.all), status);
  }
  AddTier("redis", redis.all, redis.hits, status);
}

}  // namespace tidemark::sync
