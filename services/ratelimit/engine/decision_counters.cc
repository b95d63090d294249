#include "services/ratelimit/engine/decision_counters.h"

namespace tidemark::ratelimit {

DecisionCounters::DecisionCounters(metrics::Registry& registry, const PolicySet& policies) {
  auto add = [&registry](const std::string& policy, const std::string& result) -> metrics::Counter& {
    return registry.AddCounter("tidemark_ratelimit_decisions_total",
                               "Asks for tokens, by what became of them.",
                               {{"policy", policy}, {"result", result}});
  };
  for (const auto& [name, policy] : policies.all()) {
    by_policy_.emplace(name, Pair{.allowed = add(name, "allowed"), .limited = add(name, "limited")});
  }
}

void DecisionCounters::Count(const std::string& policy, bool allowed) {
  Pair& pair = by_policy_.at(policy);
  (allowed ? pair.allowed : pair.limited).Increment();
}

}  // namespace tidemark::ratelimit
