// The arithmetic of a bucket, pure (SPEC 7).
//
//   Taken taken = Take(policy, stored, /*cost=*/1, now);
//   if (taken.decision.allowed) stored = taken.bucket;      // may be forgotten at taken.full_at
//
// Law: whatever the order of asks, costs and times, a token bucket issues at most
//   capacity + (newest time - first time) / interval
// tokens, and a daily counter at most `limit` for each UTC day from the first to the newest. What is refused
// changes nothing, so asking often delays nothing.
#pragma once

#include <cstdint>
#include <optional>

#include "common/clock/clock.h"
#include "services/ratelimit/domain/decision.h"
#include "services/ratelimit/domain/policy.h"

namespace tidemark::ratelimit {

// What is left of one subject's tokens.
struct Bucket {
  int64_t tokens = 0;
  // Tokens are added up to here. What has passed since is the remainder: the part of the next token that is
  // already earned. A daily counter's is the midnight its day began with.
  UnixMillis since;
};

struct Taken {
  Decision decision;
  // What to keep if tokens were taken; a refusal or a look leaves what was stored.
  Bucket bucket;
  // From then on `bucket` equals no bucket at all.
  UnixMillis full_at;
};

// Nothing `stored` is a full bucket. `cost` is 0 … LimitOf(policy); 0 only looks. A `now` before the last one
// adds nothing and takes nothing away: refilling goes on when the clock is again where it was.
Taken Take(const Policy& policy, const std::optional<Bucket>& stored, int64_t cost, UnixMillis now);

}  // namespace tidemark::ratelimit
