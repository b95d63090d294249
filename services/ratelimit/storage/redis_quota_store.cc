#include "services/ratelimit/storage/redis_quota_store.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace tidemark::ratelimit {
namespace {

// ARGV: reporter, number, now or nothing, then a name and a count for each resource. domain/quota.cc in Lua,
// held to it by the contract suite. Counts are below 2^53, so that doubles carry them exactly; %.0f because
// tostring would write 1.7e+12.
const redis::Script& AddScript() {
  static const redis::Script script(R"lua(
local reporter, number, now = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local day, count_max = 86400000, 2^53 - 1

local fields = {'report:' .. reporter, 'since'}
for i = 4, #ARGV, 2 do fields[#fields + 1] = ARGV[i] end
local held = redis.call('HMGET', KEYS[1], unpack(fields))
local last, since = tonumber(held[1]) or 0, tonumber(held[2])

local midnight = now - now % day
local begins = not since or midnight > since
if begins then since = midnight end
local is_new = reporter ~= '' and number > last

local told = {since}
local written = {fields[1], ARGV[2], 'since', string.format('%.0f', since)}
for i = 3, #fields do
  local count = begins and 0 or tonumber(held[i]) or 0
  if is_new then count = math.min(count_max, count + tonumber(ARGV[2 * i - 1])) end
  told[#told + 1] = count
  written[#written + 1] = fields[i]
  written[#written + 1] = string.format('%.0f', count)
end
if not is_new then return told end
if begins then redis.call('DEL', KEYS[1]) end
redis.call('HSET', KEYS[1], unpack(written))
if begins then redis.call('PEXPIRE', KEYS[1], 2 * day) end
return told
)lua");
  return script;
}

std::vector<std::string> Arguments(const QuotaReport& report, std::optional<UnixMillis> now) {
  std::vector<std::string> arguments = {report.reporter, absl::StrCat(report.number),
                                        now ? absl::StrCat(now->value) : ""};
  for (const Resource resource : kResources) {
    arguments.emplace_back(NameOf(resource));
    arguments.push_back(absl::StrCat(report.counts[resource]));
  }
  return arguments;
}

absl::StatusOr<Day> Decode(const redis::Reply& reply) {
  if (reply.elements.size() != 1 + kResources.size()) {
    return absl::InternalError("the quota script gave no day and counts");
  }
  Day day{.since = {reply.elements[0].integer}, .counts = {}};
  for (const Resource resource : kResources) {
    day.counts[resource] = reply.elements[1 + static_cast<size_t>(resource)].integer;
  }
  return day;
}

}  // namespace

Task<absl::StatusOr<Day>> RedisQuotaStore::Add(QuotaReport report, std::optional<UnixMillis> now) {
  std::vector<std::string> keys = {key_};
  std::vector<std::string> arguments = Arguments(report, now);
  absl::StatusOr<redis::Reply> reply =
      co_await redis_.Eval(AddScript(), std::move(keys), std::move(arguments));
  if (!reply.ok()) co_return reply.status();
  co_return Decode(*reply);
}

}  // namespace tidemark::ratelimit
