#include <iterator>
#include <utility>

#include "services/sync/engine/engine.h"

namespace tidemark::sync {
namespace {

// Those of a user; the other policies' are an address' or an account's.
const char* const kPolicies[] = {"sync", "check", "live", "other", "push_reserve", "v1_sync"};

}  // namespace

Task<absl::StatusOr<UsageAnswer>> Engine::GetUsage(Call& call) {
  if (absl::Status admitted = co_await admission_.Usage(call); !admitted.ok()) co_return admitted;
  std::vector<std::string> policies(std::begin(kPolicies), std::end(kPolicies));
  std::vector<ratelimit::Decision> seen = co_await limiter_.Peek(call.user.value(), policies, call.origin);
  UsageAnswer answer{.buckets = {}, .today = quota_.Look()};
  for (std::size_t i = 0; i < policies.size(); ++i) {
    answer.buckets.push_back({std::move(policies[i]), seen[i]});
  }
  co_return answer;
}

}  // namespace tidemark::sync
