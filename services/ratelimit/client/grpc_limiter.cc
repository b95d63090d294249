#include "services/ratelimit/client/grpc_limiter.h"

#include <utility>

#include "common/breaker/breaker.h"
#include "common/rpc/carrier_client.h"
#include "common/rpc/client.h"
#include "services/ratelimit/client/memory_limiter.h"
#include "services/ratelimit/client/policies.h"
#include "services/ratelimit/storage/outage_log.h"
#include "tidemark/v1/ratelimit.pb.h"

namespace tidemark::ratelimit {
namespace {

v1::AcquireRequest Encode(const Ask& ask) {
  v1::AcquireRequest request;
  request.set_subject(ask.subject);
  request.set_policy(ask.policy);
  request.set_cost(ask.cost);
  return request;
}

Decision Decode(const v1::AcquireResponse& response, const Policy& policy) {
  return {.allowed = response.allowed(),
          .remaining = response.remaining(),
          .limit = response.limit(),
          .retry_after = absl::Milliseconds(response.retry_after_ms()),
          .reset_after = absl::Milliseconds(response.reset_after_ms()),
          .window = WindowOf(policy)};
}

metrics::Gauge& OpenGauge(metrics::Registry& registry) {
  return registry.AddGauge("tidemark_breaker_open",
                           "1 while a dependency that hangs is asked by probes alone.",
                           {{"dependency", "ratelimit"}});
}

}  // namespace

struct GrpcLimiter::Impl {
  Impl(EventLoops& loops, GrpcLimiterOptions given, PolicySet loaded, const Clock& clock,
       metrics::Registry& registry)
      : options(std::move(given)),
        policies(loaded),
        memory(std::move(loaded), clock),
        breaker({}, OpenGauge(registry)),
        carrier(loops, rpc::NewChannel(options.address), options.service_token) {}

  // UNAVAILABLE also where the service is known to hang.
  Task<absl::StatusOr<v1::AcquireResponse>> Call(Ask ask, std::string request_id) {
    if (!breaker.Admits()) co_return absl::UnavailableError("the rate limit service hangs");
    rpc::ClientCall call;
    call.request_id = std::move(request_id);
    call.timeout = options.timeout;
    absl::StatusOr<v1::AcquireResponse> response = co_await carrier.Call<v1::AcquireResponse>(
        call, "/tidemark.v1.RateLimitService/Acquire", Encode(ask));
    absl::IsDeadlineExceeded(response.status()) ? breaker.Missed() : breaker.Answered();
    co_return response;
  }

  const GrpcLimiterOptions options;
  const PolicySet policies;
  MemoryLimiter memory;
  Breaker breaker;
  OutageLog outage{"ratelimit"};
  // Last, as its calls under way end with it.
  rpc::CarrierClient carrier;
};

GrpcLimiter::GrpcLimiter(EventLoops& loops, GrpcLimiterOptions options, PolicySet policies,
                         const Clock& clock, metrics::Registry& registry)
    : impl_(std::make_unique<Impl>(loops, std::move(options), std::move(policies), clock, registry)) {}
GrpcLimiter::~GrpcLimiter() = default;

Task<Decision> GrpcLimiter::Acquire(Ask ask, std::string request_id) {
  const Policy& policy = PolicyNamed(impl_->policies, ask.policy);
  absl::StatusOr<v1::AcquireResponse> response = co_await impl_->Call(ask, request_id);
  impl_->outage.Note(response.status());
  if (response.ok()) co_return Decode(*response, policy);
  Decision decision = co_await impl_->memory.Acquire(std::move(ask), std::move(request_id));
  co_return decision;
}

}  // namespace tidemark::ratelimit
