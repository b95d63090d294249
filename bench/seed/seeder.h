// Fills a running Tidemark with users, each with a device that has pushed their tasks.
#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace tidemark::bench {

struct SeedPlan {
  std::string postgres_owner_url;
  std::string redis_url;
  std::string master_key;
  int64_t users = 1'000;
  // Of each user.
  int64_t tasks = 20;
  std::string users_file;
  absl::Duration token_lifetime = absl::Hours(24);
};

// Adds to what is there. In memory that does not grow with the users. Throws Failed; the users file then is
// not written, and what is stored already is of users that nobody knows.
void Seed(const SeedPlan& plan);

}  // namespace tidemark::bench
