#include "services/ratelimit/client/grpc_limiter.h"

#include <utility>

#include "common/rpc/client.h"
#include "services/ratelimit/client/memory_limiter.h"
#include "services/ratelimit/client/policies.h"
#include "services/ratelimit/storage/outage_log.h"
#include "tidemark/v1/ratelimit.grpc.pb.h"

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

}  // namespace

struct GrpcLimiter::Impl {
  Impl(GrpcLimiterOptions given, PolicySet loaded, const Clock& clock)
      : options(std::move(given)),
        policies(loaded),
        memory(std::move(loaded), clock),
        stub(v1::RateLimitService::NewStub(rpc::NewChannel(options.address))) {}

  Task<absl::StatusOr<v1::AcquireResponse>> Call(Ask ask, std::string request_id) {
    rpc::ClientCall call;
    call.request_id = std::move(request_id);
    call.service_token = options.service_token;
    call.timeout = options.timeout;
    absl::StatusOr<v1::AcquireResponse> response = co_await rpc::CallUnary<v1::AcquireResponse>(
        call, Encode(ask), [this](auto* context, auto* request, auto* answer, auto done) {
          stub->async()->Acquire(context, request, answer, std::move(done));
        });
    co_return response;
  }

  const GrpcLimiterOptions options;
  const PolicySet policies;
  MemoryLimiter memory;
  const std::unique_ptr<v1::RateLimitService::Stub> stub;
  OutageLog outage{"ratelimit"};
};

GrpcLimiter::GrpcLimiter(GrpcLimiterOptions options, PolicySet policies, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(policies), clock)) {}
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
