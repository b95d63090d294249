#include "services/sync/storage/redis/redis_head_cache.h"

#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/sync/storage/redis/head_text.h"

namespace tidemark::sync {
namespace {

using Strings = std::vector<std::string>;

// A flush takes KEYS[2] with the fences, so the time from which the cache may be used is set anew.
constexpr char kIsCold[] = R"lua(
  local function is_cold(cold_for)
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local warm_at = tonumber(redis.call('GET', KEYS[2]))
    if not warm_at then
      warm_at = now + cold_for
      redis.call('SET', KEYS[2], warm_at, 'EX', 30 * 24 * 3600)
    end
    return now < warm_at
  end
)lua";

redis::Script* NewScript(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return new redis::Script(std::move(text));
}

// ARGV: lease token, lease in ms, ms to be cold. Returns a value, "lease", or "busy".
const redis::Script& ReadScript() {
  static const auto* const script = NewScript({kIsCold, R"lua(
    local held = redis.call('GET', KEYS[1])
    if not held then
      if is_cold(ARGV[3]) then return 'busy' end
      redis.call('SET', KEYS[1], 'lease:' .. ARGV[1], 'PX', ARGV[2])
      return 'lease'
    end
    if held:sub(1, 6) == 'lease:' or held:sub(1, 6) == 'fence:' then return 'busy' end
    return held
  )lua"});
  return *script;
}

// ARGV: lease token, value, time to live in ms.
const redis::Script& FillScript() {
  static const auto* const script = new redis::Script(R"lua(
    if redis.call('GET', KEYS[1]) == 'lease:' .. ARGV[1] then
      redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
    end
  )lua");
  return *script;
}

// A fence is `fence:<newest head published under it>|<owner>,<owner>…`, or `fence:*` where there are too many
// owners to tell: that one stays until it expires. The head of a fence that is to leave nothing is `none`. A
// stamp is below 2^53, exact as a Lua number.
constexpr char kFenceFunctions[] = R"lua(
  local function high_water(head) return tonumber(head:match('^%d+%-(%d+)%-')) end
  local function newest(a, b)
    if a == 'none' or b == '' then return a end
    if a == '' then return b end
    return high_water(a) < high_water(b) and b or a
  end
  local function is_one(owner, owners) return (',' .. owners .. ','):find(',' .. owner .. ',', 1, true) end
  local function fence_of(held) return held:match('^fence:([^|]*)|(.*)$') end
  local function without(owners, owner)
    local rest = {}
    for other in owners:gmatch('[^,]+') do
      if other ~= owner then rest[#rest + 1] = other end
    end
    return table.concat(rest, ',')
  end
  local function leave(key, owner, head, owners, time_to_live)
    local rest = without(owners, owner)
    if rest ~= '' then
      redis.call('SET', key, 'fence:' .. head .. '|' .. rest, 'KEEPTTL')
    elseif head == '' or head == 'none' then
      redis.call('DEL', key)
    else
      redis.call('SET', key, head, 'PX', time_to_live)
    end
  end
)lua";

// ARGV: owner, time to live in ms, bytes of owners that fit, "none" or "", ms to be cold.
const redis::Script& FenceScript() {
  static const auto* const script = NewScript({kIsCold, kFenceFunctions, R"lua(
    local held = redis.call('GET', KEYS[1]) or ''
    local head, owners = fence_of(held)
    if is_cold(ARGV[5]) or ARGV[4] == 'none' then head = 'none' end
    local fence = 'fence:' .. (head or '') .. '|' .. (owners and owners .. ',' or '') .. ARGV[1]
    if held == 'fence:*' or owners and #owners > tonumber(ARGV[3]) then fence = 'fence:*' end
    redis.call('SET', KEYS[1], fence, 'PX', ARGV[2])
  )lua"});
  return *script;
}

// ARGV: owner, head, time to live in ms.
const redis::Script& PublishScript() {
  static const auto* const script = NewScript({kFenceFunctions, R"lua(
    local held = redis.call('GET', KEYS[1])
    if not held or held == 'fence:*' then return end
    local head, owners = fence_of(held)
    if owners then
      -- Another's fence: its own expired or was lost, and what this one was put over may be newer.
      local left = is_one(ARGV[1], owners) and newest(head, ARGV[2]) or 'none'
      leave(KEYS[1], ARGV[1], left, owners, ARGV[3])
    elseif held:sub(1, 6) == 'lease:' then
      redis.call('DEL', KEYS[1])
    elseif newest(held, ARGV[2]) ~= held then
      redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
    end
  )lua"});
  return *script;
}

// ARGV: owner, time to live in ms of a head.
const redis::Script& UnfenceScript() {
  static const auto* const script = NewScript({kFenceFunctions, R"lua(
    local head, owners = fence_of(redis.call('GET', KEYS[1]) or '')
    if owners then leave(KEYS[1], ARGV[1], head, owners, ARGV[2]) end
  )lua"});
  return *script;
}

// Pushes of one user that are under way at once, about; more hide the head until the fence expires.
constexpr int kOwnersBytesMax = 1'600;

std::string Millis(absl::Duration duration) { return absl::StrCat(absl::ToInt64Milliseconds(duration)); }

metrics::Counter& ReadCounter(metrics::Registry& registry, const char* result) {
  return registry.AddCounter("tidemark_head_cache_reads_total",
                             "Reads of the head cache, by tier; what the near one misses is read from Redis.",
                             {{"tier", "redis"}, {"result", result}});
}

}  // namespace

RedisHeadCache::RedisHeadCache(redis::Client& redis, Random& random, metrics::Registry& registry,
                               HeadCacheOptions options)
    : redis_(redis),
      random_(random),
      options_(options),
      hits_(ReadCounter(registry, "hit")),
      misses_(ReadCounter(registry, "miss")),
      failures_(ReadCounter(registry, "failed")) {}

// Arguments are named before each co_await: g++ 12 miscompiles braced lists inside one.
Task<CacheRead> RedisHeadCache::Read(CacheSpace space, UserId user) {
  std::string lease = NewToken();
  Strings keys = Keys(space, user);
  Strings arguments{lease, Millis(options_.lease), Millis(options_.cold)};
  const absl::StatusOr<redis::Reply> reply =
      co_await redis_.Eval(ReadScript(), std::move(keys), std::move(arguments));
  CacheRead read;
  if (!reply.ok()) {
    failures_.Increment();
    co_return read;
  }
  read.head = ParseHead(reply->text);
  (read.head ? hits_ : misses_).Increment();
  if (reply->text == "lease") read.lease = std::move(lease);
  co_return read;
}

Task<void> RedisHeadCache::Fill(CacheSpace space, UserId user, std::string lease, Head head) {
  Strings keys = Keys(space, user);
  Strings arguments{std::move(lease), FormatHead(head), Millis(options_.time_to_live)};
  (void)co_await redis_.Eval(FillScript(), std::move(keys), std::move(arguments));
}

Task<std::optional<std::string>> RedisHeadCache::Fence(CacheSpace space, UserId user, FenceLeaves leaves) {
  std::string owner = NewToken();
  Strings keys = Keys(space, user);
  Strings arguments{owner, Millis(options_.fence), absl::StrCat(kOwnersBytesMax),
                    leaves == FenceLeaves::kNothing ? "none" : "", Millis(options_.cold)};
  const absl::StatusOr<redis::Reply> reply =
      co_await redis_.Eval(FenceScript(), std::move(keys), std::move(arguments));
  if (!reply.ok()) co_return std::nullopt;
  co_return owner;
}

Task<void> RedisHeadCache::Publish(CacheSpace space, UserId user, std::string owner, Head head) {
  Strings keys = Keys(space, user);
  Strings arguments{std::move(owner), FormatHead(head), Millis(options_.time_to_live)};
  (void)co_await redis_.Eval(PublishScript(), std::move(keys), std::move(arguments));
}

Task<void> RedisHeadCache::Unfence(CacheSpace space, UserId user, std::string owner) {
  Strings keys = Keys(space, user);
  Strings arguments{std::move(owner), Millis(options_.time_to_live)};
  (void)co_await redis_.Eval(UnfenceScript(), std::move(keys), std::move(arguments));
}

std::vector<std::string> RedisHeadCache::Keys(const CacheSpace& space, const UserId& user) const {
  const std::string prefix =
      absl::StrCat("head:", redis_.run_id(), ":", space.generation, ":", space.epoch.value(), ":");
  return {prefix + user.value(), prefix + "warm_at"};
}

std::string RedisHeadCache::NewToken() { return absl::BytesToHexString(random_.Bytes(12)); }

}  // namespace tidemark::sync
