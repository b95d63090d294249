#include "services/ratelimit/engine/decision_counters.h"

namespace tidemark::ratelimit {

DecisionCounters::DecisionCounters(metrics::Registry& registry, const PolicySet& policies)
    : registry_(registry), by_policy_(CountersOf(policies)) {}

void DecisionCounters::Use(const PolicySet& policies) { by_policy_.Replace(CountersOf(policies)); }

DecisionCounters::ByPolicy DecisionCounters::CountersOf(const PolicySet& policies) const {
  const auto add = [this](const std::string& policy, const std::string& result) -> metrics::Counter& {
    return registry_.AddCounter("tidemark_ratelimit_decisions_total",
                                "Asks for tokens, by what became of them.",
                                {{"policy", policy}, {"result", result}});
  };
  ByPolicy counters;
  for (const auto& [name, policy] : policies.all()) {
    counters.emplace(name, Pair{.allowed = add(name, "allowed"), .limited = add(name, "limited")});
  }
  return counters;
}

void DecisionCounters::Count(const std::string& policy, bool allowed) {
  const ByPolicy& counters = by_policy_.Get();
  const auto found = counters.find(policy);
  if (found != counters.end()) (allowed ? found->second.allowed : found->second.limited).Increment();
}

}  // namespace tidemark::ratelimit
