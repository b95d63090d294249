#include "bench/seed/head_filler.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "bench/users/failed.h"
#include "common/clock/clock.h"
#include "common/redis/reply.h"
#include "common/redis/server_address.h"
#include "services/sync/storage/redis/head_text.h"
#include "services/sync/storage/redis/redis_head_cache.h"

namespace tidemark::bench {
namespace {

constexpr int kPipelined = 1'000;
// As RedisHeadCache has it.
constexpr absl::Duration kWarmthLasts = absl::Hours(24 * 30);

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

redis::ServerAddress AddressOf(const std::string& url) {
  absl::StatusOr<redis::ServerAddress> address = redis::ParseServerAddress(url);
  if (!address.ok()) throw Failed(absl::StrCat("redis-url: ", address.status().message()));
  return *std::move(address);
}

redisContext* Connect(const redis::ServerAddress& address) {
  int port = 0;
  if (!absl::SimpleAtoi(address.port, &port)) throw Failed("redis-url: no port");
  redisContext* context = redisConnect(address.host.c_str(), port);
  if (context == nullptr) throw Failed("no memory for a connection to Redis");
  return context;
}

}  // namespace

HeadFiller::HeadFiller(const std::string& redis_url, const std::string& epoch,
                       const std::string& generation) {
  const redis::ServerAddress address = AddressOf(redis_url);
  redis_.reset(Connect(address));
  if (redis_->err != 0) Fail();
  if (!address.password.empty()) AskText(absl::StrCat("AUTH ", address.password).c_str());
  if (!address.database.empty()) AskText(absl::StrCat("SELECT ", address.database).c_str());
  const std::string run_id = redis::InfoField(AskText("INFO server"), "run_id");
  // As RedisHeadCache names them.
  prefix_ = absl::StrCat("head:", run_id, ":", generation, ":", epoch, ":");
  BeginToWarm();
}

void HeadFiller::Fill(std::string_view user, const DeviceState& state) {
  const std::string key = prefix_ + std::string(user);
  const std::string head = sync::FormatHead({.high_water = {state.cursor},
                                             .live_count = state.live_count,
                                             .version_sum = state.version_sum,
                                             .purged_through = {}});
  const auto millis =
      static_cast<long long>(absl::ToInt64Milliseconds(sync::HeadCacheOptions().time_to_live));
  if (redisAppendCommand(redis_.get(), "SET %s %s NX PX %lld", key.c_str(), head.c_str(), millis) != REDIS_OK)
    Fail();
  if (++unanswered_ == kPipelined) ReadAnswers();
}

void HeadFiller::Finish() { ReadAnswers(); }

std::string HeadFiller::AskText(const char* command) {
  const Reply reply(static_cast<redisReply*>(redisCommand(redis_.get(), command)));
  if (reply == nullptr) Fail();
  if (reply->type == REDIS_REPLY_ERROR) throw Failed(absl::StrCat("Redis: ", reply->str));
  return reply->type == REDIS_REPLY_NIL ? "" : std::string(reply->str, reply->len);
}

void HeadFiller::BeginToWarm() {
  const int64_t warm_at =
      SystemClock().Now().value + absl::ToInt64Milliseconds(sync::HeadCacheOptions().cold);
  const auto seconds = absl::ToInt64Seconds(kWarmthLasts);
  AskText(absl::StrCat("SET ", prefix_, "warm_at ", warm_at, " EX ", seconds, " NX").c_str());
}

void HeadFiller::ReadAnswers() {
  for (; unanswered_ > 0; --unanswered_) {
    void* raw = nullptr;
    if (redisGetReply(redis_.get(), &raw) != REDIS_OK) Fail();
    const Reply reply(static_cast<redisReply*>(raw));
    if (reply->type == REDIS_REPLY_ERROR) throw Failed(absl::StrCat("Redis: ", reply->str));
  }
}

void HeadFiller::Fail() { throw Failed(absl::StrCat("Redis: ", redis_->errstr)); }

}  // namespace tidemark::bench
