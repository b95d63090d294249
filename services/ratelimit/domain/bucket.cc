#include "services/ratelimit/domain/bucket.h"

#include <algorithm>
#include <variant>

namespace tidemark::ratelimit {
namespace {

int64_t IntervalMillis(const TokenBucket& kind) { return absl::ToInt64Milliseconds(kind.refill_interval); }

Bucket Full(const TokenBucket& kind, UnixMillis now) { return {kind.capacity, now}; }
Bucket Full(const DailyCounter& kind, UnixMillis now) { return {kind.limit, MidnightBefore(now)}; }

Bucket Refilled(const TokenBucket& kind, Bucket bucket, UnixMillis now) {
  const int64_t interval = IntervalMillis(kind);
  const int64_t earned = std::max<int64_t>(0, now.value - bucket.since.value) / interval;
  if (earned >= kind.capacity - bucket.tokens) return Full(kind, std::max(now, bucket.since));
  return {bucket.tokens + earned, {bucket.since.value + earned * interval}};
}

Bucket Refilled(const DailyCounter& kind, Bucket bucket, UnixMillis now) {
  if (MidnightBefore(now) > bucket.since) return Full(kind, now);
  // What a token bucket of that name left, before the limits file made it a counter, began at no midnight.
  return {std::min(bucket.tokens, kind.limit), MidnightBefore(bucket.since)};
}

// When the bucket will hold `tokens`, more than it holds now.
UnixMillis HoldsAt(const TokenBucket& kind, Bucket bucket, int64_t tokens) {
  return {bucket.since.value + (tokens - bucket.tokens) * IntervalMillis(kind)};
}
UnixMillis HoldsAt(const DailyCounter&, Bucket bucket, int64_t) { return {bucket.since.value + kDayMillis}; }

absl::Duration Until(UnixMillis then, UnixMillis now) {
  return absl::Milliseconds(std::max<int64_t>(0, then.value - now.value));
}

template <typename Kind>
Taken TakeFrom(const Kind& kind, const std::optional<Bucket>& stored, int64_t cost, UnixMillis now) {
  Bucket bucket = stored ? Refilled(kind, *stored, now) : Full(kind, now);
  const bool allowed = cost <= bucket.tokens;
  if (allowed) bucket.tokens -= cost;
  const UnixMillis full_at = HoldsAt(kind, bucket, LimitOf(kind));
  const absl::Duration retry_after = allowed ? absl::ZeroDuration() : Until(HoldsAt(kind, bucket, cost), now);
  return {.decision = {.allowed = allowed,
                       .remaining = bucket.tokens,
                       .limit = LimitOf(kind),
                       .retry_after = retry_after,
                       .reset_after = Until(full_at, now),
                       .window = WindowOf(kind)},
          .bucket = bucket,
          .full_at = full_at};
}

}  // namespace

Taken Take(const Policy& policy, const std::optional<Bucket>& stored, int64_t cost, UnixMillis now) {
  return std::visit([&](const auto& kind) { return TakeFrom(kind, stored, cost, now); }, policy.kind);
}

}  // namespace tidemark::ratelimit
