// How services ask for a token of a bucket (SPEC 7). The interface behind which calls can be coalesced.
//
//   Decision decision = co_await limiter.Acquire({.subject = user.value(), .policy = "check"}, origin);
//   if (!decision.allowed) co_return RateLimitedError(decision);
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/async/task.h"
#include "common/origin/origin.h"
#include "services/ratelimit/domain/decision.h"

namespace tidemark::ratelimit {

struct Ask {
  // A user id, an account or an address.
  std::string subject;
  // A policy's name, e.g. "sync".
  std::string policy;
  // 0 only looks.
  int64_t cost = 1;
};

// Thread-safe.
class Limiter {
 public:
  virtual ~Limiter() = default;
  // Never fails: while the rate limit service or its Redis is away, buckets are kept in this process' memory
  // (bounded), with the same arithmetic. An unknown policy is a programming error.
  virtual Task<Decision> Acquire(Ask ask, Origin origin) = 0;
  // What is in the subject's buckets of `policies`, in their order. Takes nothing, and never fails either.
  // Here: an Acquire of nothing for each.
  virtual Task<std::vector<Decision>> Peek(std::string subject, std::vector<std::string> policies,
                                           Origin origin);
};

// `rate_limited` with retry_after. `detail` is shown to the caller.
absl::Status RateLimitedError(const Decision& decision, std::string detail = "Too many requests");

// The values of the RateLimit and RateLimit-Policy headers (IETF draft-ietf-httpapi-ratelimit-headers):
// `"sync";r=9;t=14400` and `"sync";q=10;w=144000`.
std::string RateLimitHeader(const Ask& ask, const Decision& decision);
std::string RateLimitPolicyHeader(const Ask& ask, const Decision& decision);

}  // namespace tidemark::ratelimit
