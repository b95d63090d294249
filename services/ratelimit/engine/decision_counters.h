// tidemark_ratelimit_decisions_total{policy,result}: how often each policy allowed and refused.
#pragma once

#include <map>
#include <string>

#include "common/metrics/metrics.h"
#include "services/ratelimit/domain/policy.h"

namespace tidemark::ratelimit {

// Thread-safe.
class DecisionCounters {
 public:
  // All counters are there from the start, at 0. `registry` outlives them.
  DecisionCounters(metrics::Registry& registry, const PolicySet& policies);
  // `policy` is a name of the set.
  void Count(const std::string& policy, bool allowed);

 private:
  struct Pair {
    metrics::Counter& allowed;
    metrics::Counter& limited;
  };
  std::map<std::string, Pair> by_policy_;
};

}  // namespace tidemark::ratelimit
