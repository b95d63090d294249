#include "services/ratelimit/client/quota_codec.h"

namespace tidemark::ratelimit {

void EncodeCounts(const DayCounts& counts, v1::DayCounts& message) {
  message.set_requests(counts[Resource::kRequests]);
  message.set_database_reads(counts[Resource::kDatabaseReads]);
  message.set_database_writes(counts[Resource::kDatabaseWrites]);
  message.set_cache_reads(counts[Resource::kCacheReads]);
  message.set_cache_writes(counts[Resource::kCacheWrites]);
}

DayCounts DecodeCounts(const v1::DayCounts& message) {
  DayCounts counts;
  counts[Resource::kRequests] = message.requests();
  counts[Resource::kDatabaseReads] = message.database_reads();
  counts[Resource::kDatabaseWrites] = message.database_writes();
  counts[Resource::kCacheReads] = message.cache_reads();
  counts[Resource::kCacheWrites] = message.cache_writes();
  return counts;
}

}  // namespace tidemark::ratelimit
