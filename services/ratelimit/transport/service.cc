#include "services/ratelimit/transport/service.h"

#include <utility>

#include "common/rpc/handler.h"

namespace tidemark::ratelimit {
namespace {

AcquireCommand Decode(const v1::AcquireRequest& request) {
  AcquireCommand command{.subject = request.subject(), .policy = request.policy()};
  if (request.has_cost()) command.cost = request.cost();
  if (request.has_now()) command.now = UnixMillis{request.now()};
  return command;
}

void Encode(const Decision& decision, v1::AcquireResponse& response) {
  response.set_allowed(decision.allowed);
  response.set_remaining(decision.remaining);
  response.set_retry_after_ms(absl::ToInt64Milliseconds(decision.retry_after));
  response.set_limit(decision.limit);
  response.set_reset_after_ms(absl::ToInt64Milliseconds(decision.reset_after));
  response.set_quota_state(v1::QUOTA_STATE_OPEN);
}

}  // namespace

Service::Service(EventLoops& loops, Engine& engine, rpc::ServiceCredential credential)
    : loops_(loops), engine_(engine), credential_(std::move(credential)) {}

void Service::CarryBy(rpc::CarrierServer& carrier) {
  carrier.Add<v1::AcquireRequest, v1::AcquireResponse>(
      "/tidemark.v1.RateLimitService/Acquire",
      [this](rpc::ServerCall& call, const v1::AcquireRequest& request, v1::AcquireResponse& response) {
        return AcquireFor(call, request, response);
      });
}

grpc::ServerUnaryReactor* Service::Acquire(grpc::CallbackServerContext* context,
                                           const v1::AcquireRequest* request, v1::AcquireResponse* response) {
  return rpc::HandleUnary(loops_, context, [this, request, response](rpc::ServerCall& call) {
    return AcquireFor(call, *request, *response);
  });
}

Task<absl::Status> Service::AcquireFor(rpc::ServerCall& call, const v1::AcquireRequest& request,
                                       v1::AcquireResponse& response) {
  if (absl::Status known = credential_.Check(call); !known.ok()) co_return known;
  const absl::StatusOr<Decision> decision = co_await engine_.Acquire(Decode(request));
  if (!decision.ok()) co_return decision.status();
  Encode(*decision, response);
  co_return absl::OkStatus();
}

}  // namespace tidemark::ratelimit
