#include "services/ratelimit/client/limiter.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace tidemark::ratelimit {
namespace {

// Rounded up: who waits that long finds the token.
int64_t WholeSeconds(absl::Duration duration) {
  return absl::ToInt64Seconds(absl::Ceil(duration, absl::Seconds(1)));
}

}  // namespace

Task<std::vector<Decision>> Limiter::Peek(std::string subject, std::vector<std::string> policies,
                                          Origin origin) {
  std::vector<Decision> buckets;
  for (const std::string& policy : policies) {
    Ask look{.subject = subject, .policy = policy, .cost = 0};
    buckets.push_back(co_await Acquire(std::move(look), origin));
  }
  co_return buckets;
}

absl::Status RateLimitedError(const Decision& decision, std::string detail) {
  return Error(Code::kRateLimited, detail, {.retry_after = decision.retry_after});
}

std::string RateLimitHeader(const Ask& ask, const Decision& decision) {
  return absl::StrCat("\"", ask.policy, "\";r=", decision.remaining,
                      ";t=", WholeSeconds(decision.reset_after));
}

std::string RateLimitPolicyHeader(const Ask& ask, const Decision& decision) {
  return absl::StrCat("\"", ask.policy, "\";q=", decision.limit, ";w=", WholeSeconds(decision.window));
}

}  // namespace tidemark::ratelimit
