#include "services/ratelimit/storage/redis_store.h"

#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"

namespace tidemark::ratelimit {
namespace {

// domain/bucket.cc in Lua, held to it by the contract suite. Numbers are whole and below 2^53 (kWindowMax),
// so that doubles carry them exactly; %.0f because tostring would write 1.7e+12. A passed time runs apart
// from Redis' clock, which expires keys: such a bucket is kept for an hour at least.
const redis::Script& TakeScript() {
  static const redis::Script script(R"lua(
local kind, limit, interval, cost = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local now, kept_at_least = tonumber(ARGV[5]), 3600000
if not now then
  local time = redis.call('TIME')
  now, kept_at_least = time[1] * 1000 + math.floor(time[2] / 1000), 1
end

local function full()
  if kind == 'day' then return limit, now - now % interval end
  return limit, now
end

local function refilled(tokens, since)
  if kind == 'day' then
    if now - now % interval > since then return full() end
    return math.min(tokens, limit), since - since % interval
  end
  local earned = math.floor(math.max(0, now - since) / interval)
  if earned >= limit - tokens then return limit, math.max(now, since) end
  return tokens + earned, since + earned * interval
end

local function wait_until_holds(tokens, since, wanted)
  if kind == 'day' then return math.max(0, since + interval - now) end
  return math.max(0, since + (wanted - tokens) * interval - now)
end

local tokens, since = full()
local stored = redis.call('GET', KEYS[1])
if stored then
  local stored_tokens, stored_since = string.match(stored, '^(%d+) (%d+)$')
  tokens, since = refilled(tonumber(stored_tokens), tonumber(stored_since))
end

if cost > tokens then
  return {0, tokens, wait_until_holds(tokens, since, cost), wait_until_holds(tokens, since, limit)}
end
tokens = tokens - cost
local reset_after = wait_until_holds(tokens, since, limit)
if cost > 0 then
  redis.call('SET', KEYS[1], string.format('%.0f %.0f', tokens, since),
             'PX', string.format('%.0f', math.max(kept_at_least, reset_after)))
end
return {1, tokens, 0, reset_after}
)lua");
  return script;
}

std::vector<std::string> KindArguments(const TokenBucket& kind) {
  return {"bucket", absl::StrCat(kind.capacity),
          absl::StrCat(absl::ToInt64Milliseconds(kind.refill_interval))};
}
std::vector<std::string> KindArguments(const DailyCounter& kind) {
  return {"day", absl::StrCat(kind.limit), absl::StrCat(absl::ToInt64Milliseconds(kDay))};
}

std::vector<std::string> Arguments(const Policy& policy, int64_t cost, std::optional<UnixMillis> now) {
  std::vector<std::string> arguments =
      std::visit([](const auto& kind) { return KindArguments(kind); }, policy.kind);
  arguments.push_back(absl::StrCat(cost));
  arguments.push_back(now ? absl::StrCat(now->value) : "");
  return arguments;
}

absl::StatusOr<Decision> Decode(const redis::Reply& reply, const Policy& policy) {
  if (reply.elements.size() != 4) return absl::InternalError("the bucket script gave no four numbers");
  return Decision{.allowed = reply.elements[0].integer == 1,
                  .remaining = reply.elements[1].integer,
                  .limit = LimitOf(policy),
                  .retry_after = absl::Milliseconds(reply.elements[2].integer),
                  .reset_after = absl::Milliseconds(reply.elements[3].integer),
                  .window = WindowOf(policy)};
}

}  // namespace

RedisStore::RedisStore(redis::Client& redis) : redis_(redis) {}

Task<absl::StatusOr<Decision>> RedisStore::Take(Policy policy, std::string subject, int64_t cost,
                                                std::optional<UnixMillis> now, Origin) {
  std::vector<std::string> keys = {absl::StrCat("bucket:", policy.name, ":", subject)};
  std::vector<std::string> arguments = Arguments(policy, cost, now);
  absl::StatusOr<redis::Reply> reply =
      co_await redis_.Eval(TakeScript(), std::move(keys), std::move(arguments));
  if (!reply.ok()) co_return reply.status();
  co_return Decode(*reply, policy);
}

}  // namespace tidemark::ratelimit
