#include "services/sync/storage/redis/redis_head_cache.h"

#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace tidemark::sync {
namespace {

using Strings = std::vector<std::string>;

// ARGV: lease token, lease in ms. Returns a value, "lease", or "busy".
const redis::Script& ReadScript() {
  static const auto* const script = new redis::Script(R"lua(
    local held = redis.call('GET', KEYS[1])
    if not held then
      redis.call('SET', KEYS[1], 'lease:' .. ARGV[1], 'PX', ARGV[2])
      return 'lease'
    end
    if held:sub(1, 6) == 'lease:' or held:sub(1, 6) == 'fence:' then return 'busy' end
    return held
  )lua");
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

// ARGV: owner, value, time to live in ms, the value's high_water. A stamp is below 2^53, exact as a Lua
// number.
const redis::Script& PublishScript() {
  static const auto* const script = new redis::Script(R"lua(
    local held = redis.call('GET', KEYS[1])
    if not held then return end
    local kind = held:sub(1, 6)
    if kind == 'lease:' then
      redis.call('DEL', KEYS[1])
    elseif kind == 'fence:' then
      if held ~= 'fence:' .. ARGV[1] then return end
      redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
    elseif tonumber(held:match('^%d+%-(%d+)%-')) < tonumber(ARGV[4]) then
      redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
    end
  )lua");
  return *script;
}

// ARGV: owner.
const redis::Script& UnfenceScript() {
  static const auto* const script = new redis::Script(R"lua(
    if redis.call('GET', KEYS[1]) == 'fence:' .. ARGV[1] then redis.call('DEL', KEYS[1]) end
  )lua");
  return *script;
}

std::string Millis(absl::Duration duration) { return absl::StrCat(absl::ToInt64Milliseconds(duration)); }

std::string FormatValue(const Head& head) {
  return absl::StrCat(head.live_count, "-", head.high_water.value, "-", head.version_sum);
}

std::optional<Head> ParseValue(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '-');
  Head head;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &head.live_count) ||
      !absl::SimpleAtoi(parts[1], &head.high_water.value) || !absl::SimpleAtoi(parts[2], &head.version_sum)) {
    return std::nullopt;
  }
  return head;
}

metrics::Counter& ReadCounter(metrics::Registry& registry, const char* result) {
  return registry.AddCounter("tidemark_head_cache_reads_total", "Reads of the head cache.",
                             {{"result", result}});
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
  Strings keys{Key(space, user)};
  Strings arguments{lease, Millis(options_.lease)};
  const absl::StatusOr<redis::Reply> reply =
      co_await redis_.Eval(ReadScript(), std::move(keys), std::move(arguments));
  CacheRead read;
  if (!reply.ok()) {
    failures_.Increment();
    co_return read;
  }
  read.head = ParseValue(reply->text);
  (read.head ? hits_ : misses_).Increment();
  if (reply->text == "lease") read.lease = std::move(lease);
  co_return read;
}

Task<void> RedisHeadCache::Fill(CacheSpace space, UserId user, std::string lease, Head head) {
  Strings keys{Key(space, user)};
  Strings arguments{std::move(lease), FormatValue(head), Millis(options_.time_to_live)};
  (void)co_await redis_.Eval(FillScript(), std::move(keys), std::move(arguments));
}

Task<std::optional<std::string>> RedisHeadCache::Fence(CacheSpace space, UserId user) {
  std::string owner = NewToken();
  Strings command{"SET", Key(space, user), absl::StrCat("fence:", owner), "PX", Millis(options_.fence)};
  const absl::StatusOr<redis::Reply> reply = co_await redis_.Command(std::move(command));
  if (!reply.ok()) co_return std::nullopt;
  co_return owner;
}

Task<bool> RedisHeadCache::Publish(CacheSpace space, UserId user, std::string owner, Head head) {
  Strings keys{Key(space, user)};
  Strings arguments{std::move(owner), FormatValue(head), Millis(options_.time_to_live),
                    absl::StrCat(head.high_water.value)};
  const absl::StatusOr<redis::Reply> reply =
      co_await redis_.Eval(PublishScript(), std::move(keys), std::move(arguments));
  co_return reply.ok();
}

Task<void> RedisHeadCache::Unfence(CacheSpace space, UserId user, std::string owner) {
  Strings keys{Key(space, user)};
  Strings arguments{std::move(owner)};
  (void)co_await redis_.Eval(UnfenceScript(), std::move(keys), std::move(arguments));
}

// The braces make a cluster keep one user's keys together.
std::string RedisHeadCache::Key(const CacheSpace& space, const UserId& user) const {
  return absl::StrCat("head:", redis_.run_id(), ":", space.generation, ":", space.epoch.value(), ":{",
                      user.value(), "}");
}

std::string RedisHeadCache::NewToken() { return absl::BytesToHexString(random_.Bytes(12)); }

}  // namespace tidemark::sync
