// The Limiter of every process that serves users: asks the rate limit service.
//
//   Versioned<Limits> limits(*LoadLimits(settings.limits_file));
//   GrpcLimiter limiter(loops, {.address = "127.0.0.1:50053", .service_token = credential.shown()},
//                       limits, clock, registry);
#pragma once

#include <grpcpp/security/credentials.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/async/event_loops.h"
#include "common/clock/clock.h"
#include "common/metrics/metrics.h"
#include "common/mutex/versioned.h"
#include "services/ratelimit/client/limiter.h"
#include "services/ratelimit/domain/limits.h"
#include "services/ratelimit/storage/quota_store.h"

namespace tidemark::ratelimit {

struct GrpcLimiterOptions {
  // host:port of the rate limit service.
  std::string address;
  std::string service_token;
  // How it is called (rpc::Tls).
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  // Then the answer comes from memory. The service's own fallback needs kRedisTimeout (its main.cc) of it.
  absl::Duration timeout = absl::Milliseconds(250);
};

// Whatever the service fails with, the ask is answered from memory by the same policies; each ask tries the
// service anew. One that hangs is asked by probes alone (common/breaker), so that it costs a few callers the
// timeout, not everybody.
class GrpcLimiter : public Limiter {
 public:
  // `limits` is what the service itself has loaded. All but `options` outlive the limiter, which is called
  // from `loops`.
  GrpcLimiter(EventLoops& loops, GrpcLimiterOptions options, const Versioned<Limits>& limits,
              const Clock& clock, metrics::Registry& registry);
  ~GrpcLimiter() override;
  Task<Decision> Acquire(Ask ask, Origin origin) override;
  Task<std::vector<Decision>> Peek(std::string subject, std::vector<std::string> policies,
                                   Origin origin) override;

  // Hands over what this process has counted (quota_reporter.h). Any error: whether it was taken is unknown.
  Task<absl::StatusOr<Day>> Report(QuotaReport report);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemark::ratelimit
