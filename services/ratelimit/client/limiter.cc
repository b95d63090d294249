#include "services/ratelimit/client/limiter.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace tidemark::ratelimit {
namespace {

// Rounded up: who waits that long finds the token.
int64_t WholeSeconds(absl::Duration duration) {
  return absl::ToInt64Seconds(absl::Ceil(duration, absl::Seconds(1)));
}

}  // namespace

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
