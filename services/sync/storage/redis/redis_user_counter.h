// The UserCounter in Redis: a HyperLogLog a day, 12 KB for any number of users, right to about 1 %. From it
// no user can be told.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/redis/client.h"
#include "services/sync/storage/user_counter.h"

namespace tidemark::sync {

class RedisUserCounter : public UserCounter {
 public:
  // `redis` outlives this. Keys begin with `prefix`.
  explicit RedisUserCounter(redis::Client& redis, std::string prefix = "users:");
  Task<absl::StatusOr<int64_t>> Add(DayNumber day, std::vector<uint64_t> users) override;

 private:
  redis::Client& redis_;
  const std::string prefix_;
};

}  // namespace tidemark::sync
