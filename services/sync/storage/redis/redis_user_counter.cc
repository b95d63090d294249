#include "services/sync/storage/redis/redis_user_counter.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace tidemark::sync {
namespace {

// Lua takes no more than some thousands of arguments at once.
constexpr std::size_t kTogetherMax = 1'000;

// ARGV: users. Kept until nobody asks for the day any more.
const redis::Script& AddScript() {
  static const auto* const script = new redis::Script(R"lua(
    if #ARGV > 0 then
      redis.call('PFADD', KEYS[1], unpack(ARGV))
      redis.call('EXPIRE', KEYS[1], 2 * 24 * 3600)
    end
    return redis.call('PFCOUNT', KEYS[1])
  )lua");
  return *script;
}

}  // namespace

RedisUserCounter::RedisUserCounter(redis::Client& redis, std::string prefix)
    : redis_(redis), prefix_(std::move(prefix)) {}

Task<absl::StatusOr<int64_t>> RedisUserCounter::Add(DayNumber day, std::vector<uint64_t> users) {
  std::size_t sent = 0;
  for (;;) {
    std::vector<std::string> arguments;
    for (const std::size_t end = std::min(users.size(), sent + kTogetherMax); sent < end; ++sent) {
      arguments.push_back(absl::StrCat(absl::Hex(users[sent])));
    }
    std::vector<std::string> keys = {absl::StrCat(prefix_, day.value)};
    const absl::StatusOr<redis::Reply> reply =
        co_await redis_.Eval(AddScript(), std::move(keys), std::move(arguments));
    if (!reply.ok()) co_return reply.status();
    if (sent == users.size()) co_return reply->integer;
  }
}

}  // namespace tidemark::sync
