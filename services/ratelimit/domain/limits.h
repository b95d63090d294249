// What a limits file holds.
#pragma once

#include "services/ratelimit/domain/policy.h"
#include "services/ratelimit/domain/quota.h"

namespace tidemark::ratelimit {

struct Limits {
  PolicySet policies;
  Budgets budgets;
};

}  // namespace tidemark::ratelimit
