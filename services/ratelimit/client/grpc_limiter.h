// The Limiter of every process that serves users: asks the rate limit service.
//
//   absl::StatusOr<PolicySet> policies = LoadPolicies(settings.limits_file);
//   GrpcLimiter limiter(loops, {.address = "127.0.0.1:50053", .service_token = settings.service_token},
//   *policies, clock, registry);
#pragma once

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "common/async/event_loops.h"
#include "common/clock/clock.h"
#include "common/metrics/metrics.h"
#include "services/ratelimit/client/limiter.h"
#include "services/ratelimit/domain/policy.h"

namespace tidemark::ratelimit {

struct GrpcLimiterOptions {
  // host:port of the rate limit service.
  std::string address;
  std::string service_token;
  // Then the answer comes from memory. The service's own fallback needs kRedisTimeout (its main.cc) of it.
  absl::Duration timeout = absl::Milliseconds(250);
};

// Whatever the service fails with, the ask is answered from memory by the same policies; each ask tries the
// service anew. One that hangs is asked by probes alone (common/breaker), so that it costs a few callers the
// timeout, not everybody.
class GrpcLimiter : public Limiter {
 public:
  // `policies` is what the service itself has loaded. `loops`, from which it is called, `clock` and
  // `registry` outlive the limiter.
  GrpcLimiter(EventLoops& loops, GrpcLimiterOptions options, PolicySet policies, const Clock& clock,
              metrics::Registry& registry);
  ~GrpcLimiter() override;
  Task<Decision> Acquire(Ask ask, std::string request_id) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemark::ratelimit
