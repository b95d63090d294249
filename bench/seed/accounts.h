// The users' accounts, so that they can sign in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/clock/clock.h"
#include "common/random/random.h"

namespace tidemark::bench {

// A random id, greater than those of the users before it: rows that arrive in the order of their keys are
// stored in a fraction of the time. Ids are spread over all there can be, so that later seedings fall among
// them.
std::string UserIdAt(int64_t user, int64_t users, Random& random);

// The table with the columns of the line below.
extern const char kAccountTable[];

// `password_hash` is the same for everybody: hashing a million passwords would take hours.
std::string AccountLine(std::string_view user, std::string_view password_hash, UnixMillis created_at);

}  // namespace tidemark::bench
