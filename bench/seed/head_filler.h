// Puts users' heads into Redis, as the service does at a user's first check.
#pragma once

#include <hiredis/hiredis.h>

#include <memory>
#include <string>
#include <string_view>

#include "bench/users/device.h"

namespace tidemark::bench {

// Methods throw Failed.
class HeadFiller {
 public:
  // Of the data set `epoch`, under the `generation` that PostgreSQL tells. A cache that nobody has used yet
  // is cold for a while (decision 15): the while begins now, not in the midst of a measurement.
  HeadFiller(const std::string& redis_url, const std::string& epoch, const std::string& generation);

  // Leaves alone what is there. True to the cache's rules (storage/head_cache.h) without a lease: nobody has
  // pushed these users but the one seeding, whose rows are committed.
  void Fill(std::string_view user, const DeviceState& state);
  // Returns when Redis has them all.
  void Finish();

 private:
  struct Free {
    void operator()(redisContext* context) const { redisFree(context); }
  };
  std::string AskText(const char* command);
  void BeginToWarm();
  void ReadAnswers();
  [[noreturn]] void Fail();

  std::unique_ptr<redisContext, Free> redis_;
  std::string prefix_;
  int unanswered_ = 0;
};

}  // namespace tidemark::bench
