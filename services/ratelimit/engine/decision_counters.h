// tidemark_ratelimit_decisions_total{policy,result}: how often each policy allowed and refused.
#pragma once

#include <map>
#include <string>

#include "common/metrics/metrics.h"
#include "common/mutex/versioned.h"
#include "services/ratelimit/domain/policy.h"

namespace tidemark::ratelimit {

// Thread-safe.
class DecisionCounters {
 public:
  // All counters are there from the start, at 0. `registry` outlives them.
  DecisionCounters(metrics::Registry& registry, const PolicySet& policies);
  // The policies have changed. Those that stay are counted on.
  void Use(const PolicySet& policies);
  // A policy that is not in the set is not counted.
  void Count(const std::string& policy, bool allowed);

 private:
  struct Pair {
    metrics::Counter& allowed;
    metrics::Counter& limited;
  };
  using ByPolicy = std::map<std::string, Pair>;

  ByPolicy CountersOf(const PolicySet& policies) const;

  metrics::Registry& registry_;
  Versioned<ByPolicy> by_policy_;
};

}  // namespace tidemark::ratelimit
